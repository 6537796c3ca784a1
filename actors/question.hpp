#pragma once

#include "actors/desk_system_config.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <type_traits>
#include <utility>

namespace frontdesk {

/// CAF's own requests have three traps: without a callback for errors an error ends the asker, a
/// timeout outlives its answer (and keeps 192 bytes and the asker until it is due), and `await`
/// holds back even the wish to end. A question has neither: it always takes both callbacks, cancels
/// its timeout with the answer, and lets other messages pass.
///
/// It is what `pinned_actor::ask` returns, and lives no longer than the line that asks:
///
///     ask(recorder, 5s, wake{name})
///         .then([this](woken& answer) { on_woken(answer); },
///               [this](const caf::error& why) { on_wake_failed(why); });
///
/// The callbacks run as a turn of the asker, so they may use it without any care for its life; but
/// what else they capture must live as long as they.
template <class Pending>
class question {
 public:
  /// A question that is not open was never asked: its asker has quit.
  question(Pending pending, kind_index asker, bool is_open)
      : pending_(pending), asker_(asker), is_open_(is_open) {}

  /// Exactly one of the two is called, once, as a turn of the asker; neither, if the asker ends
  /// before. `on_value` takes the answer's values, or nothing if there are none; `on_error` takes
  /// `const caf::error&`: `sec::request_timeout`, `sec::request_receiver_down`, an error that the
  /// receiver answered, or that its handler threw.
  template <class OnValue, class OnError>
  void then(OnValue on_value, OnError on_error) {
    if (!is_open_) return;
    auto self = pending_.self();
    auto id = pending_.id();
    using arguments = typename caf::detail::get_callable_trait<OnValue>::arg_types;
    pending_.then(
        answered<OnValue, arguments>{self, id, std::move(on_value)},
        [self, id, kind = asker_, on_error = std::move(on_error)](caf::error& fault) mutable {
          self->clock().cancel_request_timeout(self, id);
          if (fault == caf::sec::request_timeout) {
            auto& all = census_of(self->home_system()).life(kind).timeouts;
            all.fetch_add(1, std::memory_order_relaxed);
          }
          on_error(std::as_const(fault));
        });
  }

 private:
  using asker = std::remove_pointer_t<decltype(std::declval<Pending&>().self())>;

  /// CAF reads the types that a handler takes from its signature, so it cannot be generic.
  template <class OnValue, class Arguments>
  struct answered;
  template <class OnValue, class... Arguments>
  struct answered<OnValue, caf::detail::type_list<Arguments...>> {
    asker* self;
    caf::message_id id;
    OnValue on_value;

    void operator()(Arguments... arguments) {
      self->clock().cancel_request_timeout(self, id);
      on_value(std::forward<Arguments>(arguments)...);
    }
  };

  Pending pending_;
  kind_index asker_;
  bool is_open_;
};

}  // namespace frontdesk
