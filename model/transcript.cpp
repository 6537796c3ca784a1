#include "model/transcript.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <cassert>

namespace frontdesk {

namespace {

/// Bytes of a record besides its text: keys and fields, generously.
constexpr std::size_t record_overhead = 160;
/// Bytes of one answer in a stored window.
constexpr std::size_t answer_bytes = 12;

/// Works through wishes, each seeing what the ones before it made of the conversation.
class drafter {
 public:
  drafter(const head& before, timestamp now) : now_(now) {
    result_.before = before;
    result_.after = before;
  }

  void operator()(const post_wish& wish) {
    ++result_.posts_count;
    outcome().author = wish.what.author;
    outcome().device = wish.what.device;
    const fault_code refusal = prepare(wish);
    if (refusal == fault_code::unknown_conversation) {
      outcome().refusal = refusal;
      return;
    }
    post_answer answer{wish.what.n, content_hash(wish.what.where, wish.what.text),
                       {},          wish.what.where,
                       now_,        refusal};
    if (refusal == fault_code::none) {
      answer.seq = say(wish);
    }
    outcome().answer = answer;
    if (opened_) {
      mark(event_kind::queued, the_system);
      opened_ = false;
    }
  }

  void operator()(const assign_wish& wish) {
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

  void operator()(const return_wish& wish) {
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

  void operator()(const close_wish& wish) {
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

  void next_outcome(std::uint64_t tag) {
    result_.outcomes.push_back({tag, fault_code::none, {}, {}, std::nullopt});
  }

  draft take() { return std::move(result_); }

 private:
  wish_outcome& outcome() { return result_.outcomes.back(); }

  void become(conversation_status status) {
    result_.after.status = status;
    result_.after.since = now_;
  }

  event& append_event(track where, event_kind kind, person_id author) {
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

  /// An event that nobody said.
  event& mark(event_kind kind, person_id author) {
    return append_event(track::visible, kind, author);
  }

  /// Whether the post may be said, opening or re-opening the conversation where it must.
  fault_code prepare(const post_wish& wish) {
    head& h = result_.after;
    const bool by_visitor = wish.what.author.is_visitor();
    if (!h.exists()) {
      if (!by_visitor || !wish.inbox) {
        return fault_code::unknown_conversation;
      }
      if (!wish.what.refused) {
        open(wish);
      }
      return wish.what.refused.value_or(fault_code::none);
    }
    if (by_visitor && h.visitor.person != wish.what.author) {
      return fault_code::unknown_conversation;
    }
    if (wish.what.refused) {
      return *wish.what.refused;
    }
    if (h.is_closed() && wish.what.where == track::visible) {
      return by_visitor ? reopen(wish) : fault_code::conversation_closed;
    }
    return fault_code::none;
  }

  void open(const post_wish& wish) {
    head& h = result_.after;
    h.inbox = *wish.inbox;
    h.team = wish.team;
    h.ordinal = wish.ordinal;
    h.visitor = {wish.what.author, wish.author_name};
    h.opened_at = now_;
    result_.opens = true;
    opened_ = true;
    become(conversation_status::queued);
    mark(event_kind::opened, wish.what.author);
  }

  fault_code reopen(const post_wish& wish) {
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

  sequence say(const post_wish& wish) {
    head& h = result_.after;
    event& e = append_event(wish.what.where, event_kind::message, wish.what.author);
    e.text = wish.what.text;
    e.device = wish.what.device;
    e.n = wish.what.n;
    if (wish.what.where == track::internal) {
      e.follows = h.visible;
      return e.seq;
    }
    h.last = {e.author, std::string{cut_text(e.text, limits::preview_bytes_max)}, now_};
    if (!wish.what.author.is_visitor()) {
      h.waiting_since = {};
    } else if (!h.waiting_since) {
      h.waiting_since = now_;
    }
    return e.seq;
  }

  timestamp now_;
  draft result_;
  bool opened_ = false;
};

/// Bytes that a wish will add to an append, roughly.
std::size_t bytes_of(const wish& what) {
  const auto* said = std::get_if<post_wish>(&what);
  return record_overhead * 3 + (said != nullptr ? said->what.text.size() : 0);
}

}  // namespace

transcript::transcript(head recorded) : at_(std::move(recorded)) {}

transcript::device_state* transcript::find(const device_key& key) {
  const auto it = std::ranges::find(devices_, key, [](const auto& d) { return d.first; });
  if (it == devices_.end()) {
    return nullptr;
  }
  it->second.used = ++uses_;
  return &it->second;
}

void transcript::learn(post_window recorded) {
  const device_key key{recorded.author, recorded.device};
  if (find(key) != nullptr) {
    return;
  }
  if (devices_.size() >= limits::windows_at_hand_max) {
    auto oldest = devices_.end();
    for (auto it = devices_.begin(); it != devices_.end(); ++it) {
      const bool idle = it->second.last == it->second.window.last();
      if (idle && (oldest == devices_.end() || it->second.used < oldest->second.used)) {
        oldest = it;
      }
    }
    if (oldest != devices_.end()) {
      devices_.erase(oldest);
    }
  }
  const post_number last = recorded.last();
  devices_.push_back({key, {std::move(recorded), last, ++uses_}});
}

std::optional<std::uint32_t> transcript::waiting_hash(const device_key& key, post_number n) const {
  for (const waiting_wish& waiting : waiting_) {
    const auto* said = std::get_if<post_wish>(&waiting.what);
    if (said != nullptr && said->what.n == n && said->what.author == key.first &&
        said->what.device == key.second) {
      return content_hash(said->what.where, said->what.text);
    }
  }
  return std::nullopt;
}

judgement transcript::judge(const post_wish& wish, std::uint64_t tag) {
  device_state* device = find({wish.what.author, wish.what.device});
  if (device == nullptr) {
    return {post_verdict::unknown_device, {}, {}};
  }
  return judge_known(*device, wish, tag);
}

fault_code transcript::admission(const post_wish& wish) const {
  const bool by_visitor = wish.what.author.is_visitor();
  if (by_visitor && wish.what.where == track::internal) {
    return fault_code::forbidden;
  }
  const bool hers = at_.exists() ? at_.visitor.person == wish.what.author : wish.inbox.has_value();
  const bool known = by_visitor ? hers : at_.exists();
  return known ? fault_code::none : fault_code::unknown_conversation;
}

judgement transcript::judge_known(device_state& device, const post_wish& wish, std::uint64_t tag) {
  const post_number n = wish.what.n;
  const std::uint32_t hash = content_hash(wish.what.where, wish.what.text);
  const auto refuse = [](fault why) { return judgement{post_verdict::refused, {}, why}; };
  if (const fault_code code = admission(wish); code != fault_code::none) {
    return refuse(fault{code});
  }
  if (n == next(device.last)) {
    if (!add(wish, tag)) {
      return refuse(fault{fault_code::busy});
    }
    device.last = n;
    return {post_verdict::waits, {}, {}};
  }
  const auto& answers = device.window.answers;
  const auto first = std::ranges::find(answers, n, &post_answer::n);
  if (first != answers.end()) {
    return first->hash == hash ? judgement{post_verdict::repeated, *first, {}}
                               : refuse(fault{fault_code::conflict});
  }
  if (const auto waiting = waiting_hash({wish.what.author, wish.what.device}, n)) {
    return *waiting == hash ? judgement{post_verdict::pending, {}, {}}
                            : refuse(fault{fault_code::conflict});
  }
  fault why{fault_code::out_of_order};
  why.expects = next(device.last);
  return refuse(why);
}

bool transcript::add(wish what, std::uint64_t tag) {
  if (waiting_.size() >= limits::posts_waiting_max) {
    return false;
  }
  waiting_.push_back({tag, std::move(what)});
  return true;
}

draft transcript::begin(timestamp now) {
  assert(!drafting_ && !waiting_.empty());
  drafting_ = true;
  draft result = decide(now);
  auto& records = result.records.records;
  for (const event& e : result.events) {
    records.emplace_back(event_record{at_.tenant, e});
  }
  record_answers(result);
  if (!result.events.empty()) {
    for (const index_row& row : index_changes(result.before, result.after)) {
      records.emplace_back(row);
    }
    records.emplace_back(result.after);
  }
  return result;
}

draft transcript::decide(timestamp now) {
  drafter work{at_, now};
  std::size_t bytes = record_overhead;
  drafted_count_ = 0;
  for (const waiting_wish& waiting : waiting_) {
    const std::size_t more = bytes_of(waiting.what);
    if (drafted_count_ >= limits::append_posts_max ||
        (drafted_count_ > 0 && bytes + more > limits::batch_bytes_max / 4)) {
      break;
    }
    bytes += more;
    ++drafted_count_;
    work.next_outcome(waiting.tag);
    std::visit(work, waiting.what);
  }
  draft result = work.take();
  result.bytes = bytes;
  return result;
}

void transcript::record_answers(draft& result) {
  std::vector<std::pair<device_key, post_window>> touched;
  for (const wish_outcome& outcome : result.outcomes) {
    if (!outcome.answer) {
      continue;
    }
    const device_key key{outcome.author, outcome.device};
    auto it = std::ranges::find(touched, key, &std::pair<device_key, post_window>::first);
    if (it == touched.end()) {
      it = touched.insert(touched.end(), {key, find(key)->window});
    }
    it->second.answers.push_back(*outcome.answer);
  }
  for (auto& [key, window] : touched) {
    const std::size_t kept = std::min(window.answers.size(), limits::answers_kept_max);
    window.answers.erase(window.answers.begin(),
                         window.answers.end() - static_cast<std::ptrdiff_t>(kept));
    result.bytes += kept * answer_bytes;
    result.records.records.emplace_back(
        window_record{at_.tenant, at_.conversation, std::move(window)});
  }
}

void transcript::settle(draft& recorded, std::uint64_t number) {
  assert(drafting_);
  drafting_ = false;
  if (recorded.opens) {
    recorded.after.number = number;
  }
  at_ = recorded.after;
  for (record& kept : recorded.records.records) {
    if (auto* window = std::get_if<window_record>(&kept)) {
      if (device_state* device = find({window->window.author, window->window.device})) {
        device->window = std::move(window->window);
      }
    }
  }
  for (; drafted_count_ > 0; --drafted_count_) {
    waiting_.pop_front();
  }
}

}  // namespace frontdesk
