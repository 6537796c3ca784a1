#pragma once

#include "actors/spawn.hpp"
#include "model/wall_clock.hpp"
#include "net/admission.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"
#include "net/http/origins.hpp"
#include "net/identity/passwords.hpp"
#include "net/identity/token_identity.hpp"

#include <cstdint>
#include <functional>
#include <optional>

/// The problem: before anybody has a token, only rates stand between the desk and whoever asks for
/// one: a flood of visitors, a list of stolen passwords, a search for names that exist.
///
/// The answer: buckets by address and by account before any work; the same answer, after the same
/// time, whether the person or only the password is wrong.
namespace frontdesk {

/// Where tokens are given. Thread-safe.
class reception {
 public:
  using reply = std::function<void(http_answer)>;

  /// What it stands on; all of it outlives it.
  struct surroundings {
    desk& actors;
    const token_identity& tokens;
    const wall_clock& time;
    passwords& checker;
    admission& door;
  };

  explicit reception(const surroundings& parts) : parts_(parts) {}

  /// `POST /v1/visitors`. The origin, if there is one, must be the node's own or on the inbox's
  /// list. Faults: rate_limited, unknown_inbox, forbidden, those of the body.
  http_answer make_visitor(const http_request&);

  /// `POST /v1/sessions`. Answers later, on the thread `here`. Faults: rate_limited,
  /// bad_credentials, busy, those of the body.
  void sign_in(const http_request&, io_thread& here, const reply&);

  /// `POST /v1/sessions/refresh`. Faults: bad_token, token_expired, forbidden, those of the body.
  http_answer refresh(const http_request&);

 private:
  /// How long a new visitor has to wait for the load to go, if so.
  std::optional<std::uint32_t> kept_out(const inbox&);
  http_answer session_for(const agent&) const;

  surroundings parts_;
};

}  // namespace frontdesk
