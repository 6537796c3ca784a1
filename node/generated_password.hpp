#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace frontdesk {

/// What a generated password is made of: what is easily taken for something else (0 o, 1 i l) is
/// not there, because people read it from a terminal and type it.
constexpr std::string_view password_letters = "abcdefghjkmnpqrstuvwxyz23456789";
/// 31 letters, so 59 bits: argon2id makes each guess cost 100 ms.
constexpr std::size_t generated_password_length = 12;

/// From the system's randomness; every letter is as likely as every other.
std::string generated_password();

}  // namespace frontdesk
