#include "model/utf8.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace frontdesk {
namespace {

// Decodes by arithmetic what the validator knows by table.
bool is_utf8_by_arithmetic(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const unsigned lead = static_cast<unsigned char>(bytes[at++]);
    const int rest = lead < 0x80 ? 0 : lead < 0xc0 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (rest < 0 || lead > 0xf7 || bytes.size() - at < std::size_t(rest)) return false;
    unsigned point = rest == 0 ? lead : lead & (0x3fu >> rest);
    for (int i = 0; i < rest; ++i) {
      const unsigned next = static_cast<unsigned char>(bytes[at++]);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3f);
    }
    constexpr unsigned lowest[] = {0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = point >> 11 == 0x1b;
    if (point < lowest[rest] || point > 0x10ffff || is_surrogate) return false;
  }
  return true;
}

TEST(Utf8Validator, AgreesWithArithmeticOnAllBorders) {
  constexpr char borders[] =
      "\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5"
      "\xff";
  static_assert(sizeof borders == 24);
  std::string bytes(4, '\0');
  for (std::size_t i = 0; i < 24 * 24 * 24 * 24; ++i) {
    for (std::size_t at = 0, rest = i; at < 4; ++at, rest /= 24)
      bytes[at] = borders[rest % 24];
    const std::string said = std::string(i % 7, 'a') + bytes + "and on to the next word";
    ASSERT_EQ(is_utf8(bytes), is_utf8_by_arithmetic(bytes)) << testing::PrintToString(bytes);
    ASSERT_EQ(is_utf8(said), is_utf8_by_arithmetic(said)) << testing::PrintToString(said);
  }
}

}  // namespace
}  // namespace frontdesk
