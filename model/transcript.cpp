#include "model/transcript.hpp"

#include "model/drafter.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace frontdesk {

namespace {

/// Bytes of a record besides its text: keys and fields, generously.
constexpr std::size_t record_overhead = 160;
/// Bytes of one answer in a stored window.
constexpr std::size_t answer_bytes = 12;

/// Bytes that a wish will add to an append, roughly.
std::size_t bytes_of(const wish& what) {
  const auto* said = std::get_if<post_wish>(&what);
  if (said == nullptr) return record_overhead * 3;
  // A change writes the message again, and its edits.
  const std::size_t rewritten =
      said->what.is_message() ? 0 : limits::text_bytes_max + limits::edits_max * record_overhead;
  return record_overhead * 3 + said->what.text.size() + rewritten;
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

void transcript::learn(message_versions recorded) {
  const event& message = recorded.message;
  if (find_versions(message.where, message.seq) != nullptr) {
    return;
  }
  const auto is_idle = [this](const message_versions& each) {
    return !is_target_of_waiting(each.message);
  };
  while (versions_.size() >= limits::versions_at_hand_max) {
    const auto oldest = std::ranges::find_if(versions_, is_idle);
    if (oldest == versions_.end()) {
      break;
    }
    versions_.erase(oldest);
  }
  versions_.push_back(std::move(recorded));
}

message_versions* transcript::find_versions(track where, sequence seq) {
  const auto it = std::ranges::find_if(
      versions_, [&](const message_versions& each) { return each.message.is_at(where, seq); });
  return it == versions_.end() ? nullptr : &*it;
}

/// What is beyond the head is refused without a look.
bool transcript::lacks_target(const post& said) {
  return said.target() && !said.refused && said.target() <= at_.last_of(said.where) &&
         find_versions(said.where, said.target()) == nullptr;
}

bool transcript::is_target_of_waiting(const event& message) const {
  return std::ranges::any_of(waiting_, [&message](const waiting_wish& each) {
    const auto* said = std::get_if<post_wish>(&each.what);
    return said != nullptr && message.is_at(said->what.where, said->what.target());
  });
}

std::optional<std::uint32_t> transcript::waiting_hash(const device_key& key, post_number n) const {
  for (const waiting_wish& waiting : waiting_) {
    const auto* said = std::get_if<post_wish>(&waiting.what);
    if (said != nullptr && said->what.n == n && said->what.author == key.first &&
        said->what.device == key.second) {
      return content_hash(said->what);
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
  const std::uint32_t hash = content_hash(wish.what);
  const auto refuse = [](fault why) { return judgement{post_verdict::refused, {}, why}; };
  if (const fault_code code = admission(wish); code != fault_code::none) {
    return refuse(fault{code});
  }
  if (n == next(device.last)) {
    if (lacks_target(wish.what)) {
      return {post_verdict::unknown_target, {}, {}};
    }
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

std::vector<post_wish> transcript::waiting_posts() const {
  std::vector<post_wish> found;
  for (const waiting_wish& each : waiting_) {
    if (const auto* said = std::get_if<post_wish>(&each.what)) found.push_back(*said);
  }
  return found;
}

draft transcript::begin(timestamp now, std::size_t wishes_max) {
  assert(!drafting_ && !waiting_.empty());
  drafting_ = true;
  draft result = decide(now, wishes_max);
  auto& records = result.records.records;
  for (const event& e : result.events) {
    records.emplace_back(event_record{at_.tenant, e});
  }
  for (const message_versions& each : result.changed) {
    records.emplace_back(event_record{at_.tenant, each.message});
    if (!each.message.is_deleted) continue;
    for (const event& e : each.edits)
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

draft transcript::decide(timestamp now, std::size_t wishes_max) {
  drafter work{at_, versions_, now};
  std::size_t bytes = record_overhead;
  drafted_count_ = 0;
  for (const waiting_wish& waiting : waiting_) {
    const std::size_t more = bytes_of(waiting.what);
    if (drafted_count_ >= wishes_max ||
        (drafted_count_ > 0 && bytes + more > limits::batch_bytes_max / 4)) {
      break;
    }
    bytes += more;
    ++drafted_count_;
    work.next_outcome(waiting.tag);
    const auto* said = std::get_if<post_wish>(&waiting.what);
    at_work_ = said == nullptr ? nullptr : &said->what;
    if (at_work_ != nullptr && !at_work_->refused) taste(at_work_->text, "poison in a draft");
    std::visit(work, waiting.what);
  }
  at_work_ = nullptr;
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
  for (message_versions& each : recorded.changed) {
    if (auto* known = find_versions(each.message.where, each.message.seq)) {
      *known = std::move(each);
    }
  }
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
