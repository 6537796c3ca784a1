#include "model/utf8.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace frontdesk {

namespace {

constexpr unsigned bits(char byte) {
  return static_cast<unsigned char>(byte);
}

// UTF-8 as a machine of nine states over twelve kinds of byte. The states are what may come next:
//
//   0 a code point begins     3 three more, 80–BF     6 after F0: 90–BF, then two more
//   1 one more, 80–BF         4 after E0: A0–BF, 1    7 after F4: 80–8F, then two more
//   2 two more, 80–BF         5 after ED: 80–9F, 1    8 nothing: it is broken
constexpr std::uint8_t utf8_broken = 8;

constexpr std::uint8_t utf8_kind(unsigned byte) {
  if (byte < 0x80) return 0;
  if (byte < 0xc0) return byte < 0x90 ? 1 : byte < 0xa0 ? 2 : 3;
  if (byte < 0xe0) return byte < 0xc2 ? 11 : 4;
  if (byte < 0xf0) return byte == 0xe0 ? 5 : byte == 0xed ? 7 : 6;
  if (byte > 0xf4) return 11;
  return byte == 0xf0 ? 8 : byte == 0xf4 ? 10 : 9;
}

// clang-format off
constexpr std::uint8_t utf8_steps[9][12] = {
  // 00  80  90  A0  C2  E0  E1  ED  F0  F1  F4  C0 C1 F5…FF
  {   0,  8,  8,  8,  1,  4,  2,  5,  6,  3,  7,  8},
  {   8,  0,  0,  0,  8,  8,  8,  8,  8,  8,  8,  8},
  {   8,  1,  1,  1,  8,  8,  8,  8,  8,  8,  8,  8},
  {   8,  2,  2,  2,  8,  8,  8,  8,  8,  8,  8,  8},
  {   8,  8,  8,  1,  8,  8,  8,  8,  8,  8,  8,  8},
  {   8,  1,  1,  8,  8,  8,  8,  8,  8,  8,  8,  8},
  {   8,  8,  2,  2,  8,  8,  8,  8,  8,  8,  8,  8},
  {   8,  2,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8},
  {   8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8},
};
// clang-format on

// The same, a word for each byte: six bits for each state hold six times the state that follows, so
// that a step is one shift, without a load that waits for the step before.
constexpr unsigned utf8_state_bits = 6;

constexpr auto utf8_words = [] {
  std::array<std::uint64_t, 256> words{};
  for (unsigned byte = 0; byte < words.size(); ++byte) {
    for (unsigned state = 0; state <= utf8_broken; ++state) {
      const std::uint64_t follower = utf8_steps[state][utf8_kind(byte)];
      words[byte] |= follower * utf8_state_bits << (state * utf8_state_bits);
    }
  }
  return words;
}();

// Almost all text of a chat in Latin script passes here, eight bytes at a time.
const char* skip_ascii(const char* at, const char* end) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  for (std::uint64_t word = 0; end - at >= static_cast<std::ptrdiff_t>(sizeof word);
       at += sizeof word) {
    std::memcpy(&word, at, sizeof word);
    if ((word & high_bits) != 0) break;
  }
  while (at != end && bits(*at) < 0x80)
    ++at;
  return at;
}

}  // namespace

bool utf8_validator::accept(std::string_view piece) noexcept {
  constexpr std::uint64_t state_mask = (1u << utf8_state_bits) - 1;
  const char* at = piece.data();
  const char* const end = at + piece.size();
  std::uint64_t state = state_;
  while (at != end && state != utf8_broken * utf8_state_bits) {
    if (state == 0 && bits(*at) < 0x80) {
      at = skip_ascii(at, end);
    } else {
      state = utf8_words[bits(*at++)] >> state & state_mask;
    }
  }
  state_ = static_cast<std::uint8_t>(state);
  return state != utf8_broken * utf8_state_bits;
}

bool is_utf8(std::string_view text) noexcept {
  utf8_validator validator;
  return validator.accept(text) && validator.is_complete();
}

}  // namespace frontdesk
