#pragma once

#include "net/fetch/fetch_call.hpp"
#include "net/http/reception.hpp"

/// The problem: a WebSocket is let in once and then watched by its connection's actor; requests
/// with frames come one by one, each a stranger again, and each would make an actor.
///
/// The answer: all that can be said against one is said here, before anything is made for it.
namespace frontdesk {

/// Who may call. Thread-safe.
class fetch_door {
 public:
  explicit fetch_door(const reception::surroundings& parts) : parts_(parts) {}

  /// An answer whose `call` is to be made, or why not: 429 for the address or the person, 403 for
  /// the origin, 401 for the token, and what `read_fetch_call` refuses.
  http_answer enter(const http_request&, fetch_call::kinds) const;

 private:
  std::optional<http_answer> why_not(const http_request&, const fetch_call&) const;

  reception::surroundings parts_;
};

}  // namespace frontdesk
