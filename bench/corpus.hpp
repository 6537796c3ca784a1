#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace frontdesk::bench {

struct turn {
  bool is_agents = false;
  std::string text;
};

/// What two people said to each other, a visitor first.
struct dialogue {
  std::vector<turn> turns;
};

/// Dialogues and turns that are read at most; the rest of a larger file is left out.
constexpr std::size_t dialogues_max = 100'000;
constexpr std::size_t turns_max = 1000;

/// One line, `{"turns":[{"by":"visitor","text":"…"},{"by":"agent","text":"…"}]}`; other fields are
/// ignored. The answer is a sentence if it is none. A dialogue that an agent begins gets a
/// visitor's "…" before it, because a visitor opens.
std::variant<dialogue, std::string> dialogue_of(std::string_view line);

/// All lines; empty ones are skipped. The sentence names the line that is none.
std::variant<std::vector<dialogue>, std::string> dialogues_of(std::string_view text);

}  // namespace frontdesk::bench
