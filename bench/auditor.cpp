#include "bench/auditor.hpp"

#include "model/limits.hpp"

#include <fmt/format.h>

namespace frontdesk::bench {

namespace {

/// Without a single answer. A node that sheds gives small pages, and all of them take a while.
constexpr milliseconds patience{30'000};
constexpr milliseconds again_otherwise{500};

}  // namespace

auditor::auditor(stage& at) : at_(at) {
  for (device& each : at_.devices) {
    std::deque<conversation_id> open;
    for (const auto& [id, of] : each.talks())
      open.push_back(id);
    if (open.empty()) continue;
    open_count_ += open.size();
    readings_.emplace(&each, reading{&each, std::move(open), sequence{}});
  }
}

bool auditor::read() {
  for (auto& [who, each] : readings_) {
    each.reader->tell(*this);
    if (each.reader->is_ready()) {
      ask(each);
    } else if (each.reader->is_away()) {
      each.reader->come();
    }
  }
  heard_at_ = clock::now();
  while (open_count_ > 0 && clock::now() - heard_at_ < patience && !at_.is_deserted())
    at_.turn();
  // Where there is nothing to read, as when nobody has spoken, it still takes a node to say so.
  const bool is_gone = at_.is_deserted();
  if (open_count_ > 0) {
    at_.complaints.push_back(
        fmt::format("{} readings of conversations from the store are missing, so nothing is proved",
                    open_count_));
  } else if (is_gone) {
    at_.complaints.emplace_back("nobody gets through to the node, so nothing is proved");
  }
  write_down();
  return open_count_ == 0 && !is_gone;
}

void auditor::ask(reading& each) {
  if (each.open.empty() || !each.reader->is_ready()) return;
  each.reader->ask_for_page(each.open.front(), each.after, limits::page_events_max);
}

/// Also after a line was lost in the middle.
void auditor::on_ready(device& who) {
  if (const auto it = readings_.find(&who); it != readings_.end()) ask(it->second);
}

void auditor::on_answer(device& who, const heard& what) {
  const auto it = readings_.find(&who);
  if (it == readings_.end() || it->second.open.empty()) return;
  heard_at_ = clock::now();
  reading& each = it->second;
  if (what.kind == heard_kind::fault && what.retry) {
    const milliseconds wait{what.retry_after_ms};
    at_.turning.at(clock::now() + std::max(wait, again_otherwise),
                   [this, &each, is_here = std::weak_ptr(is_here_)] {
                     if (!is_here.expired()) ask(each);
                   });
    return;
  }
  if (what.kind == heard_kind::page && what.conversation != each.open.front()) return;
  if (what.kind == heard_kind::page) {
    for (const heard_event& one : what.events) {
      take(who, one);
      each.after = one.seq;
    }
    if (what.more && !what.events.empty()) return ask(each);
  } else if (what.kind != heard_kind::fault) {
    return;
  }
  each.open.pop_front();
  each.after = {};
  --open_count_;
  ask(each);
}

void auditor::take(const device& who, const heard_event& what) {
  const auto conversation = at_.into.seen.conversation(to_text(what.conversation));
  checker::event line{
      conversation, checker::track_kind::public_, {what.seq.value}, std::nullopt, hash_of(what)};
  if (what.device && what.kind == event_kind::message) {
    const auto author = at_.into.seen.device(to_text(what.author), to_text(what.device));
    line.author = checker::authorship{author, {what.n.value}};
  }
  stored& known =
      logs_[what.conversation].try_emplace(what.seq.value, stored{line, what.author}).first->second;
  if (line.author) known.what.author = line.author;
  // Two who read another content at one seq: the checker compares it with the log.
  at_.into.seen.add(checker::event_delivered{who.checked(), line, instant_of(clock::now())});
}

void auditor::write_down() {
  for (const auto& [id, log] : logs_) {
    for (const auto& [seq, line] : log)
      at_.into.seen.add(checker::event_stored{line.what});
  }
}

}  // namespace frontdesk::bench
