#pragma once

#include <string>

namespace frontdesk {

/// Which RocksDB the program runs with: the library is found at the start, so it may be another one
/// than it was built with.
struct rocks_build {
  /// "7.8.3"
  std::string version;
  /// With its asserts: about half as fast, and it ends the process where another returns an error.
  bool is_debug = false;
};

rocks_build running_rocks();

}  // namespace frontdesk
