#include "bench/hearing.hpp"
#include "wire/frontdesk.pb.h"

#include <stdexcept>

namespace frontdesk::bench {

namespace {

person_id person_of(const v1::person& from) {
  return {static_cast<person_kind>(from.kind()), from.value()};
}

heard_event event_of(const v1::event& from) {
  heard_event to;
  to.conversation = conversation_id{from.conversation()};
  to.is_internal = from.track() == v1::TRACK_INTERNAL;
  to.seq = sequence{from.seq()};
  to.author = person_of(from.author());
  to.kind = static_cast<event_kind>(from.kind());
  to.text = from.text();
  to.to = person_of(from.to().person());
  to.device = {from.device().high(), from.device().low()};
  to.n = post_number{from.n()};
  return to;
}

/// Messages with nothing else, one behind the other.
void read(const v1::lean& from, heard& to) {
  to.kind = heard_kind::event;
  std::uint64_t seq = from.after();
  for (const v1::said& each : from.said()) {
    heard_event& one = to.events.emplace_back();
    one.conversation = conversation_id{from.conversation()};
    one.seq = sequence{++seq};
    one.author = person_of(each.author());
    one.text = each.text();
  }
}

void read(const v1::page& from, heard& to) {
  to.kind = heard_kind::page;
  to.id = from.id();
  to.conversation = conversation_id{from.conversation()};
  to.is_internal = from.track() == v1::TRACK_INTERNAL;
  to.more = from.more();
  for (const v1::event& each : from.events()) {
    to.events.push_back(event_of(each));
    to.events.back().conversation = to.conversation;
  }
}

void read(const v1::roster& from, heard& to) {
  to.kind = heard_kind::roster;
  to.more = from.more();
  to.next = conversation_id{from.next()};
  for (const v1::summary& each : from.items()) {
    to.items.push_back({conversation_id{each.conversation()},
                        static_cast<conversation_status>(each.status()), sequence{each.head()},
                        person_of(each.assignee().person())});
  }
  for (const auto id : from.removed())
    to.removed.emplace_back(id);
}

void read(const v1::refused& from, heard& to) {
  to.kind = heard_kind::fault;
  if (from.has_id()) to.id = from.id();
  to.conversation = conversation_id{from.conversation()};
  to.n = post_number{from.n()};
  to.code = from.code();
  to.retry = from.retry();
  to.retry_after_ms = from.retry_after_ms();
  if (from.has_expects()) to.expects = from.expects();
}

void read(const v1::ack& from, heard& to) {
  to.kind = heard_kind::ack;
  to.conversation = conversation_id{from.conversation()};
  to.is_internal = from.track() == v1::TRACK_INTERNAL;
  to.n = post_number{from.n()};
  to.seq = sequence{from.seq()};
}

void read(const v1::welcome& from, heard& to) {
  to.kind = heard_kind::welcome;
  to.person = person_of(from.person().person());
  to.seat = from.seat();
  to.tier = from.tier();
}

void read_rest(const v1::server_frame& frame, heard& to) {
  if (frame.has_done()) {
    to.kind = heard_kind::done;
    to.id = frame.done().id();
  } else if (frame.has_ping()) {
    to.kind = heard_kind::ping;
    for (const auto& each : frame.ping().heads())
      to.heads.emplace_back(conversation_id{each.conversation()}, sequence{each.seq()});
  } else if (frame.has_gap()) {
    to.kind = heard_kind::gap;
    to.conversation = conversation_id{frame.gap().conversation()};
  } else if (frame.has_mode()) {
    to.kind = heard_kind::mode;
    to.tier = frame.mode().tier();
  } else if (frame.has_bye()) {
    to.kind = heard_kind::bye;
    to.code = frame.bye().reason();
    to.retry_after_ms = frame.bye().retry_after_ms();
  }
}

}  // namespace

heard heard_in_protobuf(std::string_view bytes) {
  v1::server_frame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw std::runtime_error("not a server_frame");
  }
  heard to;
  if (frame.has_event()) {
    to.kind = heard_kind::event;
    to.events.push_back(event_of(frame.event()));
  } else if (frame.has_lean()) {
    read(frame.lean(), to);
  } else if (frame.has_ack()) {
    read(frame.ack(), to);
  } else if (frame.has_page()) {
    read(frame.page(), to);
  } else if (frame.has_roster()) {
    read(frame.roster(), to);
  } else if (frame.has_fault()) {
    read(frame.fault(), to);
  } else if (frame.has_welcome()) {
    read(frame.welcome(), to);
  } else {
    read_rest(frame, to);
  }
  return to;
}

}  // namespace frontdesk::bench
