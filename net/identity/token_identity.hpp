#pragma once

#include "model/directory.hpp"
#include "model/identity.hpp"
#include "net/identity/seat.hpp"
#include "net/identity/token.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

/// The problem: a signature proves what was true when it was made. Since then an agent may have
/// been sent away, an inbox been closed, a password been changed.
///
/// The answer: a token only names somebody; who that is, is read in the directory of this moment.
namespace frontdesk {

/// Gives tokens, and tells who comes with one. Immutable, thread-safe, does not block.
///
///     visitor  1 year   names tenant, inbox and visitor         hello
///     access   1 hour   names tenant, agent and generation      hello, refresh
///     refresh  30 days  the same                                POST /v1/sessions/refresh
class token_identity final : public authenticator {
 public:
  static constexpr std::chrono::hours visitor_life{24 * 365};
  static constexpr std::chrono::hours access_life{1};
  static constexpr std::chrono::hours refresh_life{24 * 30};
  /// Long enough for a page to open a stream with it.
  static constexpr std::chrono::seconds ticket_life{30};

  /// None if the secret is shorter than `token_key::secret_bytes_min`.
  static std::unique_ptr<token_identity> with_secret(std::string_view secret);

  /// Visitors and agents; a refresh token is a `bad_token` here. `forbidden`: the inbox is gone,
  /// the agent is gone or not active. `token_expired` also for an agent whose `token_generation`
  /// was raised: a new token helps, if one can be had.
  fault_or<identity> identify(std::string_view token, const directory&,
                              timestamp now) const override;

  /// The agent who may have new tokens for this refresh token; points into the directory. Faults as
  /// `identify`.
  fault_or<const agent*> refresh(std::string_view refresh_token, const directory&,
                                 timestamp now) const;

  /// A ticket for whoever this token is of, and back: a token of the same person that lives as long
  /// as the first one, which never left the node. Faults as `identify`; a ticket is nothing else.
  fault_or<std::string> ticket_for(std::string_view token, timestamp now) const;
  fault_or<std::string> token_for(std::string_view ticket, timestamp now) const;

  std::string seat(timestamp now) const override { return seats_.give(now); }
  const seat_key& seats() const { return seats_; }

  /// `priority`: of the conversations that the visitor opens, if it is above the inbox's.
  std::string visitor_token(const inbox&, person_id visitor, timestamp now,
                            conversation_priority priority = conversation_priority::normal) const;
  std::string access_token(const agent&, timestamp now) const;
  std::string refresh_token(const agent&, timestamp now) const;

 private:
  token_identity(token_key key, const seat_key& seats) : key_(std::move(key)), seats_(seats) {}
  std::string agent_token(token_kind, const agent&, timestamp now) const;

  token_key key_;
  seat_key seats_;
};

/// Random, never 0.
person_id new_visitor_id();

}  // namespace frontdesk
