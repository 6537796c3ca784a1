#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What the fuzz targets share: libFuzzer's entry, and how a target says that a promise was broken.

/// libFuzzer calls it with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace frontdesk {

/// Ends the program with a sentence, which libFuzzer takes as a finding.
inline void promise(bool is_kept, const char* sentence) {
  if (!is_kept) {
    std::fprintf(stderr, "broken promise: %s\n", sentence);
    std::abort();
  }
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace frontdesk
