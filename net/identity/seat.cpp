#include "net/identity/seat.hpp"

#include "model/limits.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace frontdesk {

namespace {

constexpr std::size_t number_bytes = 8;
constexpr std::size_t end_bytes = 4;
constexpr std::size_t said_bytes = number_bytes + end_bytes;
constexpr std::size_t mark_bytes = 16;
constexpr std::size_t seat_bytes = said_bytes + mark_bytes;

using seat_room = std::array<unsigned char, seat_bytes>;

/// Another use of the same secret must never give the same key.
constexpr std::string_view purpose = "frontdesk seat";

std::uint32_t seconds_of(std::int64_t ms) {
  return static_cast<std::uint32_t>(ms / 1000);
}

void mark(seat_room& seat, const std::array<unsigned char, 32>& key) {
  crypto_generichash(seat.data() + said_bytes, mark_bytes, seat.data(), said_bytes, key.data(),
                     key.size());
}

}  // namespace

seat_key seat_key::from_secret(std::string_view secret) {
  seat_key made;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, made.key_.size());
  for (const std::string_view part : {purpose, secret}) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  }
  crypto_generichash_final(&state, made.key_.data(), made.key_.size());
  return made;
}

std::string seat_key::give(timestamp now) const {
  seat_room seat;
  randombytes_buf(seat.data(), number_bytes);
  const std::uint32_t end = seconds_of(now.value + limits::seat_life.count());
  std::memcpy(seat.data() + number_bytes, &end, end_bytes);
  mark(seat, key_);
  std::string digits(seat_bytes * 2 + 1, '\0');
  sodium_bin2hex(digits.data(), digits.size(), seat.data(), seat.size());
  digits.pop_back();
  return digits;
}

std::optional<std::uint64_t> seat_key::number_of(std::string_view digits, timestamp now) const {
  seat_room seat;
  std::size_t size = 0;
  if (digits.size() != seat_bytes * 2 ||
      sodium_hex2bin(seat.data(), seat.size(), digits.data(), digits.size(), nullptr, &size,
                     nullptr) != 0 ||
      size != seat_bytes) {
    return std::nullopt;
  }
  seat_room ours = seat;
  mark(ours, key_);
  std::uint32_t end = 0;
  std::memcpy(&end, seat.data() + number_bytes, end_bytes);
  if (sodium_memcmp(ours.data(), seat.data(), seat.size()) != 0 || end < seconds_of(now.value)) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  std::memcpy(&number, seat.data(), number_bytes);
  return number;
}

}  // namespace frontdesk
