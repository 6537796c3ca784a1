#include "wire/otlp_json.hpp"

#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"

#include <fmt/format.h>

#include <charconv>

namespace frontdesk::otlp_json {

namespace {

// Of opentelemetry/proto/trace/v1: what stands around, what is told on, and all else.
constexpr std::uint64_t kind_internal = 1;
constexpr std::uint64_t kind_server = 2;
constexpr std::uint64_t kind_producer = 4;
constexpr std::uint64_t status_error = 2;

constexpr std::size_t bytes_per_span = 1024;

std::uint64_t kind_of(span_kind kind) {
  switch (kind) {
    case span_kind::post:
      return kind_server;
    case span_kind::deliver:
      return kind_producer;
    case span_kind::conversation:
    case span_kind::commit:
      break;
  }
  return kind_internal;
}

/// One attribute; without a value it is left out.
void put(json_writer& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out.open();
  out.text("key", key);
  out.open("value");
  out.text("stringValue", value);
  out.close();
  out.close();
}

void put(json_writer& out, std::string_view key, std::uint64_t value) {
  if (value == 0) return;
  out.open();
  out.text("key", key);
  out.open("value");
  out.text("intValue", fmt::to_string(value));
  out.close();
  out.close();
}

template <class Id>
void put_id(json_writer& out, std::string_view key, Id id) {
  if (id) put(out, key, to_text(id));
}

void write(json_writer& out, const span& one) {
  out.open();
  out.text("traceId", to_text(one.what.at.trace));
  out.text("spanId", to_text(one.what.at.span));
  if (one.what.parent) out.text("parentSpanId", to_text(one.what.parent));
  out.text("name", name_of(one.what.kind));
  out.number("kind", kind_of(one.what.kind));
  out.text("startTimeUnixNano", fmt::to_string(one.unix_ns));
  out.text("endTimeUnixNano", fmt::to_string(one.unix_ns + one.lasted().count()));
  out.open_list("attributes");
  put(out, "tenant", one.tenant.value);
  put_id(out, "conversation", one.conversation);
  put_id(out, "person", one.person);
  put_id(out, "device", one.device);
  put(out, "n", one.n.value);
  put(out, "seq", one.seq.value);
  put(out, "batch", one.batch);
  put(out, "transport", one.transport);
  put(out, "encoding", one.encoding);
  put(out, "result", one.result);
  out.close_list();
  out.open("status");
  if (one.is_failed()) {
    out.number("code", status_error);
    out.text("message", one.result);
  }
  out.close();
  out.close();
}

}  // namespace

std::string to_json(const teller& who, std::span<const span> spans) {
  json_writer out(bytes_per_span * (spans.size() + 1));
  out.open();
  out.open_list("resourceSpans");
  out.open();
  out.open("resource");
  out.open_list("attributes");
  put(out, "service.name", "frontdesk");
  put(out, "service.version", who.version);
  put(out, "service.instance.id", who.instance);
  put(out, "host.name", who.host);
  out.close_list();
  out.close();
  out.open_list("scopeSpans");
  out.open();
  out.open("scope");
  out.text("name", "frontdesk");
  out.close();
  out.open_list("spans");
  for (const span& each : spans)
    write(out, each);
  out.close_list();
  out.close();
  out.close_list();
  out.close();
  out.close_list();
  out.close();
  return out.take();
}

std::uint64_t rejected_in(std::string_view answer) {
  const json_document document(answer);
  if (document.fault() != fault_code::none) return 0;
  const json_value* part = document.root()->find("partialSuccess");
  if (part == nullptr || part->kind != json_kind::object) return 0;
  const json_value* count = part->find("rejectedSpans");
  if (count == nullptr) return 0;
  if (count->kind == json_kind::integer && count->number > 0) {
    return static_cast<std::uint64_t>(count->number);
  }
  std::uint64_t value = 0;
  if (count->kind == json_kind::string) {
    std::from_chars(count->text.data(), count->text.data() + count->text.size(), value);
  }
  return value;
}

}  // namespace frontdesk::otlp_json
