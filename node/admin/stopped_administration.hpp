#pragma once

#include "node/admin/administration.hpp"
#include "node/data_folder.hpp"
#include "storage/audit_trail.hpp"
#include "storage/commit_log.hpp"
#include "storage/rocks_store.hpp"

#include <memory>
#include <optional>

namespace frontdesk {

/// Over the data directory of a node that does not run, for one command: keeps the rules that the
/// directory's actor keeps, and writes through the same commit log. While it lives, no node starts
/// there. One thread.
class stopped_administration final : public administration {
 public:
  /// Trouble: what the folder, its secret or its store say; `data` if the directory in it cannot be
  /// read.
  static or_trouble<std::unique_ptr<stopped_administration>> open(const data_folder&);
  ~stopped_administration() override;

  directory_ptr directory_now() const override { return directory_; }
  fault_or<directory_change> change(directory_change) override;
  fault_or<std::string> hash(std::string password) override;
  fault_or<done> make_checkpoint() override;
  fault_or<std::vector<quarantined>> quarantine_of(tenant_id) override;
  fault_or<done> discard_quarantined(tenant_id, quarantine_id) override;
  fault_or<done> pin_tier(std::optional<unsigned>, std::chrono::milliseconds) override {
    return fault_code::not_ready;
  }
  const token_identity& tokens() const override { return *tokens_; }
  fault_or<done> audit(const audit_entry&, std::chrono::milliseconds) override;
  fault_or<audit_page> read_audit(const audit_query&) override;

  /// Everything that is kept.
  store& rows() { return *store_; }

 private:
  stopped_administration(const data_folder&, std::unique_ptr<rocks_store>,
                         std::unique_ptr<token_identity>, directory);

  fault_code record(const directory_change&);
  fault_code append(shard_id, batch);
  fault_or<audited> record_deed(const audit_entry&);

  const data_folder folder_;
  std::unique_ptr<rocks_store> store_;
  std::unique_ptr<commit_log> log_;
  std::unique_ptr<token_identity> tokens_;
  directory_ptr directory_;
  std::optional<audit_trail> trail_;
};

}  // namespace frontdesk
