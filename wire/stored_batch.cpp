#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"

#include <utility>

namespace frontdesk::stored {

namespace {

/// Puts a record into the field of its kind.
class putter {
 public:
  explicit putter(v1::record& to) : to_(to) {}

  void operator()(const event_record& from) const {
    to_.mutable_event()->set_tenant(from.tenant.value);
    put(*to_.mutable_event()->mutable_what(), from.what);
  }
  void operator()(const head& from) const { put(*to_.mutable_head(), from); }
  void operator()(const window_record& from) const {
    to_.mutable_window()->set_tenant(from.tenant.value);
    to_.mutable_window()->set_conversation(from.conversation.value);
    put(*to_.mutable_window()->mutable_window(), from.window);
  }
  void operator()(const cursor_record& from) const {
    to_.mutable_cursor()->set_tenant(from.tenant.value);
    to_.mutable_cursor()->set_conversation(from.conversation.value);
    put(*to_.mutable_cursor()->mutable_reader(), from.reader);
    put(*to_.mutable_cursor()->mutable_at(), from.at);
  }
  void operator()(const index_row& from) const { put(*to_.mutable_index(), from); }
  void operator()(const number_record& from) const {
    to_.mutable_number()->set_tenant(from.tenant.value);
    to_.mutable_number()->set_number(from.number);
  }
  void operator()(const tenant& from) const { put(*to_.mutable_tenant(), from); }
  void operator()(const inbox& from) const { put(*to_.mutable_inbox(), from); }
  void operator()(const agent& from) const { put(*to_.mutable_agent(), from); }
  void operator()(const quarantined_record& from) const {
    put(*to_.mutable_quarantined()->mutable_what(), from.what);
    to_.mutable_quarantined()->set_removed(from.removed);
  }
  void operator()(const audit_entry& from) const {
    put(*to_.mutable_audit()->mutable_entry(), from);
  }
  void operator()(const audit_trim& from) const {
    to_.mutable_audit()->mutable_trim()->set_before(from.before.value);
  }

 private:
  v1::record& to_;
};

std::optional<event_record> take(v1::event_record& from) {
  auto what = stored::take(*from.mutable_what());
  if (!what) {
    return std::nullopt;
  }
  return event_record{tenant_id{from.tenant()}, std::move(*what)};
}

std::optional<window_record> take(v1::window_record& from) {
  auto window = stored::take(*from.mutable_window());
  if (!window) {
    return std::nullopt;
  }
  return window_record{tenant_id{from.tenant()}, conversation_id{from.conversation()},
                       std::move(*window)};
}

std::optional<cursor_record> take(v1::cursor_record& from) {
  const auto reader = stored::take(from.reader());
  const auto at = stored::take(*from.mutable_at());
  if (!reader || !at) {
    return std::nullopt;
  }
  return cursor_record{tenant_id{from.tenant()}, conversation_id{from.conversation()}, *reader,
                       *at};
}

std::optional<number_record> take(v1::number_record& from) {
  return number_record{tenant_id{from.tenant()}, from.number()};
}

std::optional<quarantined_record> take(v1::quarantined_record& from) {
  auto what = stored::take(*from.mutable_what());
  if (!what) {
    return std::nullopt;
  }
  return quarantined_record{std::move(*what), from.removed()};
}

std::optional<record> take(v1::audit_record& from) {
  if (from.has_trim()) {
    return audit_trim{audit_number{from.trim().before()}};
  }
  auto entry = from.has_entry() ? stored::take(*from.mutable_entry()) : std::nullopt;
  return entry ? std::optional<record>{std::move(*entry)} : std::nullopt;
}

/// Whichever kind it is; a kind that is not known here is not a record.
std::optional<record> take(v1::record& from) {
  const auto any = [](auto value) {
    return value ? std::optional<record>{std::move(*value)} : std::nullopt;
  };
  switch (from.what_case()) {
    case v1::record::kEvent:
      return any(take(*from.mutable_event()));
    case v1::record::kHead:
      return any(stored::take(*from.mutable_head()));
    case v1::record::kWindow:
      return any(take(*from.mutable_window()));
    case v1::record::kCursor:
      return any(take(*from.mutable_cursor()));
    case v1::record::kIndex:
      return any(stored::take(*from.mutable_index()));
    case v1::record::kNumber:
      return any(take(*from.mutable_number()));
    case v1::record::kTenant:
      return any(stored::take(*from.mutable_tenant()));
    case v1::record::kInbox:
      return any(stored::take(*from.mutable_inbox()));
    case v1::record::kAgent:
      return any(stored::take(*from.mutable_agent()));
    case v1::record::kQuarantined:
      return any(take(*from.mutable_quarantined()));
    case v1::record::kAudit:
      return take(*from.mutable_audit());
    case v1::record::WHAT_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void put(v1::batch& to, const batch& from) {
  to.mutable_records()->Reserve(static_cast<int>(from.records.size()));
  for (const record& r : from.records) {
    std::visit(putter{*to.add_records()}, r);
  }
}

std::optional<batch> take(v1::batch& from) {
  batch b;
  b.records.reserve(static_cast<std::size_t>(from.records_size()));
  for (v1::record& stored_record : *from.mutable_records()) {
    auto r = take(stored_record);
    if (!r) {
      return std::nullopt;
    }
    b.records.push_back(std::move(*r));
  }
  return b;
}

}  // namespace frontdesk::stored
