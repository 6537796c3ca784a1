#pragma once

#include "storage/rocks_store.hpp"
#include "tests/storage/temp_folder.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <variant>

namespace frontdesk {

/// An empty store in a folder, ready to be opened. Making one takes some thirty syncs, so it is
/// made once and copied.
inline std::string ready_store(const temp_folder& where) {
  static const temp_folder pattern;
  static const bool made = [] {
    rocks_options options;
    options.folder = pattern.path("store");
    return open_rocks_store(options).index() == 0;
  }();
  if (!made) {
    throw std::runtime_error("cannot make a store in " + pattern.path("store"));
  }
  std::string path = where.path("store");
  std::filesystem::copy(pattern.path("store"), path, std::filesystem::copy_options::recursive);
  return path;
}

}  // namespace frontdesk
