#pragma once

#include "actors/desk_time.hpp"
#include "actors/local_message.hpp"
#include "actors/message_name.hpp"
#include "actors/question.hpp"
#include "actors/scheduler.hpp"
#include "model/failure.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace frontdesk {

/// What every pinned actor is, whatever its interface: something that lives on one worker for life.
class pinned {
 public:
  pinned(const pinned&) = delete;
  pinned& operator=(const pinned&) = delete;

  /// Null in virtual time, where there is one thread and no home.
  worker* home() const noexcept { return home_; }

 protected:
  explicit pinned(worker* home) noexcept : home_(home) {}
  virtual ~pinned() = default;

  /// It begins, as one of this kind.
  void note_begin(caf::actor_system&, const char* kind);
  /// It has ended; also with the reason that is none.
  void note_end(caf::actor_system&, const caf::error& reason) const noexcept;
  kind_index kind_number() const noexcept { return kind_; }

  /// The reason with which an actor ends that threw `thrown`; tells the failure watch, together
  /// with what is known besides.
  caf::error report_thrown(caf::local_actor& self, const std::exception_ptr& thrown,
                           failure known = {}) const noexcept;
  /// What the exception says of itself.
  static std::string what_was_thrown(const std::exception_ptr& thrown);
  /// Answers a request that no handler takes with an error, and forgets anything else.
  static caf::result<caf::message> refuse_unknown(caf::scheduled_actor* self, caf::message_view&);

 private:
  worker* home_;
  kind_index kind_ = 0;
};

/// Names a reminder that is on its way; `forget` takes it. A default one names none.
struct reminder {
  caf::message_id id;
};

/// CAF 0.17.6 has a dozen defaults that are wrong for a server: an error that answers a plain send
/// ends the sender, timeouts outlive their answers, unexpected messages are printed, an exception
/// speaks to stdout, a delayed message keeps a dead actor in memory. This class is where they are
/// put right, once; every actor of the desk derives from it and is made by `spawn_on`:
///
///     class recorder_state final : public pinned_actor<recorder_actor::base> {
///      public:
///       recorder_state(caf::actor_config& config, store& kept);
///       const char* name() const override { return "recorder"; }
///      protected:
///       behavior_type make_behavior() override;
///     };
///     auto recorder = spawn_on<recorder_state>(system, {worker_kind::storage, 0}, kept);
///
/// `Base` is the interface's `base`, or `caf::event_based_actor`. Further base classes come after
/// this one, because CAF keeps the actor at offset 0.
///
/// What happens by CAF's default, and what happens here:
///
/// - an unknown message: is printed and answered by an error; here dropped, a request gets an error
/// - an error that answers a plain send: ends the sender; here counted
/// - an exception in a handler: is printed and ends the actor; here told to the failure watch
/// - an exception in the last call: ends the process; here told to the failure watch
/// - `exit_msg` without a reason: is ignored; here ends the actor
/// - `down_msg`: is printed; here `on_down`
/// - the answer to a request: leaves its timeout; here cancels it
/// - a delayed message whose actor ends: keeps its memory; here cancelled
/// - a child's worker: is its parent's; here named by `spawn_on`
///
/// What it cannot put right is left to the author: use `tell`, `ask` and `remind` in place of CAF's
/// `send`, `request` and `delayed_send`; never `await`, never `skip` a message; never block on an
/// I/O worker; break cycles of handles in `on_stopped`, because actors that hold each other's
/// handles live for ever.
///
/// **Thread.** Handlers, hooks and callbacks run on the worker of `home()`, one at a time.
///
/// **Order.** Messages of one sender arrive in the order in which they were sent. Those that enter
/// by `handle_now` are handled in the order of the calls, but may overtake what waits in the
/// mailbox.
///
/// **Ends.** By `quit`, by an exit message, by an exception, which the failure watch hears of, or
/// because nobody refers to it any more: no handle, no open question, no reminder. Requests that
/// wait are answered with `sec::request_receiver_down`; own questions and reminders are cancelled;
/// monitors get the reason. `kill` is not seen by any hook but `on_stopped`.
///
/// **Size.** 24 bytes more than `Base`.
template <class Base>
class pinned_actor : public Base, public pinned {
 public:
  /// `config` comes from `spawn_on`, untouched; whatever else `Base` takes follows.
  template <class... Ts>
  explicit pinned_actor(caf::actor_config& config, Ts&&... arguments)
      : Base(config, std::forward<Ts>(arguments)...),
        pinned(pin::home_of(config, this->home_system())) {
    if (home() != nullptr) this->context(home());
    this->set_default_handler(&pinned::refuse_unknown);
    this->set_error_handler([](caf::scheduled_actor* self, caf::error&) {
      failures_of(self->home_system()).ignore_error();
    });
    this->set_down_handler([](caf::scheduled_actor* self, caf::down_msg& down) {
      static_cast<pinned_actor*>(self)->on_down(down);
    });
    this->set_exit_handler([](caf::scheduled_actor* self, caf::exit_msg& wish) {
      static_cast<pinned_actor*>(self)->on_exit_wish(wish);
    });
    this->set_exception_handler([](caf::scheduled_actor* self, std::exception_ptr& thrown) {
      auto* fallen = static_cast<pinned_actor*>(self);
      caf::error why = fallen->report_thrown(*self, thrown, fallen->what_is_known());
      fallen->say_what_fell(what_was_thrown(thrown));
      return why;
    });
  }

  using Base::enqueue;
  /// From any thread; the actor's turn is on its own worker, wherever the message comes from.
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* context) override {
    Base::enqueue(std::move(message), home() != nullptr ? home() : context);
  }

  /// The first turn, too, is on the own worker, also when another one spawns.
  void launch(caf::execution_unit* context, bool is_lazy, bool is_hidden) override {
    note_begin(this->home_system(), kind());
    Base::launch(home() != nullptr ? home() : context, is_lazy, is_hidden);
  }

  void on_destroy() override {
    // Nobody refers to it. From here on a strong reference, even for a moment, would destroy it a
    // second time; and the context of its last turn may be gone.
    is_unreachable_ = true;
    this->setf(caf::abstract_actor::is_shutting_down_flag);
    this->context(home());
    Base::on_destroy();
  }

  /// Called by the worker alone: one turn.
  caf::resumable::resume_result resume(caf::execution_unit* context, std::size_t limit) override {
    begins_turn_ = true;
    auto result = Base::resume(context, limit);
    begins_turn_ = false;
    // The mailbox was empty at the end: whatever `handle_now` had put there is handled.
    if (result == caf::resumable::awaiting_message) is_deferring_ = false;
    return result;
  }

  using Base::consume;
  /// Called by CAF alone: one message, whichever way it came.
  caf::invoke_message_result consume(caf::mailbox_element& message) override {
    if (home() == nullptr || !home()->is_counting()) return Base::consume(message);
    worker::handling counted{*home(), kind_number(), this->id(), typeid(message.content())};
    if (begins_turn_) {
      begins_turn_ = false;
      // All that had come is out of the inbox, and this message out of the queue.
      counted.note_mailbox(this->mailbox().queue().total_task_size() + 1);
    }
    return Base::consume(message);
  }

  /// How a socket's callback enters its actor: handles a message at once, like a function call, and
  /// saves the way through mailbox and ready queue. When that is not possible (another thread
  /// calls; an actor has its turn, and would be called back from within; virtual time), the message
  /// is enqueued like any other. The actor may end in it: whoever goes on with it holds a handle.
  ///
  /// What the handler throws ends the actor as always, and does not reach the caller.
  template <class... Ts>
  void handle_now(Ts&&... message) {
    if (is_unreachable_) return;
    if (home() == nullptr || !home()->is_here())
      return put_into_own_mailbox(std::forward<Ts>(message)...);
    if (home()->is_taking_turns() || is_deferring_) {
      // Until these are handled, later calls queue up behind them.
      is_deferring_ = true;
      return put_into_own_mailbox(std::forward<Ts>(message)...);
    }
    check_own_message<Ts...>();
    caf::strong_actor_ptr keep{this->ctrl()};
    worker::turn taken{*home()};
    caf::mailbox_element_vals<caf::detail::strip_and_convert_t<Ts>...> element{
        nullptr, caf::make_message_id(), {}, std::forward<Ts>(message)...};
    this->activate(home(), element);
  }

 protected:
  /// Under which name it is counted, if not under its own.
  virtual const char* kind() const { return this->name(); }

  /// Someone that this actor monitors has ended. Called once for each `monitor`.
  virtual void on_down(caf::down_msg&) {}

  /// Somebody asks this actor to end. Whoever has something to bring to an end first overrides
  /// this, and calls `quit` later.
  virtual void on_exit_wish(caf::exit_msg& wish) { this->quit(std::move(wish.reason)); }

  /// A handler has thrown, and the actor ends by it: the first of its last two calls, with what the
  /// exception says of itself. State may be half changed. An exception is reported and goes no
  /// further.
  virtual void on_thrown(const std::string&) {}

  /// The trace of the message that was being handled, if that is traced: so it is found in the log.
  /// Must not throw.
  virtual std::string trace_at_work() { return {}; }

  /// Says whose failure it is: so that is found in the log. Called when a handler has thrown; what
  /// it throws itself is dropped.
  virtual void describe(failure&) {}

  /// From `on_thrown` only: plain messages that came and will not be handled, oldest first.
  std::vector<caf::message> what_waits() {
    std::vector<caf::message> found;
    // Takes all out of the inbox, by a call into CAF: the same code, inlined here, is a wrong cast
    // to the undefined-behaviour sanitizer, because CAF's queues end with a node that is no
    // message.
    this->peek_at_next_mailbox_element();
    this->get_normal_queue().peek_all([&found](const caf::mailbox_element& each) {
      if (each.mid.is_async()) found.push_back(each.copy_content_to_message());
    });
    return found;
  }
  /// From `on_thrown`, `trace_at_work` and `describe` only: what was being handled. A handler may
  /// have moved from it.
  caf::message what_was_handled() {
    const caf::mailbox_element* at = this->current_mailbox_element();
    return at == nullptr ? caf::message{} : at->copy_content_to_message();
  }

  /// The last call, whatever the end. Close what is open (sockets), drop handles to actors that
  /// hold one to this actor, `tell` (CAF's own `send` would destroy an actor that ends unreachable
  /// a second time). It may be called although `make_behavior` never was; and on another thread, if
  /// that dropped the last handle. An exception is reported and goes no further.
  virtual void on_stopped() {}

  /// The actor clock: virtual in tests.
  moment now() const noexcept { return this->home_system().clock().now(); }

  /// Sends, and waits for nothing. To nobody (an empty handle) nothing is sent. A receiver that has
  /// ended drops it; a value that it answers is dropped here, an error is counted.
  template <class Handle, class... Ts>
  void tell(const Handle& whom, Ts&&... message) {
    check_message<caf::signatures_of_t<Handle>, Ts...>();
    if (!whom) return;
    auto sender = is_unreachable_ ? nullptr : caf::strong_actor_ptr{this->ctrl()};
    caf::actor_cast<caf::abstract_actor*>(whom)->eq_impl(
        caf::make_message_id(), std::move(sender), this->context(), std::forward<Ts>(message)...);
  }

  /// Sends, and waits for the answer at most `patience`; follow it by `.then(on_value, on_error)`.
  /// Other messages are handled meanwhile. The timeout is cancelled by the answer. An actor that
  /// has quit asks nothing.
  ///
  /// CAF keeps open questions in a list that it searches from the front: an actor should have tens
  /// of them (and of reminders), not thousands.
  template <class Handle, class... Ts>
  [[nodiscard]] auto ask(const Handle& whom, std::chrono::milliseconds patience, Ts&&... message) {
    using pending = decltype(this->request(whom, patience, std::forward<Ts>(message)...));
    const kind_index own = kind_number();
    if (has_quit()) return question<pending>{pending{caf::message_id{}, this}, own, false};
    return question<pending>{this->request(whom, patience, std::forward<Ts>(message)...), own,
                             true};
  }

  /// Sends a message to this actor itself, later. Unlike CAF's delayed messages it can be
  /// forgotten, and it is when the actor ends.
  template <class... Ts>
  reminder remind(std::chrono::nanoseconds delay, Ts&&... message) {
    check_own_message<Ts...>();
    if (has_quit()) return {};
    // A request to nobody: its timeout is the reminder. CAF cancels those with the actor.
    auto id = this->new_request_id(caf::message_priority::normal).response_id();
    auto on_due = [this, text = caf::make_message(std::forward<Ts>(message)...)](caf::error&) {
      this->enqueue(nullptr, caf::make_message_id(), text, this->context());
    };
    this->add_multiplexed_response_handler(id, caf::behavior{std::move(on_due)});
    this->clock().set_request_timeout(now() + delay, this, id);
    return {id};
  }

  /// The reminder does not come any more, unless it is in the mailbox already.
  void forget(reminder& which) {
    if (which.id == caf::message_id{}) return;
    this->multiplexed_responses_.erase(which.id);
    this->clock().cancel_request_timeout(this, which.id);
    which = {};
  }

  /// After `quit`, for the rest of the turn.
  bool has_quit() const noexcept { return this->getf(caf::abstract_actor::is_shutting_down_flag); }

 private:
  void on_cleanup(const caf::error& reason) final {
    note_end(this->home_system(), reason);
    Base::on_cleanup(reason);
  }

  /// Without memory the failure itself is told, which is what counts.
  failure what_is_known() noexcept {
    failure found;
    try {
      if (caf::mailbox_element* const at = this->current_mailbox_element()) {
        found.message = message_name(typeid(at->content()));
      }
      found.trace = trace_at_work();
      describe(found);
    } catch (...) {
      // Then it is told without the rest.
      return found;
    }
    return found;
  }

  void say_what_fell(const std::string& thrown) noexcept {
    try {
      on_thrown(thrown);
    } catch (...) {
      report_thrown(*this, std::current_exception());
    }
  }

  void on_exit() final {
    try {
      on_stopped();
    } catch (...) {
      report_thrown(*this, std::current_exception());
    }
  }

  template <class Signatures, class... Ts>
  static constexpr void check_message() {
    using message = caf::detail::type_list<caf::detail::strip_and_convert_t<Ts>...>;
    static_assert(caf::response_type_unbox<Signatures, message>::valid,
                  "the receiver's interface does not have this message");
  }

  template <class... Ts>
  static constexpr void check_own_message() {
    check_message<caf::signatures_of_t<Base>, Ts...>();
  }

  template <class... Ts>
  void put_into_own_mailbox(Ts&&... message) {
    check_own_message<Ts...>();
    this->eq_impl(caf::make_message_id(), nullptr, nullptr, std::forward<Ts>(message)...);
  }

  /// Own thread only.
  bool begins_turn_ = false;
  bool is_deferring_ = false;
  bool is_unreachable_ = false;
};

}  // namespace frontdesk
