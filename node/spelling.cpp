#include "node/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace frontdesk {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // rows[i][j]: between the first i letters of `a` and the first j of `b`.
  std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        rows[i][j] = i + j;
        continue;
      }
      const std::size_t exchange = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, exchange});
      const bool is_turned = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_turned) {
        rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows[a.size()][b.size()];
}

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known) {
  std::string_view nearest;
  std::size_t distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t found = edit_distance(word, candidate);
    if (found < distance) {
      distance = found;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string suggestion_for(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view meant = nearest_word(word, known);
  return meant.empty() ? std::string{} : fmt::format(" Did you mean \"{}\"?", meant);
}

}  // namespace frontdesk
