#include "tests/wire/client_text.hpp"

#include <fmt/format.h>

namespace frontdesk {

namespace {

/// Fields, each written as `"key":value`, joined by commas.
class fields {
 public:
  explicit fields(std::string_view t) { text("t", t); }

  fields& text(std::string_view key, std::string_view value) { return raw(key, quoted(value)); }
  fields& number(std::string_view key, std::uint64_t value) {
    return raw(key, fmt::format("{}", value));
  }
  fields& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  fields& about(conversation_id id) { return text("conversation", to_text(id)); }
  fields& where(track where) { return where == track::visible ? *this : text("track", "internal"); }
  fields& raw(std::string_view key, std::string_view value) {
    written_ += fmt::format("{}\"{}\":{}", written_.empty() ? "" : ",", key, value);
    return *this;
  }
  operator std::string() const { return "{" + written_ + "}"; }

 private:
  std::string written_;
};

std::string said(const frame::hello& f) {
  fields out{"hello"};
  out.text("token", f.token).text("device", to_text(f.device));
  if (!f.client.empty()) out.text("client", f.client);
  if (f.lean) out.flag("lean", true);
  return out;
}

std::string said(const frame::refresh& f) {
  return fields{"refresh"}.number("id", f.id).text("token", f.token);
}

std::string said(const frame::sub& f) {
  std::string list;
  for (const frame::subscription& s : f.subs) {
    list += fmt::format("{}{{\"conversation\":\"{}\",\"after\":{}", list.empty() ? "" : ",",
                        to_text(s.conversation), s.after.value);
    if (s.internal_after) list += fmt::format(",\"internal_after\":{}", s.internal_after.value);
    list += '}';
  }
  return fields{"sub"}.raw("subs", "[" + list + "]");
}

std::string said(const frame::unsub& f) {
  std::string list;
  for (const conversation_id id : f.conversations) {
    list += (list.empty() ? "" : ",") + quoted(to_text(id));
  }
  return fields{"unsub"}.raw("conversations", "[" + list + "]");
}

std::string said(const frame::post& f) {
  fields out{"post"};
  out.about(f.conversation).number("n", f.n.value);
  if (!f.text.empty() || !(f.file || f.deletes)) out.text("text", f.text);
  out.where(f.where);
  if (f.reply_to) out.number("reply_to", f.reply_to.value);
  if (f.edits) out.number("edits", f.edits.value);
  if (f.deletes) out.number("deletes", f.deletes.value);
  if (f.file) out.text("file", to_text(f.file));
  if (f.trace) out.text("traceparent", traceparent_of(f.trace));
  return out;
}

std::string said(const frame::history& f) {
  fields out{"history"};
  out.number("id", f.id).about(f.conversation).where(f.where);
  if (f.before) out.number("before", f.before->value);
  if (f.after) out.number("after", f.after->value);
  return out.number("limit", f.limit);
}

std::string said(const frame::received& f) {
  return fields{"received"}.about(f.conversation).number("seq", f.seq.value);
}

std::string said(const frame::read& f) {
  return fields{"read"}.about(f.conversation).number("seq", f.seq.value);
}

std::string said(const frame::typing& f) {
  fields out{"typing"};
  out.about(f.conversation).flag("on", f.on);
  if (!f.text.empty()) out.text("text", f.text);
  return out;
}

std::string said(const frame::status& f) {
  fields out{"status"};
  out.number("id", f.id).text("status", name_of(f.to));
  if (f.capacity) out.number("capacity", *f.capacity);
  return out;
}

std::string said(const frame::watch& f) {
  return fields{"watch"}.number("id", f.id).flag("on", f.on);
}

std::string said(const frame::list& f) {
  fields out{"list"};
  out.number("id", f.id).text("view", name_of(f.view));
  if (!f.after.empty()) out.text("after", f.after);
  return out.number("limit", f.limit);
}

std::string said(const frame::agents& f) {
  return fields{"agents"}.number("id", f.id);
}

std::string said(const frame::transfer& f) {
  return fields{"transfer"}.number("id", f.id).about(f.conversation).text("to", to_text(f.to));
}

std::string said(const frame::give_back& f) {
  return fields{"return"}.number("id", f.id).about(f.conversation);
}

std::string said(const frame::close& f) {
  return fields{"close"}.number("id", f.id).about(f.conversation);
}

std::string said(const frame::pong&) {
  return fields{"pong"};
}

}  // namespace

std::string client_text(const frame::from_client& f) {
  return std::visit([](const auto& one) { return said(one); }, f);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\') {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace frontdesk
