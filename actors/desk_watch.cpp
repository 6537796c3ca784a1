#include "actors/desk_watch.hpp"

#include "actors/message_name.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace frontdesk {

namespace {

using std::chrono::milliseconds;

milliseconds limit_of(worker_kind kind) {
  switch (kind) {
    case worker_kind::io:
    case worker_kind::control:
      return limits::stuck_after;
    case worker_kind::storage:
      return limits::stuck_after_storage;
    case worker_kind::files:
      return limits::stuck_after_files;
  }
  return limits::stuck_after;
}

template <class Part>
const Part& at_or_empty(const std::vector<Part>& all, std::size_t index) {
  static const Part empty{};
  return index < all.size() ? all[index] : empty;
}

spread spread_of(const stats_tally::reading& now, const stats_tally::reading& before) {
  return {now.all(), now.since(before)};
}

}  // namespace

desk_watch::desk_watch(scheduler& threads, census& kinds, const recorder_tally& recorded,
                       const traffic_board& traffic, stuck_listener listener)
    : threads_(threads),
      kinds_(kinds),
      recorded_(recorded),
      traffic_(traffic),
      listener_(std::move(listener)) {
  for (const auto& each : threads.workers()) {
    const stuck_watch rule{limit_of(each->place().kind), limits::watch_interval};
    watched_.push_back({rule, {}, 0, false});
  }
}

void desk_watch::look(moment now) {
  const auto& all = threads_.workers();
  for (std::size_t i = 0; i < all.size(); ++i)
    look_at(*all[i], watched_[i], now);
  probe();
  note_times(now);
}

void desk_watch::probe() {
  for (const auto& each : threads_.workers())
    each->probe();
}

void desk_watch::look_at(worker& at, watched& one, moment now) {
  const activity::reading doing = at.doing().read();
  const stuck_watch::finding found = one.rule.look(
      {doing.number, doing.is_handling(), at.is_probe_awaited(), at.load().executed_count}, now);
  std::optional<stuck_stats> news;
  {
    const std::lock_guard guard{mutex_};
    if (found.has_ended) {
      one.is_stuck = false;
      one.doing.lasted = found.lasted;
      news = one.doing;
    } else if (found.what != stuck_watch::verdict::well) {
      if (found.is_news) {
        const bool is_message = found.what == stuck_watch::verdict::stuck_in_message;
        one.kind = is_message ? doing.kind : kinds_.kind_of("callback");
        one.doing = {name_of(at.place()), kinds_.life(one.kind).name, is_message ? doing.id : 0,
                     is_message ? message_name(*doing.message) : "", found.lasted};
        one.is_stuck = true;
        news = one.doing;
      }
      one.doing.lasted = found.lasted;
    }
  }
  if (!news) return;
  if (found.has_ended) note_stuck(one.kind, found.lasted);
  if (!found.has_ended) kinds_.life(one.kind).stuck.fetch_add(1, std::memory_order_relaxed);
  tell(*news, found.has_ended);
}

void desk_watch::tell(const stuck_stats& what, bool has_ended) const noexcept {
  if (!listener_) return;
  try {
    listener_(what, has_ended);
  } catch (...) {
    // Whoever is to be told of it cannot be told of anything.
  }
}

void desk_watch::note_stuck(kind_index kind, milliseconds lasted) {
  const std::lock_guard guard{mutex_};
  if (!stuck_times_[kind]) stuck_times_[kind] = std::make_unique<stats_tally>();
  stuck_times_[kind]->record(static_cast<std::uint64_t>(std::chrono::nanoseconds{lasted}.count()));
}

void desk_watch::note_times(moment now) {
  if (now - second_began_ >= std::chrono::seconds{1}) {
    second_began_ = now;
    kinds_.next_second();
  }
  {
    const std::lock_guard guard{mutex_};
    const bool is_due =
        readings_.empty() || now - readings_.back()->at >= limits::stats_reading_every;
    if (!is_due) return;
  }
  auto fresh = read(now);
  const std::lock_guard guard{mutex_};
  readings_.push_back(std::move(fresh));
  if (readings_.size() > limits::stats_readings_max) readings_.pop_front();
}

std::shared_ptr<const desk_watch::reading> desk_watch::read(moment now) const {
  auto all = std::make_shared<reading>();
  all->at = now;
  all->kinds.resize(kinds_.count());
  for (const auto& each : threads_.workers()) {
    all->workers.push_back({each->queue_delay().read(), each->loop_lag().read()});
    for (std::size_t kind = 0; kind < all->kinds.size(); ++kind) {
      const kind_tally* counted = each->tally_of(static_cast<kind_index>(kind));
      if (counted == nullptr) continue;
      all->kinds[kind].messages += counted->messages.read();
      all->kinds[kind].mailbox.add(counted->mailbox.read());
      all->kinds[kind].handling.add(counted->handling.read());
    }
  }
  all->appends_per_batch = recorded_.appends_per_batch.read();
  all->bytes_per_batch = recorded_.bytes_per_batch.read();
  all->commit = recorded_.commit.read();
  traffic_.for_each([&](const traffic_tally& one) {
    all->ack.add(one.ack.read());
    all->delivery.add(one.delivery.read());
  });
  const std::lock_guard guard{mutex_};
  for (std::size_t kind = 0; kind < all->kinds.size(); ++kind) {
    if (stuck_times_[kind]) all->kinds[kind].handling.add(stuck_times_[kind]->read());
  }
  return all;
}

actor_kind_stats desk_watch::stats_of(kind_index kind, const reading& now,
                                      const reading& before) const {
  const kind_life& life = kinds_.life(kind);
  const auto counted = [](const std::atomic<std::uint64_t>& count) {
    return count.load(std::memory_order_relaxed);
  };
  actor_kind_stats all;
  all.name = life.name;
  // The end is read first, so that nobody has ended who was not made.
  const std::uint64_t ended = counted(life.ended);
  all.spawned = counted(life.spawned);
  all.count = all.spawned - ended;
  all.crashed = counted(life.crashed);
  const std::uint64_t failed = counted(life.failed);
  all.failed = failed - std::min(failed, all.crashed);
  all.timeouts = counted(life.timeouts);
  all.stuck = counted(life.stuck);
  const reading::kind_part& then = at_or_empty(before.kinds, kind);
  const reading::kind_part& here = now.kinds[kind];
  all.messages = here.messages;
  const double seconds = std::chrono::duration<double>(now.at - before.at).count();
  if (seconds > 0) {
    all.messages_per_second = static_cast<double>(here.messages - then.messages) / seconds;
  }
  for (const auto& each : threads_.workers()) {
    const kind_tally* found = each->tally_of(kind);
    if (found == nullptr) continue;
    all.mailbox_max = std::max(all.mailbox_max, found->mailbox_max.read());
    // What was found in the second before the last one is not now.
    if (found->mailbox_second.read() + 1 < kinds_.second()) continue;
    all.mailbox_now = std::max(all.mailbox_now, found->mailbox_latest.read());
  }
  all.mailbox = spread_of(here.mailbox, then.mailbox);
  all.handling = spread_of(here.handling, then.handling);
  return all;
}

/// Each that there is, also those of which nothing was counted: whoever asks how much was added
/// needs the beginning.
traffic_stats desk_watch::traffic_of(const reading& now, const reading& before) const {
  traffic_stats all;
  if (!traffic_.is_counting()) return all;
  for (const fault_entry& each : all_faults()) {
    assert(static_cast<std::size_t>(each.code) < traffic_tally::faults_max);
    std::uint64_t count = 0;
    traffic_.for_each([&](const traffic_tally& one) {
      count += one.faults[static_cast<std::size_t>(each.code)].read();
    });
    all.faults.push_back({std::string{each.name}, static_cast<double>(count)});
  }
  for (std::size_t i = 0; i < traffic_tally::closes_count; ++i) {
    const close_code code = traffic_tally::close_code_at(i);
    const bool is_internal = code == close_code::internal;
    // What has no word of its own is no code.
    if (!is_internal && reason_of(code) == reason_of(close_code::internal)) continue;
    std::uint64_t count = 0;
    traffic_.for_each([&](const traffic_tally& one) { count += one.closes[i].read(); });
    all.closes.push_back({std::string{reason_of(code)}, static_cast<double>(count)});
  }
  all.ack = spread_of(now.ack, before.ack);
  all.delivery = spread_of(now.delivery, before.delivery);
  return all;
}

desk_stats desk_watch::stats(moment now) const {
  const auto fresh = read(now);
  std::shared_ptr<const reading> before;
  desk_stats all;
  {
    const std::lock_guard guard{mutex_};
    before = readings_.empty() ? fresh : readings_.front();
    for (const watched& each : watched_) {
      if (each.is_stuck) all.stuck.push_back(each.doing);
    }
  }
  all.recent = std::chrono::duration_cast<milliseconds>(fresh->at - before->at);
  all.sampled_one_in = census::sampled_one_in;
  for (std::size_t kind = 0; kind < fresh->kinds.size(); ++kind) {
    auto one = stats_of(static_cast<kind_index>(kind), *fresh, *before);
    if (one.spawned > 0 || one.stuck > 0) all.actors.push_back(std::move(one));
  }
  const auto& threads = threads_.workers();
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const worker_load load = threads[i]->load();
    const auto& then = at_or_empty(before->workers, i);
    all.workers.push_back({name_of(threads[i]->place()), load.executed_count,
                           load.remote_wakeups_count, load.ready_length, load.timers_length,
                           spread_of(fresh->workers[i].queue_delay, then.queue_delay),
                           spread_of(fresh->workers[i].loop_lag, then.loop_lag)});
  }
  all.recorder = {recorded_.batches.read(),
                  recorded_.failed_batches.read(),
                  recorded_.appends.read(),
                  recorded_.bytes.read(),
                  recorded_.waiting.read(),
                  spread_of(fresh->appends_per_batch, before->appends_per_batch),
                  spread_of(fresh->bytes_per_batch, before->bytes_per_batch),
                  spread_of(fresh->commit, before->commit)};
  all.traffic = traffic_of(*fresh, *before);
  return all;
}

}  // namespace frontdesk
