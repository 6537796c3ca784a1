#pragma once

#include <boost/asio/steady_timer.hpp>
#include <caf/actor_clock.hpp>
#include <caf/detail/simple_actor_clock.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace frontdesk {

class worker;

/// The timers of one worker: CAF's own schedule, driven by one Asio timer that is set to the
/// earliest entry. Own thread only, so it needs no lock and no thread, and a timer that is due
/// finds its actor on the same worker.
///
/// A cancelled entry leaves the Asio timer as it is: it fires once for nothing, which is cheaper
/// than setting it anew for each of the many timeouts that are cancelled by their answers.
class worker_clock final : public caf::detail::simple_actor_clock {
 public:
  explicit worker_clock(boost::asio::io_context&);

  /// Sets the Asio timer to the earliest entry. To be called after each new entry.
  void rearm();
  std::size_t pending_count() const noexcept { return schedule_.size(); }

  /// The same as their namesakes, by the actor's id: an actor that is being destroyed must not be
  /// referred to, not even for a moment.
  void cancel_ordinary(caf::actor_id, caf::atom_value type);
  void cancel_request(caf::actor_id, caf::message_id);
  void cancel_of(caf::actor_id);

  /// Drops all entries. What they refer to may end with them.
  void drop_all();

 private:
  boost::asio::steady_timer timer_;
  time_point armed_for_{};
  bool is_armed_ = false;
};

/// The clock that CAF sees: it hands each timer to the worker on which its actor lives. An actor
/// without a home (CAF's own helpers) is given a worker by its id. Any thread may call; a call from
/// another thread than the timer's costs a wake-up of that thread.
///
/// An entry keeps its actor alive until it is due or cancelled, except that an actor which ends on
/// its own worker takes its timers with it.
class desk_clock final : public caf::actor_clock {
 public:
  explicit desk_clock(const std::vector<std::unique_ptr<worker>>& workers);

  /// Drops all entries, and from now on whatever comes. After the workers' threads have ended.
  void close();

  void set_ordinary_timeout(time_point, caf::abstract_actor*, caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point, caf::abstract_actor*, caf::atom_value type,
                         std::uint64_t id) override;
  void set_request_timeout(time_point, caf::abstract_actor*, caf::message_id) override;
  void cancel_ordinary_timeout(caf::abstract_actor*, caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor*, caf::message_id) override;
  void cancel_timeouts(caf::abstract_actor*) override;
  void schedule_message(time_point, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;
  void cancel_all() override;

 private:
  worker& worker_of(caf::abstract_actor*) const noexcept;
  template <class Change>
  void change(worker& owner, Change);

  const std::vector<std::unique_ptr<worker>>& workers_;
  std::atomic<bool> is_closed_{false};
};

}  // namespace frontdesk
