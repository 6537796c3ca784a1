#pragma once

#include "net/admission.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"
#include "net/identity/token_identity.hpp"

#include <optional>

namespace frontdesk {

/// Whether whoever asks for an upgrade, or comes with a token, may say hello now; otherwise 503
/// with `Retry-After`. Looks at nothing but the rate and the seat (docs/wire.md §1), which is one
/// of the subprotocols, `frontdesk.seat.HEX`, or the field `Frontdesk-Seat`.
std::optional<http_answer> ask_gate(admission&, const token_identity&, const http_request&,
                                    timestamp now);

}  // namespace frontdesk
