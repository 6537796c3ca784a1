#pragma once

#include "model/chat.hpp"
#include "model/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

/// What the records of `stored.hpp` have in common.
namespace frontdesk::stored {

/// Sequences and post numbers beyond it are not exact in JavaScript, so there are none.
constexpr std::uint64_t position_max = (1ULL << 53U) - 1;

/// A stored number as an enumerator; one that has no room in `Enum` becomes the greatest, which is
/// never one of ours.
template <class Enum>
Enum enumerator(std::uint32_t stored) {
  using number = std::underlying_type_t<Enum>;
  constexpr std::uint32_t greatest = std::numeric_limits<number>::max();
  return static_cast<Enum>(stored < greatest ? stored : greatest);
}

/// Whether it is one of the enumerators between two, whose numbers are dense.
template <class Enum>
bool is_between(Enum value, Enum first, Enum last) {
  return value >= first && value <= last;
}

inline bool is_sound(person_id person) {
  return is_between(person.kind, person_kind::nobody, person_kind::system);
}

/// UTF-8 that is not too long. Protobuf would write any bytes as a string, but not read them again.
bool is_text(std::string_view text, std::size_t bytes_max);

inline bool is_name(std::string_view name) {
  return is_text(name, limits::name_bytes_max);
}

inline bool is_sound(const named_person& person) {
  return is_sound(person.person) && is_name(person.name);
}

inline bool is_sound(sequence seq) {
  return seq.value <= position_max;
}

inline bool is_sound(post_number n) {
  return n.value <= position_max;
}

}  // namespace frontdesk::stored
