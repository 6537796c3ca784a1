#include "wire/trace_json.hpp"

#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace frontdesk::trace_json {

namespace {

constexpr std::int64_t ns_per_us = 1000;
constexpr std::int64_t us_per_s = 1'000'000;

template <class Id>
void put_id(json_writer& out, std::string_view key, Id id) {
  if (id) out.id(key, id);
}
void put(json_writer& out, std::string_view key, std::uint64_t value) {
  if (value != 0) out.number(key, value);
}
void put(json_writer& out, std::string_view key, std::string_view value) {
  if (!value.empty()) out.text(key, value);
}

std::uint64_t us_of(std::int64_t ns) {
  return ns > 0 ? static_cast<std::uint64_t>(ns / ns_per_us) : 0;
}

void write(json_writer& out, const span& one) {
  out.text("kind", "span");
  out.number("time_us", us_of(one.unix_ns));
  out.text("span", name_of(one.what.kind));
  out.number("lasted_us", us_of(one.lasted().count()));
  out.text("result", one.result);
  out.text("trace", to_text(one.what.at.trace));
  out.text("id", to_text(one.what.at.span));
  if (one.what.parent) out.text("parent", to_text(one.what.parent));
  put(out, "tenant", one.tenant.value);
  put_id(out, "conversation", one.conversation);
  put_id(out, "person", one.person);
  put_id(out, "device", one.device);
  put(out, "n", one.n.value);
  put(out, "seq", one.seq.value);
  put(out, "batch", one.batch);
  put(out, "transport", one.transport);
  put(out, "encoding", one.encoding);
}

void write(json_writer& out, const connection_note& one) {
  using kinds = connection_note::kinds;
  const bool is_frame = one.kind == kinds::frame_in || one.kind == kinds::frame_out;
  const bool is_actor = one.kind == kinds::failed || one.kind == kinds::quarantined;
  out.text("kind", is_frame ? "frame" : is_actor ? "actor" : "connection");
  out.number("time_us", us_of(one.unix_ns));
  out.text("event", name_of(one.kind));
  put(out, is_frame ? "frame" : is_actor ? "actor" : "why", one.name);
  put(out, "bytes", one.bytes);
  put(out, "code", one.code);
  put_id(out, "connection", one.connection);
  put(out, "tenant", one.tenant.value);
  put_id(out, "conversation", one.conversation);
  put_id(out, "person", one.person);
  put_id(out, "device", one.device);
  put(out, "transport", one.transport);
  put(out, "encoding", one.encoding);
  if (one.trace) out.text("trace", to_text(one.trace));
}

// ---- And back.

std::int64_t number_in(const json_value& of, std::string_view name) {
  const json_value* const found = of.find(name);
  return found != nullptr && found->kind == json_kind::integer ? found->number : 0;
}

std::string_view text_in(const json_value& of, std::string_view name) {
  const json_value* const found = of.find(name);
  return found != nullptr && found->kind == json_kind::string ? found->text : std::string_view{};
}

/// The same object again: it has no others inside.
std::string json_of(const json_value& line) {
  json_writer out(512);
  out.open();
  for (const json_value& each : line) {
    if (each.kind == json_kind::string) out.text(each.key, each.text);
    if (each.kind == json_kind::integer) out.time(each.key, timestamp{each.number});
  }
  out.close();
  return out.take();
}

std::string time_of(const json_value& line) {
  const std::int64_t us = number_in(line, "time_us");
  return fmt::format("{:%H:%M:%S}.{:06}", fmt::gmtime(static_cast<std::time_t>(us / us_per_s)),
                     us % us_per_s);
}

std::string text_of(const json_value& line) {
  std::string text = time_of(line);
  if (text_in(line, "kind") == "span") {
    text += fmt::format("  {:<12} {:>9.3f} ms  {}", text_in(line, "span"),
                        static_cast<double>(number_in(line, "lasted_us")) / 1000,
                        text_in(line, "result"));
  } else {
    text += fmt::format("  {:<12} {}{}{}", text_in(line, "event"), text_in(line, "frame"),
                        text_in(line, "why"), text_in(line, "actor"));
  }
  for (const std::string_view name : {"bytes", "code", "n", "seq", "batch"}) {
    if (const auto value = number_in(line, name)) text += fmt::format("  {} {}", name, value);
  }
  for (const std::string_view name : {"person", "conversation", "connection", "device", "transport",
                                      "encoding", "trace", "id", "parent"}) {
    const auto value = text_in(line, name);
    if (!value.empty()) text += fmt::format("  {} {}", name, value);
  }
  return text;
}

}  // namespace

std::string to_json(const watch_news& news) {
  json_writer out(512 * (news.lines.size() + 1));
  out.open();
  out.open_list("lines");
  for (const watch_line& each : news.lines) {
    out.open();
    std::visit([&out](const auto& known) { write(out, known); }, each);
    out.close();
  }
  out.close_list();
  out.number("lost", news.lost);
  out.flag("more", news.has_more);
  out.close();
  return out.take();
}

std::optional<told_news> read_news(std::string_view text) {
  const json_document document(text);
  if (document.fault() != fault_code::none) return std::nullopt;
  const json_value& root = *document.root();
  const json_value* const lines = root.find("lines");
  const json_value* const more = root.find("more");
  const bool is_whole = lines != nullptr && lines->kind == json_kind::array && more != nullptr &&
                        more->kind == json_kind::boolean;
  if (!is_whole) return std::nullopt;
  told_news news;
  for (const json_value& each : *lines) {
    if (each.kind != json_kind::object) return std::nullopt;
    news.lines.push_back({json_of(each), text_of(each)});
  }
  news.lost = static_cast<std::uint64_t>(number_in(root, "lost"));
  news.has_more = more->number != 0;
  return news;
}

}  // namespace frontdesk::trace_json
