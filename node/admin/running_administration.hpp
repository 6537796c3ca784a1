#pragma once

#include "net/internal/node_view.hpp"
#include "net/server.hpp"
#include "node/admin/administration.hpp"
#include "node/audit/audit_log.hpp"
#include "node/data_folder.hpp"
#include "storage/file_store.hpp"
#include "storage/rocks_store.hpp"

namespace frontdesk {

/// What a running node is made of, as far as it is administered.
struct running_parts {
  desk& actors;
  server& door;
  rocks_store& rows;
  const token_identity& tokens;
  file_store& files;
  /// Asked for the statistics, as the internal port is.
  const node_view& view;
  audit_log& audit;
  data_folder folder;
};

/// Has the desk's actors record an entry of the audit; `busy`: not within this time, or never.
fault_or<audited> record_audit(desk&, audit_entry, std::chrono::milliseconds patience);

/// Over the parts of a node that run, and outlive it. Thread-safe, but for `make_checkpoint`.
class running_administration final : public administration {
 public:
  explicit running_administration(running_parts of) : parts_(std::move(of)) {}

  directory_ptr directory_now() const override { return parts_.actors.directory_now(); }
  fault_or<directory_change> change(directory_change) override;
  fault_or<std::string> hash(std::string password) override;
  fault_or<done> make_checkpoint() override;
  fault_or<std::vector<quarantined>> quarantine_of(tenant_id) override;
  fault_or<done> discard_quarantined(tenant_id, quarantine_id) override;
  fault_or<done> pin_tier(std::optional<unsigned> tier, std::chrono::milliseconds time) override;
  const token_identity& tokens() const override { return parts_.tokens; }
  fault_or<done> admit_deed() override;
  fault_or<done> audit(const audit_entry&, std::chrono::milliseconds patience) override;
  fault_or<audit_page> read_audit(const audit_query&) override;
  fault_or<desk_stats> stats() const override { return parts_.view.stats(); }
  fault_or<conversation_id> conversation_numbered(tenant_id, std::uint64_t number) override;
  trace_board* traces() override { return &parts_.actors.traces(); }

 private:
  running_parts parts_;
};

}  // namespace frontdesk
