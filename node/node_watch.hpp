#pragma once

#include "actors/spawn.hpp"
#include "net/internal/node_view.hpp"
#include "net/server.hpp"
#include "net/tls/tls_certificate.hpp"
#include "node/audit/audit_log.hpp"
#include "node/host_gauges.hpp"
#include "node/log_book.hpp"
#include "storage/space_watch.hpp"
#include "storage/store_health.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace frontdesk {

/// What the internal port knows of a node, from its first step to its last. The parts come and go;
/// what is asked between is answered from those that are there. Thread-safe; nothing here waits for
/// a disk, an actor or a thread that may hang.
class node_watch final : public node_view {
 public:
  /// The log outlives it.
  explicit node_watch(const log_book& log) : log_(log) {}

  /// @name Told by the node, in this order
  /// @{
  /// The next step of the start: "opens the store".
  void begins(std::string_view step);
  /// The audit outlives it.
  void has_audit(const audit_log&);
  void has_disk(const space_watch&);
  void has_desk(desk&);
  void has_server(const server&);
  void has_started();
  /// From here on it is not ready, whatever else holds.
  void drains();
  /// The desk and the server are about to go: returns when nobody asks them any more.
  void lets_go();
  /// @}

  /// @name Told at any time
  /// @{
  void note_store(store_condition, std::string_view why);
  /// The supervisors have given up.
  void note_ruin(std::string_view why);
  void note_certificate(const tls_certificate&);
  /// Asked for `frontdesk_internal_sockets`.
  void has_internal_door(std::function<std::size_t()> sockets_count);
  /// @}

  health startup() const override;
  health readiness() const override;
  desk_stats stats() const override;
  supervised tree() const override;
  node_figures figures() const override;
  std::vector<notice> notices(std::uint64_t after) const override;

 private:
  health readiness_now() const;
  health_check store_check() const;
  health_check load_check() const;

  const log_book& log_;
  /// Looked at once, when the node begins.
  const host_gauges may_use_;
  mutable std::mutex mutex_;
  std::string step_ = "begins";
  bool is_started_ = false;
  bool is_draining_ = false;
  const audit_log* audit_ = nullptr;
  const space_watch* space_ = nullptr;
  desk* desk_ = nullptr;
  const server* server_ = nullptr;
  store_condition store_ = store_condition::sound;
  std::string store_why_;
  std::string ruin_;
  std::optional<timestamp> certificate_until_;
  std::function<std::size_t()> internal_sockets_;
};

}  // namespace frontdesk
