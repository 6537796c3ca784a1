#pragma once

#include "model/ids.hpp"
#include "model/limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The problem: whoever looks at a node that is in trouble wants to know what it has said in the
/// last minutes, and its log is on another machine, or in a file that rotates.
///
/// The answer: the last lines stay in memory, so many and each so long that they are never felt.
namespace frontdesk {

enum class notice_level : std::uint8_t { debug, info, warning, error };
inline constexpr std::size_t notice_levels_count = 4;

constexpr std::string_view name_of(notice_level level) {
  constexpr std::array<std::string_view, notice_levels_count> names{"debug", "info", "warning",
                                                                    "error"};
  return names[static_cast<std::size_t>(level)];
}

/// One line of the log. Never a secret, never what somebody wrote.
struct notice {
  /// Dense from 1 since the start: a hole means that lines were forgotten meanwhile.
  std::uint64_t number = 0;
  timestamp at;
  notice_level level = notice_level::info;
  std::string name;
  std::vector<std::pair<std::string, std::string>> fields;
};

/// The last notices of a node, and how many there were. Thread-safe. When it is full the oldest is
/// forgotten.
class recent_notices {
 public:
  /// Gives it its number, and cuts what is longer than `limits::notice_bytes_max`.
  void add(notice what) {
    for (auto& [name, value] : what.fields) {
      if (value.size() > limits::notice_bytes_max) value.resize(begin_of_cut(value));
    }
    const std::lock_guard guard(mutex_);
    what.number = ++last_;
    ++counts_[static_cast<std::size_t>(what.level)];
    kept_.push_back(std::move(what));
    if (kept_.size() > limits::notices_max) kept_.pop_front();
  }

  /// Those with a greater number, in their order.
  std::vector<notice> after(std::uint64_t number) const {
    const std::lock_guard guard(mutex_);
    std::vector<notice> found;
    for (const notice& each : kept_) {
      if (each.number > number) found.push_back(each);
    }
    return found;
  }

  /// Since the start, by level.
  std::array<std::uint64_t, notice_levels_count> counts() const {
    const std::lock_guard guard(mutex_);
    return counts_;
  }

 private:
  /// A character of UTF-8 is never cut in two.
  static std::size_t begin_of_cut(std::string_view text) {
    std::size_t end = limits::notice_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      --end;
    return end;
  }

  mutable std::mutex mutex_;
  std::deque<notice> kept_;
  std::uint64_t last_ = 0;
  std::array<std::uint64_t, notice_levels_count> counts_{};
};

}  // namespace frontdesk
