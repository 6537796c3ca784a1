#pragma once

#include <cstdint>
#include <string_view>

namespace frontdesk {

/// Says of a text that arrives in pieces, at the first wrong byte, that it is not UTF-8.
/// Overlong forms, surrogates and code points above U+10FFFF are wrong (RFC 3629). One byte large.
class utf8_validator {
 public:
  /// Reads the next piece. False from the first byte on after which no text could be valid.
  bool accept(std::string_view piece) noexcept;

  /// Whether the text could end here, not within a code point.
  bool is_complete() const noexcept { return state_ == 0; }

 private:
  std::uint8_t state_ = 0;
};

/// Whether the whole text is UTF-8.
bool is_utf8(std::string_view text) noexcept;

}  // namespace frontdesk
