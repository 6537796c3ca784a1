#include "node/quantity.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace frontdesk {

namespace {

using unit = std::pair<std::string_view, std::uint64_t>;

// The number times its unit; none if it is not of that form, or greater than `max`.
template <std::size_t Count>
std::optional<std::uint64_t> with_unit(std::string_view text, const std::array<unit, Count>& units,
                                       std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, size] : units) {
    if (text == name) {
      return number <= max / size ? std::optional{number * size} : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> duration_from_text(std::string_view text) {
  static constexpr std::array units{unit{"ms", 1}, unit{"s", 1000}, unit{"m", 60'000},
                                    unit{"h", 3'600'000}};
  constexpr std::uint64_t ten_years_ms = 10ULL * 366 * 24 * 3'600'000;
  const auto found = with_unit(text, units, ten_years_ms);
  return found ? std::optional{std::chrono::milliseconds{*found}} : std::nullopt;
}

std::optional<std::uint64_t> bytes_from_text(std::string_view text) {
  static constexpr std::array units{unit{"B", 1}, unit{"KB", 1ULL << 10U}, unit{"MB", 1ULL << 20U},
                                    unit{"GB", 1ULL << 30U}};
  return text == "0" ? std::optional<std::uint64_t>{0} : with_unit(text, units, 1ULL << 63U);
}

std::optional<std::uint64_t> count_from_text(std::string_view text) {
  return with_unit(text, std::array{unit{"", 1}}, ~0ULL);
}

}  // namespace frontdesk
