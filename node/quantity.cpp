#include "node/quantity.hpp"

#include <algorithm>
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
                                    unit{"h", 3'600'000}, unit{"d", 24 * 3'600'000}};
  constexpr std::uint64_t ten_years_ms = 10ULL * 366 * 24 * 3'600'000;
  const auto found = with_unit(text, units, ten_years_ms);
  return found ? std::optional{std::chrono::milliseconds{*found}} : std::nullopt;
}

std::optional<std::uint64_t> bytes_from_text(std::string_view text) {
  static constexpr std::array units{unit{"B", 1}, unit{"KB", 1ULL << 10U}, unit{"MB", 1ULL << 20U},
                                    unit{"GB", 1ULL << 30U}};
  return text == "0" ? std::optional<std::uint64_t>{0} : with_unit(text, units, 1ULL << 63U);
}

std::optional<std::int64_t> moment_from_text(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00Z";
  constexpr std::size_t date_size = 10;
  const auto fits = [](char digit, char c) {
    return digit == '0' ? c >= '0' && c <= '9' : c == digit;
  };
  const bool is_date = text.size() == date_size || text.size() == form.size();
  if (!is_date || !std::equal(text.begin(), text.end(), form.begin(),
                              [&](char c, char digit) { return fits(digit, c); })) {
    return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int found = 0;
    std::from_chars(text.data() + at, text.data() + at + size, found);
    return found;
  };
  using namespace std::chrono;
  const year_month_day day{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                           std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  const bool has_time = text.size() == form.size();
  const int hour = has_time ? number(11, 2) : 0;
  const int minute = has_time ? number(14, 2) : 0;
  const int second = has_time ? number(17, 2) : 0;
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  const auto since =
      sys_days{day}.time_since_epoch() + hours{hour} + minutes{minute} + seconds{second};
  return duration_cast<milliseconds>(since).count();
}

std::optional<std::uint64_t> count_from_text(std::string_view text) {
  return with_unit(text, std::array{unit{"", 1}}, ~0ULL);
}

}  // namespace frontdesk
