#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The problem: most of what makes a node fail at night stood in the machine before it was started:
/// a limit of 1024 descriptors, a disk that lies about syncing, a clock that drifts.
///
/// The answer: `frontdesk doctor` looks before, and says what to change.
namespace frontdesk {

enum class verdict : std::uint8_t {
  ok,
  /// It runs, but not as well or not as long as it could.
  warn,
  /// It will not start, or will lose what matters.
  fail,
};

constexpr std::string_view name_of(verdict one) {
  return one == verdict::ok ? "ok" : one == verdict::warn ? "warn" : "fail";
}

/// What one check has found.
struct finding {
  /// Does not change from version to version.
  std::string check;
  verdict is = verdict::ok;
  std::string found;
  /// What to change, in whole sentences; empty if nothing.
  std::string advice;
};

/// The worst of them.
verdict worst_of(std::span<const finding>);

/// For people: one line each, and the advice below.
std::string text_of(std::span<const finding>);

/// `{"verdict":"ok"|"warn"|"fail","checks":[{"name","verdict","found","advice"}]}`
std::string json_of(std::span<const finding>);

}  // namespace frontdesk
