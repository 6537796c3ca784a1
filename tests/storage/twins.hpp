#pragma once

#include "storage/memory_store.hpp"
#include "storage/rocks_store.hpp"
#include "storage/store.hpp"
#include "tests/storage/ready_store.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace frontdesk {

/// The stores that have to behave alike: a test that is typed by `twins` runs over each.
class in_memory {
 public:
  static constexpr const char* name = "InMemory";

  store& kept() { return store_; }
  void settles() {}

 private:
  memory_store store_;
};

/// RocksDB, which reads from its memory what was just written, and from tables what was there when
/// it was opened.
class on_disk : private store {
 public:
  static constexpr const char* name = "OnDisk";

  store& kept() { return *this; }

  /// Closes and opens, so that everything is read from tables.
  void settles() {
    if (std::exchange(written_, false)) {
      open_ = nullptr;
      open_ = opened();
    }
  }

 private:
  std::unique_ptr<rocks_store> opened() const {
    rocks_options options;
    options.folder = path_;
    auto opened = open_rocks_store(options);
    return std::move(std::get<0>(opened));
  }

  fault_or<std::optional<std::string>> get(family where, std::string_view key) override {
    return open_->get(where, key);
  }
  fault_or<done> scan(const key_range& range, const row_visitor& row) override {
    return open_->scan(range, row);
  }
  fault_or<done> write_all(const write_set& set, durability until) override {
    written_ = true;
    return open_->write_all(set, until);
  }
  bool is_healthy() const override { return open_->is_healthy(); }

  temp_folder folder_;
  std::string path_ = ready_store(folder_);
  std::unique_ptr<rocks_store> open_ = opened();
  bool written_ = false;
};

/// RocksDB without settling: everything is read from its memory.
class in_write_buffers : public on_disk {
 public:
  static constexpr const char* name = "InWriteBuffers";

  void settles() {}
};

using twins = testing::Types<in_memory, on_disk>;

struct twin_names {
  template <class Twin>
  static std::string GetName(int) {
    return Twin::name;
  }
};

}  // namespace frontdesk
