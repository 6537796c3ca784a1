#pragma once

#include "model/directory.hpp"
#include "model/fault.hpp"
#include "model/file_wish.hpp"
#include "model/ids.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// The bodies of the HTTP requests in docs/wire.md §1, and those of their answers.
///
/// Requests come from strangers, as frames do, and are read as strictly: a JSON object; unknown
/// fields are ignored; a field that is missing or of another type, or is given twice, is
/// `bad_frame`; a text that is too long, or empty where none may be, is `bad_value`; all else is
/// `not_json`.
namespace frontdesk::http_json {

/// `POST /v1/visitors`
struct new_visitor {
  /// At most 64 bytes.
  std::string widget_key;
};

/// `POST /v1/sessions`
struct sign_in {
  std::optional<std::string> tenant;
  /// As it was typed: upper case, too.
  std::string email;
  std::string password;
};

/// `POST /v1/sessions/refresh`
struct refresh {
  std::string refresh_token;
};

fault_or<new_visitor> read_new_visitor(std::string_view body);
fault_or<sign_in> read_sign_in(std::string_view body);
fault_or<refresh> read_refresh(std::string_view body);
/// `POST /v1/files`. The type may be empty; a name with control characters is `bad_value`.
fault_or<begin_upload> read_begin_upload(std::string_view body);

/// A new anonymous visitor.
struct visitor_made {
  std::string token;
  person_id visitor;
  const inbox& from;
};

/// An agent who proved to be one.
struct session_made {
  std::string token;
  std::string refresh_token;
  std::chrono::seconds expires_in;
  const agent& who;
};

/// `POST /v1/tickets`
struct ticket_made {
  std::string_view ticket;
  std::chrono::seconds expires_in;
};

std::string to_json(const ticket_made&);
std::string to_json(const visitor_made&);
std::string to_json(const session_made&);
/// An upload that begins.
std::string to_json(const upload_state&);
/// Any refusal; `message` is the fault's own sentence unless a better one is known.
std::string to_json(const fault&, std::string_view message = {});

}  // namespace frontdesk::http_json
