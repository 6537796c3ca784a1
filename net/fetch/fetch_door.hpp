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
  explicit fetch_door(const reception::surroundings& parts)
      : parts_(parts), used_tickets_(1 / ticket_memory_s, 1, tickets_max) {}

  /// An answer whose `call` is to be made, or why not: 429 for the address or the person, 403 for
  /// the origin, 401 for the token, and what `read_fetch_call` refuses.
  http_answer enter(const http_request&, fetch_call::kinds) const;

  /// `POST /v1/tickets`: a ticket for whoever shows a token. Refused as `enter`.
  http_answer give_ticket(const http_request&) const;
  /// `GET /v1/events`: a stream for whoever shows a ticket that was not used before. 401 for the
  /// ticket; else refused as `enter`.
  http_answer enter_by_ticket(const http_request&);

 private:
  std::optional<http_answer> why_not(const http_request&, const fetch_call&) const;

  /// Longer than a ticket lives, the clocks' difference included.
  static constexpr double ticket_memory_s = 120;
  /// Used ones that are remembered; each of them was given to somebody with a token.
  static constexpr std::size_t tickets_max = 20'000;

  reception::surroundings parts_;
  /// One use each, by a hash of the ticket.
  rate_table used_tickets_;
};

}  // namespace frontdesk
