#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace frontdesk {

/// Cuts bytes into pieces of `bytes_min` to `bytes_max`; the same seed cuts in the same places.
class cuts {
 public:
  cuts(std::size_t bytes_min, std::size_t bytes_max, std::uint32_t seed)
      : bytes_min_(std::max<std::size_t>(bytes_min, 1)), bytes_max_(bytes_max), random_(seed) {}

  static cuts none(std::string_view bytes) { return {bytes.size(), bytes.size(), 0}; }
  static cuts each_byte() { return {1, 1, 0}; }
  /// Small pieces, as the last byte says: so the fuzzer chooses them, too.
  static cuts small(std::string_view bytes) {
    const std::uint32_t seed = bytes.empty() ? 0U : static_cast<unsigned char>(bytes.back());
    return {1, 1 + seed % 16, seed};
  }

  /// Takes the next piece from the front.
  std::string_view next(std::string_view& bytes) {
    std::size_t size = bytes_min_;
    if (bytes_max_ > bytes_min_) {
      // The low bits of this generator repeat soon.
      random_ = random_ * 1664525U + 1013904223U;
      size += (random_ >> 16U) % (bytes_max_ - bytes_min_ + 1);
    }
    const std::string_view piece = bytes.substr(0, size);
    bytes.remove_prefix(piece.size());
    return piece;
  }

 private:
  std::size_t bytes_min_;
  std::size_t bytes_max_;
  std::uint32_t random_;
};

}  // namespace frontdesk
