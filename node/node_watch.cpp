#include "node/node_watch.hpp"

#include "node/process_figures.hpp"
#include "node/program_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace frontdesk {

void node_watch::begins(std::string_view step) {
  const std::lock_guard guard(mutex_);
  step_ = step;
}

void node_watch::has_audit(const audit_log& of) {
  const std::lock_guard guard(mutex_);
  audit_ = &of;
}

void node_watch::has_disk(const space_watch& space) {
  const std::lock_guard guard(mutex_);
  space_ = &space;
}

void node_watch::has_desk(desk& one) {
  const std::lock_guard guard(mutex_);
  desk_ = &one;
}

void node_watch::has_server(const server& one) {
  const std::lock_guard guard(mutex_);
  server_ = &one;
}

void node_watch::has_started() {
  const std::lock_guard guard(mutex_);
  is_started_ = true;
}

void node_watch::drains() {
  const std::lock_guard guard(mutex_);
  is_draining_ = true;
}

void node_watch::lets_go() {
  const std::lock_guard guard(mutex_);
  server_ = nullptr;
  desk_ = nullptr;
}

void node_watch::note_store(store_condition now, std::string_view why) {
  const std::lock_guard guard(mutex_);
  store_ = now;
  store_why_ = why;
}

void node_watch::note_ruin(std::string_view why) {
  const std::lock_guard guard(mutex_);
  ruin_ = why;
}

void node_watch::note_certificate(const tls_certificate& one) {
  const std::lock_guard guard(mutex_);
  certificate_until_ = one.valid_until();
}

void node_watch::has_internal_door(std::function<std::size_t()> sockets_count) {
  const std::lock_guard guard(mutex_);
  internal_sockets_ = std::move(sockets_count);
}

health node_watch::startup() const {
  const std::lock_guard guard(mutex_);
  return {{{"started", is_started_, is_started_ ? "all parts run" : "the node " + step_}}};
}

health node_watch::readiness() const {
  const std::lock_guard guard(mutex_);
  return readiness_now();
}

health node_watch::readiness_now() const {
  if (!is_started_) {
    return {{{"started", false, "the node " + step_}}};
  }
  health found;
  const auto add = [&](std::string_view name, bool holds, std::string_view good, std::string bad) {
    found.checks.push_back({std::string(name), holds, holds ? std::string(good) : std::move(bad)});
  };
  add("started", true, "all parts run", {});
  add("staying", !is_draining_, "nobody is sent away",
      "the node is stopping: devices are told to come back elsewhere or later");
  found.checks.push_back(store_check());
  add("disk", space_ == nullptr || !space_->is_short(), "has room",
      "the disk is nearly full: posts are refused until there is room");
  const bool is_recording = desk_ != nullptr && desk_->is_ready();
  add("actors", ruin_.empty() && is_recording, "record what is posted",
      ruin_.empty() ? "cannot record now" : "failed again and again: " + ruin_);
  found.checks.push_back(load_check());
  return found;
}

health_check node_watch::store_check() const {
  switch (store_) {
    case store_condition::sound:
      return {"store", true, "reads and writes"};
    case store_condition::full:
      return {"store", false, "is full, and waits for room: " + store_why_};
    case store_condition::broken:
      return {"store", false, "can no longer write, so the node ends: " + store_why_};
  }
  return {"store", false, "is in a condition that nobody knows"};
}

health_check node_watch::load_check() const {
  if (desk_ == nullptr) {
    return {"load", true, "nobody is served"};
  }
  const tier_board& tiers = desk_->tiers();
  if (tiers.is_guarded()) {
    return {"load", false, "memory or the store are at their end: nobody new is let in"};
  }
  const auto until = tiers.pinned_until();
  if (!until) {
    return {"load", true, fmt::format("tier {}", tiers.node())};
  }
  const auto left =
      std::chrono::ceil<std::chrono::seconds>(*until - tier_board::moment::clock::now());
  return {"load", true,
          fmt::format("tier {}, pinned for {} s more", tiers.node(),
                      std::max<std::int64_t>(left.count(), 0))};
}

desk_stats node_watch::stats() const {
  desk_stats all;
  {
    const std::lock_guard guard(mutex_);
    all = desk_ != nullptr ? desk_->stats() : desk_stats{};
    all.node.is_ready = readiness_now().holds();
  }
  all.node.name = own_host_name();
  all.node.version = program_version();
  all.node.processors = may_use_.processors();
  all.node.memory_limit_bytes = may_use_.memory_limit();
  return all;
}

supervised node_watch::tree() const {
  const std::lock_guard guard(mutex_);
  return desk_ != nullptr ? desk_->supervision() : supervised{};
}

node_figures node_watch::figures() const {
  node_figures found;
  found.process = own_process_figures();
  found.log_lines = log_.recent().counts();
  const std::lock_guard guard(mutex_);
  found.is_ready = readiness_now().holds();
  found.disk.is_store_sound = store_ == store_condition::sound;
  found.disk.is_short = space_ != nullptr && space_->is_short();
  if (const auto room = space_ != nullptr ? space_->room() : std::nullopt) {
    found.disk.free_bytes = room->free;
    found.disk.total_bytes = room->total;
  }
  if (audit_ != nullptr) {
    found.audit = audit_->figures();
  }
  if (server_ != nullptr) {
    const server_counts counts = server_->counts();
    found.door.sockets = counts.connections;
    found.door.handshakes = counts.handshakes;
    found.door.accepted = counts.accepted;
    found.door.refused = counts.refused;
    found.door.pauses = counts.accept_pauses;
  }
  found.door.internal_sockets = internal_sockets_ ? internal_sockets_() : 0;
  found.door.certificate_until = certificate_until_;
  return found;
}

std::vector<notice> node_watch::notices(std::uint64_t after) const {
  return log_.recent().after(after);
}

}  // namespace frontdesk
