#pragma once

#include "storage/memory_store.hpp"
#include "tests/simulation/bugs.hpp"

#include <functional>
#include <utility>

namespace frontdesk::simulation {

/// The store as the desk sees it: reads may fail, and bugs may be planted in it. The test itself
/// reads from the store behind it.
class faulty_store final : public store {
 public:
  explicit faulty_store(memory_store& real, store_bug bug = store_bug::none)
      : real_(real), bug_(bug) {}

  /// From now on each read asks whether it fails.
  void fail_reads_by(std::function<bool()> fails) { read_fails_ = std::move(fails); }

  fault_or<std::optional<std::string>> get(family where, std::string_view key) override {
    if (read_fails_ && read_fails_()) return fault_code::storage_failed;
    if (bug_ == store_bug::forgets_windows && where == family::dedupe) {
      return std::optional<std::string>{};
    }
    return real_.get(where, key);
  }
  fault_or<done> scan(const key_range& range, const row_visitor& row) override {
    if (read_fails_ && read_fails_()) return fault_code::storage_failed;
    return real_.scan(range, row);
  }
  fault_or<done> write_all(const write_set& set, durability until) override;
  bool is_healthy() const override { return real_.is_healthy(); }

 private:
  memory_store& real_;
  store_bug bug_;
  std::function<bool()> read_fails_;
};

}  // namespace frontdesk::simulation
