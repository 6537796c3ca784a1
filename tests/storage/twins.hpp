#pragma once

#include "storage/memory_store.hpp"
#include "storage/store.hpp"

#include <gtest/gtest.h>

namespace frontdesk {

/// The stores that have to behave alike: a test that is typed by `twins` runs over each.
struct in_memory {
  static constexpr const char* name = "InMemory";

  store& kept() { return store_; }
  /// Moves what was written to where a later reading finds it.
  void settles() {}

 private:
  memory_store store_;
};

using twins = testing::Types<in_memory>;

struct twin_names {
  template <class Twin>
  static std::string GetName(int) {
    return Twin::name;
  }
};

}  // namespace frontdesk
