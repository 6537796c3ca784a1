#include "storage/reader.hpp"

#include "model/limits.hpp"
#include "storage/layout.hpp"
#include "wire/record.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string_view>
#include <utility>

namespace frontdesk {

namespace {

// Heads that `each_conversation` reads at once.
constexpr std::size_t heads_per_scan = 256;

constexpr std::string_view hex_digits = "0123456789abcdef";

// 0 and what is too much mean as much as is allowed.
std::size_t bounded(std::size_t asked, std::size_t most) {
  return asked == 0 ? most : std::min(asked, most);
}

// The value under a key, made by `from_bytes`; `otherwise` if there is none.
template <class Value, class FromBytes>
fault_or<Value> value_of(store& from, const std::pair<family, std::string>& place,
                         FromBytes from_bytes, Value otherwise) {
  const auto bytes = from.get(place.first, place.second);
  if (!bytes) {
    return bytes.error();
  }
  if (!*bytes) {
    return otherwise;
  }
  std::optional<Value> value = from_bytes(**bytes);
  if (!value) {
    return fault_code::storage_failed;
  }
  return *std::move(value);
}

// Reads a page's rows as a scan shows them, in either direction, and refuses what is not the track:
// an event that is not its key's, or a hole.
class page_gatherer {
 public:
  page_gatherer(tenant_id tenant, const page_range& range)
      : tenant_(tenant), range_(range), limit_(bounded(range.limit, limits::page_events_max)) {}

  // Whether the scan shall go on.
  bool take(std::string_view key, std::string_view value) {
    if (!events_.empty() && bytes_ + value.size() > limits::page_bytes_max) {
      return false;
    }
    std::optional<event> found = event_from_bytes(value);
    sound_ = found && key == event_key(tenant_, *found) && follows(found->seq);
    if (!sound_) {
      return false;
    }
    bytes_ += value.size();
    events_.push_back(*std::move(found));
    return events_.size() < limit_;
  }

  fault_or<std::vector<event>> page() && {
    if (!sound_) {
      return fault_code::storage_failed;
    }
    if (range_.before) {
      std::ranges::reverse(events_);
    }
    return std::move(events_);
  }

 private:
  bool follows(sequence seq) const {
    if (!events_.empty()) {
      const sequence last = events_.back().seq;
      return range_.before ? next(seq) == last : seq == next(last);
    }
    // Read backwards, the first is the track's last or the one before `before`.
    return range_.before ? true : seq == next(range_.after);
  }

  tenant_id tenant_;
  page_range range_;
  std::size_t limit_;
  std::size_t bytes_ = 0;
  bool sound_ = true;
  std::vector<event> events_;
};

// What an index names. Read to its end before any head is: a scan's visitor must not use the store.
struct index_rows {
  std::vector<conversation_id> conversations;
  // Of the last row.
  std::string last_key;
  bool more = false;
};

fault_or<index_rows> read_index(store& from, index_kind kind, const key_range& range,
                                std::size_t limit) {
  index_rows found;
  bool sound = true;
  const auto scanned = from.scan(range, [&](std::string_view key, std::string_view) {
    if (found.conversations.size() == limit) {
      found.more = true;
      return false;
    }
    const auto conversation = conversation_of_index_key(kind, key);
    sound = conversation.has_value();
    if (sound) {
      found.conversations.push_back(*conversation);
      found.last_key = key;
    }
    return sound;
  });
  if (!scanned) {
    return scanned.error();
  }
  if (!sound) {
    return fault_code::storage_failed;
  }
  return found;
}

// Whether a conversation in this state still stands in the list in which it was found.
bool belongs_to(const index_row& list, const head& h) {
  switch (list.kind) {
    case index_kind::member:
      return h.visitor.person == list.person;
    case index_kind::assignee:
      return !h.is_closed() && h.assignee.person == list.person;
    case index_kind::queue:
      return h.status == conversation_status::queued && h.team == list.team;
    case index_kind::open:
      return !h.is_closed();
    case index_kind::closed:
      return h.is_closed();
  }
  return false;
}

// The heads of what an index named, without those that have left the list since.
fault_or<std::vector<head>> heads_in(const reader& from, const index_row& list,
                                     const std::vector<conversation_id>& conversations) {
  std::vector<head> heads;
  heads.reserve(conversations.size());
  for (const conversation_id conversation : conversations) {
    auto found = from.read_head({list.tenant, conversation});
    if (!found) {
      return found.error();
    }
    // Row and head are written in one set, so a row without its head is damage; a head that has
    // moved on is life.
    if (!found->exists()) {
      return fault_code::storage_failed;
    }
    if (belongs_to(list, *found)) {
      heads.push_back(*std::move(found));
    }
  }
  return heads;
}

// The cursors beside the heads. The asker's peer is the visitor, or whoever the visitor talks with.
fault_or<std::vector<conversation_row>> rows_for(const reader& from, person_id asker,
                                                 std::vector<head> heads) {
  std::vector<conversation_row> rows;
  rows.reserve(heads.size());
  for (head& h : heads) {
    const conversation_name name{h.tenant, h.conversation};
    const person_id peer = asker.is_visitor() ? h.assignee.person : h.visitor.person;
    const auto own_at = from.read_cursor(name, asker);
    const auto peer_at = from.read_cursor(name, peer);
    if (!own_at || !peer_at) {
      return fault_code::storage_failed;
    }
    rows.push_back({std::move(h), *own_at, *peer_at});
  }
  return rows;
}

index_row list_of(index_kind kind, tenant_id tenant) {
  index_row list;
  list.kind = kind;
  list.tenant = tenant;
  return list;
}

// Where a list's next page begins, as a text that a client may keep: the last row's key without
// what all rows of the list share.
std::string place_to_text(std::string_view key, std::string_view prefix) {
  std::string text;
  for (const char c : key.substr(prefix.size())) {
    const auto byte = static_cast<unsigned char>(c);
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 0xfU];
  }
  return text;
}

std::optional<std::string> place_from_text(std::string_view text) {
  if (text.size() % 2 != 0) {
    return std::nullopt;
  }
  std::string place;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = hex_digits.find(text[i]);
    const std::size_t low = hex_digits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) {
      return std::nullopt;
    }
    place.push_back(static_cast<char>(high << 4U | low));
  }
  return place;
}

// The rows of a list that lie behind a place; nothing if there is no such place.
std::optional<key_range> rows_behind(const index_row& list, const std::string& after) {
  key_range range = rows_beside(list);
  range.backwards = list.kind == index_kind::closed;
  if (after.empty()) {
    return range;
  }
  const auto place = place_from_text(after);
  if (!place || !conversation_of_index_key(list.kind, range.from + *place)) {
    return std::nullopt;
  }
  if (range.backwards) {
    range.to = range.from + *place;
  } else {
    // The first key behind a key is the key and a zero byte.
    range.from += *place + '\0';
  }
  return range;
}

std::optional<record> directory_record(std::string_view key, std::string_view value) {
  const auto kind = kind_of_directory_key(key);
  const auto under_its_key = [&](const auto& read) -> std::optional<record> {
    return read && key_of(*read) == key ? std::optional<record>{*read} : std::nullopt;
  };
  if (kind == directory_kind::tenant) {
    return under_its_key(tenant_from_bytes(value));
  }
  if (kind == directory_kind::inbox) {
    return under_its_key(inbox_from_bytes(value));
  }
  return kind == directory_kind::agent ? under_its_key(agent_from_bytes(value)) : std::nullopt;
}

}  // namespace

fault_or<head> reader::read_head(conversation_name name) const {
  auto found = value_of(store_, {family::head, head_key(name)}, head_from_bytes, head{});
  if (!found || *found == head{}) {
    return found;
  }
  const bool is_its_own = conversation_name{found->tenant, found->conversation} == name;
  return is_its_own && found->exists() ? found : fault_code::storage_failed;
}

fault_or<std::vector<event>> reader::read_page(conversation_name name,
                                               const page_range& wanted) const {
  key_range range = wanted.where == track::visible
                        ? visible_events(name, wanted.after, wanted.before)
                        : internal_events(name, wanted.after, wanted.before);
  range.backwards = bool{wanted.before};
  page_gatherer gathered{name.tenant, wanted};
  const auto scanned = store_.scan(range, [&](std::string_view key, std::string_view value) {
    return gathered.take(key, value);
  });
  if (!scanned) {
    return scanned.error();
  }
  return std::move(gathered).page();
}

fault_or<event> reader::read_event(conversation_name name, track where, sequence seq) const {
  assert(seq.value > 0);
  auto page = read_page(name, {where, sequence{seq.value - 1}, {}, 1});
  if (!page) {
    return page.error();
  }
  if (page->empty()) {
    return fault_code::storage_failed;
  }
  return std::move(page->front());
}

fault_or<message_versions> reader::read_versions(conversation_name name, track where,
                                                 sequence seq) const {
  auto message = read_event(name, where, seq);
  if (!message) {
    return message.error();
  }
  message_versions found{std::move(*message), {}};
  for (const sequence each : found.message.edits) {
    auto edit = read_event(name, where, each);
    if (!edit) {
      return edit.error();
    }
    found.edits.push_back(std::move(*edit));
  }
  return found;
}

fault_or<post_window> reader::read_window(conversation_name name, person_id author,
                                          device_id device) const {
  const post_window none{author, device, {}};
  auto found =
      value_of(store_, {family::dedupe, window_key(name, author, device)}, window_from_bytes, none);
  if (found && (found->author != author || found->device != device)) {
    return fault_code::storage_failed;
  }
  return found;
}

fault_or<cursor> reader::read_cursor(conversation_name name, person_id reader) const {
  return value_of(store_, {family::cursor, cursor_key(name, reader)}, cursor_from_bytes, cursor{});
}

fault_or<std::vector<conversation_row>> reader::visitor_roster(person_name visitor) const {
  index_row list = list_of(index_kind::member, visitor.tenant);
  list.person = visitor.person;
  key_range newest_first = rows_beside(list);
  newest_first.backwards = true;
  auto found = read_index(store_, list.kind, newest_first, limits::roster_max);
  if (!found) {
    return found.error();
  }
  std::ranges::reverse(found->conversations);
  auto heads = heads_in(*this, list, found->conversations);
  return heads ? rows_for(*this, visitor.person, *std::move(heads)) : heads.error();
}

fault_or<std::vector<conversation_row>> reader::agent_roster(person_name agent) const {
  index_row list = list_of(index_kind::assignee, agent.tenant);
  list.person = agent.person;
  const auto found = read_index(store_, list.kind, rows_beside(list), limits::roster_max);
  if (!found) {
    return found.error();
  }
  auto heads = heads_in(*this, list, found->conversations);
  return heads ? rows_for(*this, agent.person, *std::move(heads)) : heads.error();
}

fault_or<list_page> reader::read_list(tenant_id tenant, const list_query& query) const {
  if (query.view == index_kind::member || query.view == index_kind::assignee) {
    return fault_code::bad_value;
  }
  index_row list = list_of(query.view, tenant);
  list.team = query.team;
  const auto range = rows_behind(list, query.after);
  if (!range) {
    return fault_code::bad_value;
  }
  // A place is part of a key of this very list; it can lead nowhere else.
  const std::size_t limit = bounded(query.limit, limits::summaries_per_frame_max);
  const auto found = read_index(store_, list.kind, *range, limit);
  if (!found) {
    return found.error();
  }
  auto heads = heads_in(*this, list, found->conversations);
  if (!heads) {
    return heads.error();
  }
  auto rows = rows_for(*this, query.asker, *std::move(heads));
  if (!rows) {
    return rows.error();
  }
  const std::string prefix = rows_beside(list).from;
  return list_page{*std::move(rows), found->more ? place_to_text(found->last_key, prefix) : ""};
}

fault_or<std::vector<head>> reader::open_heads(tenant_id tenant, std::size_t limit) const {
  const index_row list = list_of(index_kind::open, tenant);
  const std::size_t most = std::min(limit, limits::open_conversations_max);
  const auto found = read_index(store_, list.kind, rows_beside(list), most);
  return found ? heads_in(*this, list, found->conversations) : found.error();
}

fault_or<directory> reader::read_directory() const {
  directory found;
  bool sound = true;
  const auto put = [&](auto& read) {
    if constexpr (requires { found.put(std::move(read)); }) {
      found.put(std::move(read));
    }
  };
  const auto scanned = store_.scan(whole_directory(), [&](auto key, auto value) {
    auto read = directory_record(key, value);
    sound = read.has_value();
    if (sound) {
      std::visit(put, *read);
    }
    return sound;
  });
  if (!scanned) {
    return scanned.error();
  }
  if (!sound) {
    return fault_code::storage_failed;
  }
  return found;
}

fault_or<std::uint64_t> reader::last_number(tenant_id tenant) const {
  return value_of(store_, {family::meta, number_key(tenant)}, number_from_bytes, std::uint64_t{0});
}

fault_or<std::vector<quarantined>> reader::read_quarantine(tenant_id tenant) const {
  std::vector<quarantined> found;
  const auto scanned = store_.scan(quarantine_of(tenant), [&](std::string_view, auto value) {
    if (auto one = quarantined_from_bytes(value); one && one->tenant == tenant) {
      found.push_back(std::move(*one));
    }
    return true;
  });
  return scanned ? fault_or{std::move(found)} : scanned.error();
}

fault_or<std::string> reader::history_id() const {
  return value_of(store_, {family::meta, history_key()}, history_from_bytes, std::string{});
}

fault_or<done> reader::each_conversation(tenant_id tenant,
                                         const std::function<bool(const head&)>& show) const {
  key_range rest = heads_of(tenant);
  for (bool more = true; more;) {
    std::vector<head> heads;
    bool sound = true;
    const auto scanned = store_.scan(rest, [&](std::string_view key, std::string_view value) {
      auto found = head_from_bytes(value);
      sound = found && found->tenant == tenant && head_key({tenant, found->conversation}) == key;
      if (sound) {
        heads.push_back(*std::move(found));
      }
      return sound && heads.size() < heads_per_scan;
    });
    if (!scanned || !sound) {
      return fault_code::storage_failed;
    }
    more = heads.size() == heads_per_scan;
    if (!std::ranges::all_of(heads, show)) {
      return done{};
    }
    if (more) {
      rest.from = head_key({tenant, heads.back().conversation}) + '\0';
    }
  }
  return done{};
}

}  // namespace frontdesk
