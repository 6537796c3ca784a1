#include "wire/trace_request.hpp"

#include <string>

namespace frontdesk::admin_json {

namespace {

/// What may be left out, and is of another type otherwise: none.
std::optional<std::string> text_in(const json_value& from, std::string_view name) {
  const json_value* const value = from.find(name);
  if (value == nullptr) return std::string{};
  if (value->kind != json_kind::string) return std::nullopt;
  return std::string(value->text);
}

std::optional<std::uint64_t> number_in(const json_value& from, std::string_view name) {
  const json_value* const value = from.find(name);
  const bool is_number =
      value != nullptr && value->kind == json_kind::integer && value->number >= 0;
  return is_number ? std::optional{static_cast<std::uint64_t>(value->number)} : std::nullopt;
}

fault_or<request> read_start(const json_value& from) {
  const auto tenant = text_in(from, "tenant");
  const auto visitor = text_in(from, "visitor");
  const auto agent = text_in(from, "agent");
  const auto conversation = text_in(from, "conversation");
  const auto ms = number_in(from, "ms");
  if (!tenant || !visitor || !agent || !conversation || !ms) return fault_code::bad_frame;
  return request{start_trace{*tenant, *visitor, *agent, *conversation, *ms}};
}

}  // namespace

void write(json_writer& out, const start_trace& wish) {
  out.text("do", "trace.start");
  out.text("tenant", wish.tenant);
  out.text("visitor", wish.visitor);
  out.text("agent", wish.agent);
  out.text("conversation", wish.conversation);
  out.number("ms", wish.ms);
}

void write(json_writer& out, const read_trace& wish) {
  out.text("do", "trace.read");
  out.number("watch", wish.watch);
}

void write(json_writer& out, const end_trace& wish) {
  out.text("do", "trace.end");
  out.number("watch", wish.watch);
}

std::optional<fault_or<request>> read_trace_request(std::string_view what, const json_value& from) {
  if (what == "trace.start") return read_start(from);
  if (what != "trace.read" && what != "trace.end") return std::nullopt;
  const auto watch = number_in(from, "watch");
  if (!watch) return fault_or<request>{fault_code::bad_frame};
  return what == "trace.read" ? fault_or<request>{request{read_trace{*watch}}}
                              : fault_or<request>{request{end_trace{*watch}}};
}

}  // namespace frontdesk::admin_json
