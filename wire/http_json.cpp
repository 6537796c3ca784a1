#include "wire/http_json.hpp"

#include "model/limits.hpp"
#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"

#include <utility>

namespace frontdesk::http_json {

namespace {

constexpr std::size_t widget_key_bytes_max = 64;

/// Reads the fields of one body; the first that is wrong decides.
class body_reader {
 public:
  explicit body_reader(std::string_view body) : document_(body), wrong_(document_.fault()) {}

  std::string text(std::string_view name, std::size_t bytes_max) {
    return optional_text(name, bytes_max).value_or(missing());
  }

  // Empty is as wrong as too long: no field here means something when it is empty.
  std::optional<std::string> optional_text(std::string_view name, std::size_t bytes_max) {
    is_missing_ = false;
    if (wrong_ != fault_code::none) {
      return std::nullopt;
    }
    const json_value* const value = document_.root()->find(name);
    if (value == nullptr) {
      is_missing_ = true;
      return std::nullopt;
    }
    if (value->kind != json_kind::string) {
      wrong_ = fault_code::bad_frame;
    } else if (value->text.empty() || value->text.size() > bytes_max) {
      wrong_ = fault_code::bad_value;
    }
    return std::string(value->text);
  }

  fault_code wrong() const { return wrong_; }

 private:
  std::string missing() {
    if (is_missing_) {
      wrong_ = fault_code::bad_frame;
    }
    return {};
  }

  json_document document_;
  fault_code wrong_;
  bool is_missing_ = false;
};

}  // namespace

fault_or<new_visitor> read_new_visitor(std::string_view body) {
  body_reader reader(body);
  new_visitor wish{.widget_key = reader.text("widget_key", widget_key_bytes_max)};
  if (reader.wrong() != fault_code::none) {
    return reader.wrong();
  }
  return wish;
}

fault_or<sign_in> read_sign_in(std::string_view body) {
  body_reader reader(body);
  sign_in wish{.tenant = reader.optional_text("tenant", limits::name_bytes_max),
               .email = reader.text("email", limits::email_bytes_max),
               .password = reader.text("password", limits::password_bytes_max)};
  if (reader.wrong() != fault_code::none) {
    return reader.wrong();
  }
  return wish;
}

fault_or<refresh> read_refresh(std::string_view body) {
  body_reader reader(body);
  refresh wish{.refresh_token = reader.text("refresh_token", limits::token_bytes_max)};
  if (reader.wrong() != fault_code::none) {
    return reader.wrong();
  }
  return wish;
}

std::string to_json(const visitor_made& made) {
  // Sizes are guesses that save a second allocation.
  json_writer out(made.token.size() + made.from.greeting.size() + 256);
  out.open();
  out.text("token", made.token);
  out.id("visitor", made.visitor);
  out.open("inbox");
  out.text("name", made.from.name);
  out.text("accent", made.from.accent);
  out.text("greeting", made.from.greeting);
  out.text("locale", made.from.locale);
  out.close();
  out.close();
  return out.take();
}

std::string to_json(const session_made& made) {
  json_writer out(made.token.size() + made.refresh_token.size() + 256);
  out.open();
  out.text("token", made.token);
  out.text("refresh_token", made.refresh_token);
  out.number("expires_in", static_cast<std::uint64_t>(made.expires_in.count()));
  out.open("agent");
  out.id("ref", made.who.id);
  out.text("name", made.who.name);
  out.text("role", name_of(made.who.role));
  out.close();
  out.close();
  return out.take();
}

std::string to_json(const ticket_made& made) {
  json_writer out(made.ticket.size() + 64);
  out.open();
  out.text("ticket", made.ticket);
  out.number("expires_in", static_cast<std::uint64_t>(made.expires_in.count()));
  out.close();
  return out.take();
}

std::string to_json(const fault& why, std::string_view message) {
  json_writer out(160);
  out.open();
  out.text("code", why.name());
  out.text("message", message.empty() ? why.sentence() : message);
  out.flag("retry", why.is_temporary());
  if (why.retry_after_ms > 0) {
    out.number("retry_after_ms", why.retry_after_ms);
  }
  out.close();
  return out.take();
}

}  // namespace frontdesk::http_json
