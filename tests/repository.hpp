#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace frontdesk {

/// The checkout: what the build says, or else the folder at or above the working directory that has
/// the wire's contract in it.
inline std::filesystem::path repository() {
#ifdef FRONTDESK_SOURCE_DIR
  return FRONTDESK_SOURCE_DIR;
#else
  std::filesystem::path folder = std::filesystem::current_path();
  while (!exists(folder / "docs" / "wire.md") && folder != folder.root_path()) {
    folder = folder.parent_path();
  }
  return folder;
#endif
}

/// A file's bytes; empty if there is none.
inline std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace frontdesk
