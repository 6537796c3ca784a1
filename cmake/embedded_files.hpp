#pragma once

#include <span>
#include <string_view>

namespace frontdesk {

/// A file of the web pages, as it stood in web/dist when the program was built. All views live as
/// long as the program.
struct embedded_file {
  /// Relative to web/dist, with forward slashes and no slash in front: "console/index.html".
  std::string_view path;
  std::string_view bytes;
  /// Of the bytes, in lower-case hexadecimal digits.
  std::string_view sha256_hex;
};

/// All embedded files, sorted by path in byte order; empty when the program was built without
/// web/dist.
std::span<const embedded_file> embedded_files();

}  // namespace frontdesk
