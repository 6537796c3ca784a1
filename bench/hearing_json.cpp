#include "bench/hearing.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace frontdesk::bench {

namespace json = boost::json;

namespace {

/// Where most frames find room, so that reading one asks for no memory.
constexpr std::size_t room_bytes = 16 * 1024;

std::string_view text_in(const json::object& of, std::string_view name) {
  const json::value* const found = of.if_contains(name);
  if (found == nullptr) return {};
  const json::string& text = found->as_string();
  return {text.data(), text.size()};
}

std::uint64_t number_in(const json::object& of, std::string_view name) {
  const json::value* const found = of.if_contains(name);
  return found == nullptr ? 0 : found->to_number<std::uint64_t>();
}

bool flag_in(const json::object& of, std::string_view name) {
  const json::value* const found = of.if_contains(name);
  return found != nullptr && found->as_bool();
}

conversation_id conversation_in(const json::object& of, std::string_view name) {
  return conversation_from_text(text_in(of, name)).value_or(conversation_id{});
}

person_id person_in(const json::object& of, std::string_view name) {
  return person_from_text(text_in(of, name)).value_or(person_id{});
}

/// Of a field that is an object with a person in it.
person_id named_in(const json::object& of, std::string_view name) {
  const json::value* const found = of.if_contains(name);
  return found == nullptr ? person_id{} : person_in(found->as_object(), "person");
}

/// A kind that is not known counts as an opening: it takes its place and says nothing.
event_kind event_kind_of(std::string_view word) {
  constexpr std::array<std::string_view, 11> words{"",         "message",     "opened",   "queued",
                                                   "assigned", "transferred", "returned", "closed",
                                                   "reopened", "edited",      "deleted"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words.at(i) == word) return static_cast<event_kind>(i);
  }
  return event_kind::opened;
}

conversation_status status_of(std::string_view word) {
  constexpr std::array<std::string_view, 6> words{"",         "queued",  "bot",
                                                  "assigned", "snoozed", "closed"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words.at(i) == word) return static_cast<conversation_status>(i);
  }
  return conversation_status::queued;
}

heard_kind kind_of(std::string_view t) {
  constexpr std::array<std::string_view, 12> words{"",     "welcome", "roster", "event",
                                                   "ack",  "page",    "fault",  "done",
                                                   "ping", "gap",     "mode",   "bye"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words.at(i) == t) return static_cast<heard_kind>(i);
  }
  return heard_kind::other;
}

heard_event event_of(const json::object& from) {
  heard_event to;
  to.conversation = conversation_in(from, "conversation");
  to.is_internal = text_in(from, "track") == "internal";
  to.seq = sequence{number_in(from, "seq")};
  to.author = person_in(from, "author");
  to.kind = event_kind_of(text_in(from, "kind"));
  to.text = text_in(from, "text");
  to.to = named_in(from, "to");
  to.device = device_from_text(text_in(from, "device")).value_or(device_id{});
  to.n = post_number{number_in(from, "n")};
  return to;
}

/// Messages with nothing else, one behind the other.
std::vector<heard_event> lean_events_of(const json::object& from) {
  std::vector<heard_event> to;
  std::uint64_t seq = number_in(from, "after");
  for (const json::value& each : from.at("said").as_array()) {
    heard_event& one = to.emplace_back();
    one.conversation = conversation_in(from, "conversation");
    one.seq = sequence{++seq};
    one.author = person_in(each.as_object(), "author");
    one.text = text_in(each.as_object(), "text");
  }
  return to;
}

heard_summary summary_of(const json::object& from) {
  return {conversation_in(from, "conversation"), status_of(text_in(from, "status")),
          sequence{number_in(from, "head")}, named_in(from, "assignee")};
}

void read_lists(const json::object& from, heard& to) {
  if (const json::value* const events = from.if_contains("events")) {
    for (const json::value& each : events->as_array()) {
      to.events.push_back(event_of(each.as_object()));
      to.events.back().conversation = to.conversation;
    }
  }
  if (const json::value* const items = from.if_contains("items")) {
    for (const json::value& each : items->as_array())
      to.items.push_back(summary_of(each.as_object()));
  }
  if (const json::value* const removed = from.if_contains("removed")) {
    for (const json::value& each : removed->as_array()) {
      const json::string& id = each.as_string();
      to.removed.push_back(
          conversation_from_text({id.data(), id.size()}).value_or(conversation_id{}));
    }
  }
  if (const json::value* const heads = from.if_contains("heads")) {
    for (const auto& [id, head] : heads->as_object()) {
      to.heads.emplace_back(
          conversation_from_text({id.data(), id.size()}).value_or(conversation_id{}),
          sequence{head.to_number<std::uint64_t>()});
    }
  }
}

}  // namespace

heard heard_in_json(std::string_view text) {
  std::array<unsigned char, room_bytes> room;
  json::monotonic_resource memory(room.data(), room.size());
  const json::value whole = json::parse(json::string_view(text.data(), text.size()), &memory);
  const json::object& from = whole.as_object();
  heard to;
  if (text_in(from, "t") == "lean") {
    to.kind = heard_kind::event;
    to.events = lean_events_of(from);
    return to;
  }
  to.kind = kind_of(text_in(from, "t"));
  if (to.kind == heard_kind::event) to.events.push_back(event_of(from));
  if (to.kind == heard_kind::event || to.kind == heard_kind::other) return to;
  if (from.contains("id")) to.id = static_cast<std::uint32_t>(number_in(from, "id"));
  to.conversation = conversation_in(from, "conversation");
  to.is_internal = text_in(from, "track") == "internal";
  to.n = post_number{number_in(from, "n")};
  to.seq = sequence{number_in(from, "seq")};
  to.more = flag_in(from, "more");
  to.retry = flag_in(from, "retry");
  to.retry_after_ms = static_cast<std::uint32_t>(number_in(from, "retry_after_ms"));
  if (from.contains("expects")) to.expects = number_in(from, "expects");
  // The code of a `bye` is a number, and its reason says the same.
  to.code = text_in(from, to.kind == heard_kind::bye ? "reason" : "code");
  to.person = person_in(from, "person");
  to.seat = text_in(from, "seat");
  to.next = conversation_in(from, "next");
  to.tier = static_cast<unsigned>(number_in(from, "tier"));
  read_lists(from, to);
  return to;
}

}  // namespace frontdesk::bench
