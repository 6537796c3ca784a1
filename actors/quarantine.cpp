#include "actors/quarantine.hpp"

#include "actors/message_name.hpp"
#include "model/limits.hpp"
#include "model/utf8.hpp"
#include "wire/frame_codec.hpp"

#include <functional>
#include <new>
#include <string_view>
#include <typeinfo>
#include <variant>

namespace frontdesk {

namespace {

std::uint64_t with(std::uint64_t hash, std::uint64_t value) {
  return mixed(hash ^ mixed(value));
}
std::uint64_t hash_of(person_id who) {
  return std::hash<person_id>{}(who);
}

// ---- What was wished: who wished it, of which conversation, and what.

void name_wish(message_identity& known, const say& wish) {
  known.person = wish.what.author;
  known.device = wish.what.device;
  known.n = wish.what.n;
  known.content = content_hash(wish.what);
}
void name_wish(message_identity& known, const report_cursor& wish) {
  known.person = wish.who;
  known.content = with(wish.at.received.value, wish.at.read.value);
}
void name_wish(message_identity& known, const report_typing& wish) {
  known.person = wish.who;
  known.content = std::hash<std::string_view>{}(wish.text);
}
void name_wish(message_identity& known, const assign& wish) {
  known.person = wish.by.person;
  known.content = with(wish.team.value, hash_of(wish.to.person));
}
void name_wish(message_identity& known, const give_back& wish) {
  if (wish.from) known.person = wish.from->person;
}
void name_wish(message_identity& known, const close_conversation& wish) {
  known.person = wish.from.person;
}
void name_wish(message_identity& known, const set_status& wish) {
  known.person = wish.from.person;
  known.content = with(static_cast<std::uint64_t>(wish.to), wish.capacity.value_or(0));
}
void name_wish(message_identity& known, const transfer& wish) {
  known.person = wish.from.person;
  known.conversation = wish.conversation;
  known.content = hash_of(wish.to.person);
}
void name_wish(message_identity& known, const list_agents& wish) {
  known.person = wish.from.person;
}

template <class Wish>
bool is_wish(message_identity& known, const caf::message& what) {
  if (!what.match_elements<Wish>()) return false;
  known.kind = typeid(Wish).hash_code();
  name_wish(known, what.get_as<Wish>(0));
  return true;
}

/// Nothing, unless it is one of these and somebody but the desk wished it.
template <class... Wishes>
std::optional<message_identity> one_of(message_identity known, const caf::message& what) {
  if (!(is_wish<Wishes>(known, what) || ...)) return std::nullopt;
  if (!known.person || known.person == the_system) return std::nullopt;
  return known;
}

// ---- What would be kept.

void describe(quarantined& found, const post& said) {
  found.device = said.device;
  found.n = said.n;
  found.where = said.where;
  found.text = said.text;
  found.reply_to = said.reply_to;
  found.edits = said.edits;
  found.deletes = said.deletes;
  if (said.file) found.file = said.file->id;
}

void describe(quarantined& found, frame::post& said) {
  found.conversation = said.conversation;
  found.n = said.n;
  found.where = said.where;
  found.text = std::move(said.text);
  found.reply_to = said.reply_to;
  found.edits = said.edits;
  found.deletes = said.deletes;
  found.file = said.file;
}

/// A frame that cannot be read may hold anything.
void describe(quarantined& found, encoding spoken, std::string_view bytes) {
  auto read = read_frame(spoken, bytes);
  auto* wish = std::get_if<frame::from_client>(&read);
  const bool may_hold_token = wish == nullptr || std::holds_alternative<frame::hello>(*wish) ||
                              std::holds_alternative<frame::refresh>(*wish);
  if (may_hold_token) return;
  if (auto* said = std::get_if<frame::post>(wish)) return describe(found, *said);
  if (is_utf8(bytes)) found.text = cut_text(bytes, limits::frame_bytes_max);
}

/// The post from which this came, as far as a repeat of it is known by that.
post post_of(const event& came) {
  post said;
  said.conversation = came.conversation;
  said.author = came.author;
  said.device = came.device;
  said.n = came.n;
  said.where = came.where;
  said.text = came.text;
  said.reply_to = came.reply_to;
  if (came.kind == event_kind::edited) said.edits = came.target;
  if (came.kind == event_kind::deleted) said.deletes = came.target;
  said.file = came.file;
  return said;
}

bool is_want_of_memory(const std::string& thrown) {
  return thrown == std::bad_alloc{}.what();
}

}  // namespace

std::optional<message_identity> identity_of(const conversation_name& name,
                                            const caf::message& what) {
  message_identity known;
  known.tenant = name.tenant;
  known.conversation = name.conversation;
  return one_of<say, report_cursor, report_typing, assign, give_back, close_conversation>(known,
                                                                                          what);
}

std::optional<message_identity> identity_of(const person_name& name, const caf::message& what) {
  message_identity known;
  known.tenant = name.tenant;
  return one_of<set_status>(known, what);
}

std::optional<message_identity> identity_of(const dispatcher_name& name, const caf::message& what) {
  message_identity known;
  known.tenant = name.tenant;
  return one_of<transfer, list_agents>(known, what);
}

message_identity identity_of(const frame_sender& sender, std::string_view bytes) {
  message_identity known;
  known.tenant = sender.who.tenant;
  known.person = sender.who.person;
  known.device = sender.device;
  known.kind = typeid(frame_received).hash_code();
  known.content = std::hash<std::string_view>{}(bytes);
  return known;
}

template <class Name>
std::optional<suspect> suspect_of(const Name& name, const caf::message& what) {
  const auto known = identity_of(name, what);
  if (!known) return std::nullopt;
  suspect found{*known, {}};
  found.details.tenant = known->tenant;
  found.details.conversation = known->conversation;
  found.details.person = known->person;
  found.details.message = message_name(*what.type(0).second);
  if (what.match_elements<say>()) describe(found.details, what.get_as<say>(0).what);
  return found;
}

template std::optional<suspect> suspect_of(const conversation_name&, const caf::message&);
template std::optional<suspect> suspect_of(const person_name&, const caf::message&);
template std::optional<suspect> suspect_of(const dispatcher_name&, const caf::message&);

std::optional<suspect> suspect_of(const frame_sender& sender, tenant_id whose, encoding spoken,
                                  std::string_view bytes) {
  suspect found{identity_of(sender, bytes), {}};
  found.details.tenant = whose;
  found.details.person = sender.who.person;
  found.details.device = sender.device;
  found.details.message = "frame";
  // What comes before it is known who is there is a hello, or nonsense.
  if (!sender.who.person) return found;
  try {
    describe(found.details, spoken, bytes);
  } catch (const std::exception&) {
    // Reading it is what has ended the connection, and is reported as such: it is suspected, and
    // nothing is kept of it.
    found.details.text.clear();
  }
  return found;
}

std::vector<suspect> suspects_of(const append& what) {
  std::vector<suspect> found;
  const auto is_new = [&what](const event& each) {
    return each.seq > (each.where == track::visible ? what.visible_before : what.internal_before);
  };
  if (!what.records) return found;
  for (const record& each : what.records->records) {
    const auto* const kept = std::get_if<event_record>(&each);
    if (kept == nullptr || !kept->what.n || !is_new(kept->what)) continue;
    say wish;
    wish.what = post_of(kept->what);
    if (auto one = suspect_of(what.what, caf::make_message(wish))) found.push_back(*std::move(one));
  }
  return found;
}

quarantine_gate::verdict quarantine_gate::of(const message_identity& what, moment now) {
  const std::lock_guard guard(mutex_);
  const verdict found = known_.of(what, now);
  is_empty_.store(!known_.confines_any(), std::memory_order_relaxed);
  return found;
}

quarantine_gate::verdict quarantine_gate::has_ended(const std::string& actor,
                                                    std::optional<suspect> by,
                                                    const std::string& thrown, moment now) {
  if (!by || is_want_of_memory(thrown)) return verdict::innocent;
  verdict found{};
  {
    const std::lock_guard guard(mutex_);
    found = known_.has_ended_one(by->identity, now);
    is_empty_.store(!known_.confines_any(), std::memory_order_relaxed);
  }
  if (found == verdict::confined && keep_ && by->details.tenant) {
    by->details.actor = actor;
    by->details.thrown = is_utf8(thrown) ? std::string{cut_text(thrown, limits::thrown_bytes_max)}
                                         : "an exception whose text cannot be shown";
    confined_count_.fetch_add(1, std::memory_order_relaxed);
    keep_(std::move(by->details));
  }
  return found;
}

}  // namespace frontdesk
