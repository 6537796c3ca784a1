#pragma once

#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"

#include <string>
#include <string_view>

/// The opening handshake of RFC 6455, 4.2, as a pure function. Nothing is agreed upon but the
/// subprotocol, the first of the client's that is known here (`subprotocols` in wire/encoding.hpp):
/// no extension, no cookie. Whose page asks is the routes' business (`origins.hpp`).
namespace frontdesk {

/// 101, or why not:
///
///     400  not GET or not HTTP/1.1 · no `Upgrade: websocket` · no `Connection: upgrade` ·
///          the key is not base64 of 16 bytes · no subprotocol of ours is in the list
///     426  another version than 13; the answer names ours
http_answer answer_upgrade(const http_request&);

/// What `Sec-WebSocket-Accept` answers to a key.
std::string accept_of(std::string_view key);

}  // namespace frontdesk
