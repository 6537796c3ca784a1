#include "model/drafter.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <utility>

namespace frontdesk {

namespace {

std::string preview_of(const event& e) {
  const bool is_file_alone = e.text.empty() && e.file;
  return std::string{cut_text(is_file_alone ? e.file->name : e.text, limits::preview_bytes_max)};
}

bool may_change(const post& said, const event& message) {
  if (message.kind != event_kind::message || message.is_deleted) return false;
  const bool is_own = message.author == said.author;
  if (said.edits) return is_own && message.edits.size() < limits::edits_max;
  return is_own || said.may_moderate;
}

void take_words(event& e) {
  e.text.clear();
  e.file.reset();
  e.is_deleted = true;
}

}  // namespace

drafter::drafter(const head& before, const std::vector<message_versions>& versions, timestamp now)
    : versions_(versions), now_(now) {
  result_.before = before;
  result_.after = before;
}

void drafter::operator()(const post_wish& wish) {
  ++result_.posts_count;
  outcome().author = wish.what.author;
  outcome().device = wish.what.device;
  fault_code refusal = prepare(wish);
  if (refusal == fault_code::unknown_conversation) {
    outcome().refusal = refusal;
    return;
  }
  sequence seq;
  if (refusal == fault_code::none) {
    seq = wish.what.is_message() ? say(wish.what) : change(wish.what);
    if (!seq) refusal = fault_code::unknown_message;
  }
  outcome().answer = post_answer{
      wish.what.n, content_hash(wish.what), seq, wish.what.where, now_, refusal,
  };
  if (opened_) {
    mark(event_kind::queued, the_system);
    opened_ = false;
  }
}

void drafter::operator()(const assign_wish& wish) {
  head& h = result_.after;
  const bool by_the_desk = wish.by.person == the_system;
  if (!h.exists()) {
    outcome().refusal = fault_code::unknown_conversation;
  } else if (h.is_closed()) {
    outcome().refusal = fault_code::conversation_closed;
  } else if (h.assignee.person == wish.to.person) {
    return;
  } else if (by_the_desk && h.status != conversation_status::queued) {
    outcome().refusal = fault_code::agent_unavailable;
  } else {
    event& e = mark(by_the_desk ? event_kind::assigned : event_kind::transferred, wish.by.person);
    e.to = wish.to;
    e.by = wish.by;
    h.assignee = wish.to;
    become(conversation_status::assigned);
  }
}

void drafter::operator()(const return_wish& wish) {
  head& h = result_.after;
  if (!h.exists()) {
    outcome().refusal = fault_code::unknown_conversation;
  } else if (h.is_closed()) {
    outcome().refusal = fault_code::conversation_closed;
  } else if (h.assignee.person && (!wish.only_from || h.assignee.person == wish.only_from)) {
    event& e = mark(event_kind::returned, wish.by.person);
    e.by = wish.by;
    e.reason = wish.reason;
    h.assignee = {};
    h.returned = true;
    become(conversation_status::queued);
  }
}

void drafter::operator()(const close_wish& wish) {
  head& h = result_.after;
  if (!h.exists()) {
    outcome().refusal = fault_code::unknown_conversation;
  } else if (!h.is_closed()) {
    mark(event_kind::closed, wish.by.person).by = wish.by;
    h.assignee = {};
    h.returned = false;
    h.waiting_since = {};
    become(conversation_status::closed);
  }
}

void drafter::next_outcome(std::uint64_t tag) {
  result_.outcomes.push_back({tag, fault_code::none, {}, {}, std::nullopt});
}

void drafter::become(conversation_status status) {
  result_.after.status = status;
  result_.after.since = now_;
}

event& drafter::append_event(track where, event_kind kind, person_id author) {
  head& h = result_.after;
  sequence& last = where == track::visible ? h.visible : h.internal;
  last = next(last);
  event e;
  e.conversation = h.conversation;
  e.where = where;
  e.seq = last;
  e.time = now_;
  e.author = author;
  e.kind = kind;
  result_.events.push_back(std::move(e));
  return result_.events.back();
}

event& drafter::mark(event_kind kind, person_id author) {
  return append_event(track::visible, kind, author);
}

fault_code drafter::prepare(const post_wish& wish) {
  head& h = result_.after;
  const bool by_visitor = wish.what.author.is_visitor();
  if (!h.exists()) {
    if (!by_visitor || !wish.inbox) {
      return fault_code::unknown_conversation;
    }
    const fault_code refusal = refusal_of(wish.what);
    if (refusal == fault_code::none) {
      open(wish);
    }
    return refusal;
  }
  if (by_visitor && h.visitor.person != wish.what.author) {
    return fault_code::unknown_conversation;
  }
  if (const fault_code refusal = refusal_of(wish.what); refusal != fault_code::none) {
    return refusal;
  }
  if (h.is_closed() && wish.what.where == track::visible && !wish.what.deletes) {
    const bool may_reopen = by_visitor && wish.what.is_message();
    return may_reopen ? reopen(wish) : fault_code::conversation_closed;
  }
  return fault_code::none;
}

fault_code drafter::refusal_of(const post& said) const {
  if (said.refused) {
    return *said.refused;
  }
  const sequence last = result_.after.last_of(said.where);
  const bool is_there = said.reply_to <= last && said.target() <= last;
  return is_there ? fault_code::none : fault_code::unknown_message;
}

void drafter::open(const post_wish& wish) {
  head& h = result_.after;
  h.inbox = *wish.inbox;
  h.team = wish.team;
  h.ordinal = wish.ordinal;
  h.priority = wish.priority;
  h.visitor = {wish.what.author, wish.author_name};
  h.opened_at = now_;
  result_.opens = true;
  opened_ = true;
  become(conversation_status::queued);
  mark(event_kind::opened, wish.what.author);
}

fault_code drafter::reopen(const post_wish& wish) {
  head& h = result_.after;
  const std::int64_t window_ms = static_cast<std::int64_t>(wish.reopen_window_s) * 1000;
  if (now_.value - h.since.value > window_ms) {
    return fault_code::conversation_closed;
  }
  opened_ = true;
  become(conversation_status::queued);
  mark(event_kind::reopened, wish.what.author);
  return fault_code::none;
}

event& drafter::append_said(const post& said, event_kind kind) {
  event& e = append_event(said.where, kind, said.author);
  e.device = said.device;
  e.n = said.n;
  if (said.where == track::internal) e.follows = result_.after.visible;
  return e;
}

sequence drafter::say(const post& said) {
  head& h = result_.after;
  event& e = append_said(said, event_kind::message);
  e.text = said.text;
  e.reply_to = said.reply_to;
  e.file = said.file;
  if (said.where == track::internal) return e.seq;
  h.last = {e.seq, e.author, preview_of(e), now_};
  if (!said.author.is_visitor()) {
    h.waiting_since = {};
  } else if (!h.waiting_since) {
    h.waiting_since = now_;
  }
  return e.seq;
}

sequence drafter::change(const post& said) {
  const message_versions* const known = versions_of(said.where, said.target());
  if (known == nullptr || !may_change(said, known->message)) return {};
  message_versions changed = *known;
  const sequence seq = said.edits ? edit(said, changed) : blank(said, changed);
  std::erase_if(result_.changed, [&](const message_versions& each) {
    return each.message.is_at(said.where, said.target());
  });
  result_.changed.push_back(std::move(changed));
  return seq;
}

sequence drafter::edit(const post& said, message_versions& changed) {
  event& e = append_said(said, event_kind::edited);
  e.text = said.text;
  e.target = said.edits;
  changed.message.edits.push_back(e.seq);
  changed.edits.push_back(e);
  tell_in_list(changed.message, preview_of(e));
  return e.seq;
}

sequence drafter::blank(const post& said, message_versions& changed) {
  event& e = append_said(said, event_kind::deleted);
  e.target = said.deletes;
  if (changed.message.file) result_.dropped_files.push_back(changed.message.file->id);
  changed.message.edits.clear();
  take_words(changed.message);
  for (event& each : changed.edits)
    take_words(each);
  tell_in_list(changed.message, {});
  return e.seq;
}

void drafter::tell_in_list(const event& message, std::string text) {
  head& h = result_.after;
  // Heads of old do not say where their last message stands, but who said it, and when.
  const bool is_last = h.last.seq ? h.last.seq == message.seq
                                  : h.last.author == message.author && h.last.time == message.time;
  if (message.where == track::visible && is_last) h.last.text = std::move(text);
}

const message_versions* drafter::versions_of(track where, sequence seq) const {
  for (const auto* all : {&std::as_const(result_.changed), &versions_}) {
    for (const message_versions& each : *all) {
      if (each.message.is_at(where, seq)) return &each;
    }
  }
  return nullptr;
}

}  // namespace frontdesk
