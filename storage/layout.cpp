#include "storage/layout.hpp"

#include <algorithm>
#include <utility>

namespace frontdesk {

namespace {

// The second field of keys that share a family.
constexpr std::uint8_t format_row = 1;
constexpr std::uint8_t history_row = 2;
constexpr std::uint8_t position_row = 3;
constexpr std::uint8_t number_row = 4;
constexpr std::uint8_t quarantine_row = 5;

constexpr std::uint8_t value_version = 1;

constexpr std::size_t history_digits = 32;

// Appends fields, most significant byte first. The one place where a number becomes bytes, so that
// every key keeps the order of its values.
class key_bytes {
 public:
  template <class Number>
  key_bytes& add(Number number) {
    for (std::size_t left = sizeof(Number); left > 0; --left) {
      bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * (left - 1))));
    }
    return *this;
  }
  template <class Tag, class Representation>
  key_bytes& add(strong<Tag, Representation> id) {
    return add(id.value);
  }
  key_bytes& add(person_id person) {
    return add(static_cast<std::uint8_t>(person.kind)).add(person.value);
  }
  key_bytes& add(conversation_name name) { return add(name.tenant).add(name.conversation); }

  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

std::uint64_t number_at(std::string_view bytes, std::size_t place) {
  std::uint64_t number = 0;
  for (std::size_t i = place; i < place + 8; ++i) {
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

bool has_version(std::string_view bytes, std::size_t size) {
  return bytes.size() == size && static_cast<std::uint8_t>(bytes[0]) == value_version;
}

// The first key that is behind all keys with this prefix; empty if there can be none.
std::string end_of(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) {
    prefix.pop_back();
  }
  if (!prefix.empty()) {
    ++prefix.back();
  }
  return prefix;
}

key_range all_with(family where, std::string prefix) {
  std::string to = end_of(prefix);
  return key_range{.where = where, .from = std::move(prefix), .to = std::move(to)};
}

std::string track_prefix(conversation_name name, track where) {
  return key_bytes{}.add(name).add(static_cast<std::uint8_t>(where)).take();
}

key_range events(conversation_name name, track where, sequence after, sequence before) {
  std::string prefix = track_prefix(name, where);
  key_range range = all_with(family::log, prefix);
  if (before) {
    range.to = prefix + key_bytes{}.add(before).take();
  }
  // No event has the greatest number, so nothing is lost where the next one would be 0.
  const sequence from = after.value == UINT64_MAX ? after : next(after);
  range.from = std::move(prefix) + key_bytes{}.add(from).take();
  return range;
}

// The part of an index key that rows of one list share.
std::string list_prefix(const index_row& row) {
  key_bytes key;
  key.add(row.tenant).add(static_cast<std::uint8_t>(row.kind));
  switch (row.kind) {
    case index_kind::member:
    case index_kind::assignee:
      key.add(row.person);
      break;
    case index_kind::queue:
      key.add(row.team);
      break;
    case index_kind::open:
    case index_kind::closed:
      break;
  }
  return key.take();
}

// Lists that a person reads from one end; the others are sets.
bool is_ordered_by_time(index_kind kind) {
  return kind == index_kind::member || kind == index_kind::queue || kind == index_kind::closed;
}

}  // namespace

std::string event_key(tenant_id tenant, const event& e) {
  return track_prefix({tenant, e.conversation}, e.where) + key_bytes{}.add(e.seq).take();
}

std::string head_key(conversation_name name) {
  return key_bytes{}.add(name).take();
}

std::string window_key(conversation_name name, person_id author, device_id device) {
  return key_bytes{}.add(name).add(author).add(device.high).add(device.low).take();
}

std::string cursor_key(conversation_name name, person_id reader) {
  return key_bytes{}.add(name.tenant).add(reader).add(name.conversation).take();
}

std::string index_key(const index_row& row) {
  key_bytes rest;
  if (is_ordered_by_time(row.kind)) {
    rest.add(row.order);
  }
  return list_prefix(row) + rest.add(row.conversation).take();
}

std::string key_of(const tenant& t) {
  return key_bytes{}.add(t.id).add(static_cast<std::uint8_t>(directory_kind::tenant)).take();
}

std::string key_of(const inbox& i) {
  const auto kind = static_cast<std::uint8_t>(directory_kind::inbox);
  return key_bytes{}.add(i.tenant).add(kind).add(i.id).take();
}

std::string key_of(const agent& a) {
  const auto kind = static_cast<std::uint8_t>(directory_kind::agent);
  return key_bytes{}.add(a.tenant).add(kind).add(a.id).take();
}

std::string number_key(tenant_id tenant) {
  return key_bytes{}.add(tenant).add(number_row).take();
}

std::string quarantined_key(tenant_id tenant, quarantine_id id) {
  return key_bytes{}.add(tenant).add(quarantine_row).add(id).take();
}

std::string audit_key(audit_number number) {
  return key_bytes{}.add(number).take();
}

std::string position_key(shard_id shard) {
  return key_bytes{}.add(tenant_id{}).add(position_row).add(shard).take();
}

std::string format_key() {
  return key_bytes{}.add(tenant_id{}).add(format_row).take();
}

std::string history_key() {
  return key_bytes{}.add(tenant_id{}).add(history_row).take();
}

key_range visible_events(conversation_name name, sequence after, sequence before) {
  return events(name, track::visible, after, before);
}

key_range internal_events(conversation_name name, sequence after, sequence before) {
  return events(name, track::internal, after, before);
}

key_range rows_beside(const index_row& row) {
  return all_with(family::index, list_prefix(row));
}

key_range heads_of(tenant_id tenant) {
  return all_with(family::head, key_bytes{}.add(tenant).take());
}

key_range quarantine_of(tenant_id tenant) {
  return all_with(family::meta, key_bytes{}.add(tenant).add(quarantine_row).take());
}

key_range whole_directory() {
  return key_range{.where = family::directory, .from = {}, .to = {}};
}

key_range audit_from(audit_number number, bool is_backwards) {
  key_range range{.where = family::audit, .from = {}, .to = {}, .backwards = is_backwards};
  if (is_backwards) {
    range.to = number ? audit_key(number) : std::string{};
  } else {
    range.from = audit_key(audit_number{number.value + 1});
  }
  return range;
}

std::optional<audit_number> number_of_audit_key(std::string_view key) {
  return key.size() == audit_key({}).size() ? std::optional{audit_number{number_at(key, 0)}}
                                            : std::nullopt;
}

std::optional<conversation_id> conversation_of_index_key(index_kind kind, std::string_view key) {
  // Keys of a kind have one length, so any key of the kind shows it.
  index_row form;
  form.kind = kind;
  if (key.size() != index_key(form).size()) {
    return std::nullopt;
  }
  return conversation_id{number_at(key, key.size() - 8)};
}

std::optional<directory_kind> kind_of_directory_key(std::string_view key) {
  const auto is = [&](directory_kind kind, const std::string& form) {
    return key.size() == form.size() && key[4] == static_cast<char>(kind);
  };
  if (is(directory_kind::tenant, key_of(tenant{}))) {
    return directory_kind::tenant;
  }
  if (is(directory_kind::inbox, key_of(inbox{}))) {
    return directory_kind::inbox;
  }
  if (is(directory_kind::agent, key_of(agent{}))) {
    return directory_kind::agent;
  }
  return std::nullopt;
}

std::string to_bytes(const shard_position& p) {
  return key_bytes{}.add(value_version).add(p.owner).add(p.last).take();
}

std::string number_to_bytes(std::uint64_t number) {
  return key_bytes{}.add(value_version).add(number).take();
}

std::string history_to_bytes(std::string_view id) {
  return key_bytes{}.add(value_version).take().append(id);
}

std::optional<shard_position> position_from_bytes(std::string_view bytes) {
  if (!has_version(bytes, 1 + 8 + 8)) {
    return std::nullopt;
  }
  return shard_position{epoch{number_at(bytes, 1)}, log_index{number_at(bytes, 9)}};
}

std::optional<std::uint64_t> number_from_bytes(std::string_view bytes) {
  if (!has_version(bytes, 1 + 8)) {
    return std::nullopt;
  }
  return number_at(bytes, 1);
}

std::optional<std::string> history_from_bytes(std::string_view bytes) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!has_version(bytes, 1 + history_digits) || !std::ranges::all_of(bytes.substr(1), is_digit)) {
    return std::nullopt;
  }
  return std::string{bytes.substr(1)};
}

}  // namespace frontdesk
