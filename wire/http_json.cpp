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

  // Empty if it is missing or empty.
  std::string text_or_nothing(std::string_view name, std::size_t bytes_max) {
    const json_value* const value = find(name);
    if (value == nullptr || (value->kind == json_kind::string && value->text.empty())) {
      return {};
    }
    return text(name, bytes_max);
  }

  // 0 if it is missing, which then is as right as its bounds say.
  std::uint64_t number(std::string_view name, std::uint64_t least, std::uint64_t most) {
    const json_value* const value = find(name);
    const bool is_number = value != nullptr && value->kind == json_kind::integer;
    if (value != nullptr && !is_number) {
      note(value->kind == json_kind::huge_integer ? fault_code::bad_value : fault_code::bad_frame);
    }
    const std::uint64_t given = is_number ? static_cast<std::uint64_t>(value->number) : 0;
    if (given < least || given > most) {
      note(value == nullptr ? fault_code::bad_frame : fault_code::bad_value);
    }
    return given;
  }

  void note(fault_code why) {
    if (wrong_ == fault_code::none) {
      wrong_ = why;
    }
  }

  fault_code wrong() const { return wrong_; }

 private:
  const json_value* find(std::string_view name) const {
    return wrong_ == fault_code::none ? document_.root()->find(name) : nullptr;
  }

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

fault_or<begin_upload> read_begin_upload(std::string_view body) {
  constexpr std::uint64_t exact_max = (1ULL << 53U) - 1;
  body_reader reader(body);
  begin_upload wish;
  const auto conversation = conversation_from_text(reader.text("conversation", 16));
  const std::string where = reader.text_or_nothing("track", 16);
  wish.name = reader.text("name", limits::file_name_bytes_max);
  wish.type = reader.text_or_nothing("type", limits::file_type_bytes_max);
  wish.bytes = reader.number("bytes", 1, exact_max);
  wish.width = static_cast<std::uint32_t>(reader.number("width", 0, limits::picture_side_max));
  wish.height = static_cast<std::uint32_t>(reader.number("height", 0, limits::picture_side_max));
  const bool is_known = where.empty() || where == "public" || where == "internal";
  if (!conversation || !is_known || text_fault(wish.name) != fault_code::none ||
      wish.name.find_first_of("\t\r\n") != std::string::npos) {
    reader.note(fault_code::bad_value);
  }
  if (reader.wrong() != fault_code::none) {
    return reader.wrong();
  }
  wish.conversation = *conversation;
  wish.where = where == "internal" ? track::internal : track::visible;
  return wish;
}

std::string to_json(const upload_state& begun) {
  json_writer out(128);
  out.open();
  out.id("file", begun.file);
  out.number("offset", begun.offset);
  out.number("chunk_bytes", limits::chunk_bytes_max);
  out.close();
  return out.take();
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
