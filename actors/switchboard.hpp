#pragma once

#include "actors/audit_keeper_interface.hpp"
#include "actors/connection_roll.hpp"
#include "actors/interfaces.hpp"
#include "actors/load_shedder_interface.hpp"
#include "actors/quarantine.hpp"
#include "actors/quarantine_keeper_interface.hpp"
#include "actors/queue_board.hpp"
#include "actors/recorder_tally.hpp"
#include "actors/spawn.hpp"
#include "actors/supervision_book.hpp"
#include "actors/traffic_tally.hpp"
#include "model/tier_board.hpp"
#include "model/trace_board.hpp"
#include "model/wait_meter.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

namespace frontdesk {

/// An actor that was restarted has a new handle, so nobody may keep one for good. The switchboard
/// says who serves now: the storage actors, the directory, and what the whole desk was started
/// with. The registry alone lives as long as the desk, because it ends with it.
///
/// Thread-safe. Outlives all actors.
class switchboard {
 public:
  switchboard(const desk_foundation& foundation, const desk_settings& settings)
      : foundation_(foundation),
        settings_(settings),
        outbound_(std::make_shared<outbound_budget>(
            settings.outbound, [this](connection_id heaviest) { send_away(heaviest); })) {}
  switchboard(const switchboard&) = delete;
  switchboard& operator=(const switchboard&) = delete;

  const desk_settings& settings() const { return settings_; }
  const desk_foundation& foundation() const { return foundation_; }
  timestamp wall_now() const { return foundation_.time.now(); }

  recorder_actor recorder() const {
    std::lock_guard guard{mutex_};
    return recorder_;
  }
  historian_actor historian() const {
    std::lock_guard guard{mutex_};
    return historian_;
  }
  directory_keeper_actor keeper() const {
    std::lock_guard guard{mutex_};
    return keeper_;
  }
  /// Nobody, if the desk keeps no files.
  file_keeper_actor file_keeper() const {
    std::lock_guard guard{mutex_};
    return file_keeper_;
  }
  quarantine_keeper_actor quarantine_keeper() const {
    std::lock_guard guard{mutex_};
    return quarantine_keeper_;
  }
  audit_keeper_actor audit_keeper() const {
    std::lock_guard guard{mutex_};
    return audit_keeper_;
  }
  load_shedder_actor load_shedder() const {
    std::lock_guard guard{mutex_};
    return load_shedder_;
  }
  registry_actor registry() const {
    std::lock_guard guard{mutex_};
    return registry_;
  }
  directory_ptr directory_now() const {
    std::lock_guard guard{mutex_};
    return directory_;
  }
  const std::string& history() const { return history_; }

  void serve(recorder_actor now) {
    std::lock_guard guard{mutex_};
    recorder_ = std::move(now);
    served_.notify_all();
  }
  void serve(historian_actor now) {
    std::lock_guard guard{mutex_};
    historian_ = std::move(now);
    served_.notify_all();
  }
  void serve(directory_keeper_actor now) {
    std::lock_guard guard{mutex_};
    keeper_ = std::move(now);
    served_.notify_all();
  }
  void serve(file_keeper_actor now) {
    std::lock_guard guard{mutex_};
    file_keeper_ = std::move(now);
    served_.notify_all();
  }
  void serve(quarantine_keeper_actor now) {
    std::lock_guard guard{mutex_};
    quarantine_keeper_ = std::move(now);
    served_.notify_all();
  }
  void serve(audit_keeper_actor now) {
    std::lock_guard guard{mutex_};
    audit_keeper_ = std::move(now);
    served_.notify_all();
  }
  void serve(load_shedder_actor now) {
    std::lock_guard guard{mutex_};
    load_shedder_ = std::move(now);
    served_.notify_all();
  }
  void serve(registry_actor now) {
    std::lock_guard guard{mutex_};
    registry_ = std::move(now);
    served_.notify_all();
  }
  /// Waits until everybody serves; false: not within this time. Not on a worker's thread.
  bool await_all(std::chrono::milliseconds patience) {
    std::unique_lock guard{mutex_};
    return served_.wait_for(guard, patience, [this] {
      const bool has_files = file_keeper_ || foundation_.files == nullptr;
      return recorder_ && historian_ && keeper_ && quarantine_keeper_ && audit_keeper_ &&
             registry_ && load_shedder_ && has_files;
    });
  }
  void publish(directory_ptr now) {
    std::lock_guard guard{mutex_};
    directory_ = std::move(now);
  }
  connection_roll& connected() { return connected_; }
  const connection_roll& connected() const { return connected_; }
  queue_board& queues() { return queues_; }
  const queue_board& queues() const { return queues_; }
  recorder_tally& recorded() { return recorded_; }
  traffic_board& traffic() { return traffic_; }
  const outbound_budget& outbound() const { return *outbound_; }
  outbound_budget& outbound() { return *outbound_; }
  supervision_book& supervised() { return supervised_; }
  const supervision_book& supervised() const { return supervised_; }
  quarantine_gate& quarantine() { return quarantine_; }
  const quarantine_gate& quarantine() const { return quarantine_; }
  tier_board& tiers() { return *tiers_; }
  const tier_board& tiers() const { return *tiers_; }
  trace_board& traces() { return *traces_; }
  const trace_board& traces() const { return *traces_; }
  wait_meter& commits() { return commits_; }
  /// Before any actor starts.
  void name_history(std::string id) { history_ = std::move(id); }

  /// Drops all handles, so that no cycle outlives the actors.
  void close() {
    std::lock_guard guard{mutex_};
    recorder_ = recorder_actor{};
    historian_ = historian_actor{};
    keeper_ = directory_keeper_actor{};
    file_keeper_ = file_keeper_actor{};
    quarantine_keeper_ = quarantine_keeper_actor{};
    audit_keeper_ = audit_keeper_actor{};
    registry_ = registry_actor{};
    load_shedder_ = load_shedder_actor{};
  }

 private:
  void send_away(connection_id who) {
    if (const auto found = connected_.find(who)) {
      caf::anon_send(found, dismiss{close_code::overload, std::nullopt});
    }
  }

  void confine_for_good(quarantined what) const {
    if (const auto found = quarantine_keeper()) caf::anon_send(found, confine{std::move(what)});
  }

  const desk_foundation foundation_;
  const desk_settings settings_;
  std::string history_;
  connection_roll connected_;
  queue_board queues_;
  recorder_tally recorded_;
  traffic_board traffic_{settings_.io_workers, settings_.is_counting};
  supervision_book supervised_{foundation_.time};
  quarantine_gate quarantine_{[this](quarantined what) { confine_for_good(std::move(what)); }};
  const std::shared_ptr<outbound_budget> outbound_;
  const std::shared_ptr<tier_board> tiers_ = std::make_shared<tier_board>();
  const std::shared_ptr<trace_board> traces_ =
      std::make_shared<trace_board>(settings_.traces, foundation_.time, foundation_.on_span);
  wait_meter commits_;
  mutable std::mutex mutex_;
  std::condition_variable served_;
  recorder_actor recorder_;
  historian_actor historian_;
  directory_keeper_actor keeper_;
  file_keeper_actor file_keeper_;
  quarantine_keeper_actor quarantine_keeper_;
  audit_keeper_actor audit_keeper_;
  registry_actor registry_;
  load_shedder_actor load_shedder_;
  directory_ptr directory_ = std::make_shared<const directory>();
};

}  // namespace frontdesk
