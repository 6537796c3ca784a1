#include "actors/connection_state.hpp"
#include "actors/fall_note.hpp"

#include <algorithm>
#include <utility>

namespace frontdesk {

namespace {

std::string_view word_of(encoding spoken) {
  return spoken == encoding::json ? "json" : "protobuf";
}

}  // namespace

// ---- Spans.

/// Null, unless this post is sampled. One that is under way has its trace already.
span_ptr connection_state::trace_of(const frame::post& wish) {
  if (!board_.traces().is_on() || is_under_way(wish)) return nullptr;
  const trace_context incoming = wish.trace ? wish.trace : wire_->came_with();
  return board_.traces().begin_post({who_.who.tenant, who_.who.person, wish.conversation, incoming},
                                    heard_at_);
}

void connection_state::end_post(const span_ptr& trace, conversation_id where, post_number n,
                                std::string_view result, sequence seq) {
  if (!trace) return;
  span done{*trace, now()};
  done.tenant = who_.who.tenant;
  done.conversation = where;
  done.person = who_.who.person;
  done.device = device_;
  done.n = n;
  done.seq = seq;
  done.result = result;
  done.transport = came_by_;
  done.encoding = word_of(spoken_);
  board_.traces().end(done);
}

void connection_state::end_answered(const span_ptr& trace, const post_answered& fact) {
  const fault_code why = fact.refusal ? fact.refusal->code : fact.answer.refusal;
  end_post(trace, fact.conversation, fact.answer.n,
           why == fault_code::none ? "ok" : entry_of(why).name, fact.answer.seq);
}

/// It cannot be pushed now, and will come from the store; unless an ack has stood for it.
void connection_state::await_delivery(const told_event& told, const feed& behind) {
  if (behind.pushed() >= told.what.seq) return;
  if (awaited_.size() >= limits::deliveries_traced_max) return board_.traces().leave_out(1);
  awaited_.push_back({told.what.conversation, told.what.where, told.what.seq, told.trace});
}

/// It was pushed just now, live or from the store.
void connection_state::note_delivery(const told_event& told) {
  const event& what = told.what;
  if (told.trace) return end_delivery(told.trace, what.conversation, what.seq, "ok");
  if (awaited_.empty()) return;
  std::erase_if(awaited_, [&](const delivery_under_way& each) {
    const bool is_it =
        each.conversation == what.conversation && each.where == what.where && each.seq == what.seq;
    if (is_it) end_delivery(each.trace, each.conversation, each.seq, "ok");
    return is_it;
  });
}

void connection_state::end_delivery(const span_ptr& trace, conversation_id where, sequence seq,
                                    std::string_view result) {
  trace_board& board = board_.traces();
  span done{*board.begin(span_kind::deliver, *trace, trace->began), now()};
  done.tenant = who_.who.tenant;
  done.conversation = where;
  done.person = who_.who.person;
  done.device = device_;
  done.seq = seq;
  done.result = result;
  done.transport = came_by_;
  done.encoding = word_of(spoken_);
  board.end(done);
}

/// What is under way comes to nothing here; the device asks again by another connection.
void connection_state::end_traces() {
  for (post_under_way& each : posts_) {
    if (each.told.trace == at_work_.trace) at_work_ = {};
    end_post(std::exchange(each.told.trace, nullptr), each.conversation, each.n, "closed");
  }
  const post_at_work last = std::exchange(at_work_, {});
  end_post(last.trace, last.conversation, last.n, entry_of(fault_code::internal).name);
  for (const delivery_under_way& each : std::exchange(awaited_, {}))
    end_delivery(each.trace, each.conversation, each.seq, "closed");
}

// ---- For whoever watches live.

void connection_state::note(const connection_note& what) {
  board_.traces().note(signed_by_self(what));
}

connection_note connection_state::signed_by_self(connection_note what) const {
  if (what.at == moment{}) what.at = now();
  what.connection = id_;
  what.tenant = who_.who.tenant;
  what.person = who_.who.person;
  what.device = device_;
  what.transport = came_by_;
  what.encoding = word_of(spoken_);
  return what;
}

/// Who has come is known only now.
void connection_state::note_greeting() {
  note({.kind = connection_note::kinds::connected, .at = pinged_at_});
  note({.kind = connection_note::kinds::hello});
}

void connection_state::note_frame(connection_note::kinds kind, std::string_view word,
                                  conversation_id where, std::size_t bytes) {
  note({.kind = kind, .conversation = where, .name = word, .bytes = bytes});
}

void connection_state::note_refusal(const fault& why, conversation_id where) {
  note({.kind = connection_note::kinds::refused, .conversation = where, .name = why.name()});
}

void connection_state::note_end(std::string_view why, std::uint32_t code) {
  note({.kind = connection_note::kinds::closed, .name = why, .code = code});
}

/// The same as in the log's line of this failure.
std::string connection_state::trace_at_work() {
  return at_work_.trace ? to_text(at_work_.trace->at.trace) : std::string{};
}

void connection_state::note_own_fall(quarantine_gate::verdict known_as) {
  connection_note fell{.conversation = at_work_.conversation, .name = name()};
  if (at_work_.trace) fell.trace = at_work_.trace->at.trace;
  note_fall(board_.traces(), signed_by_self(fell), known_as);
}

}  // namespace frontdesk
