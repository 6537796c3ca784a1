#pragma once

#include "model/notice.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

/// The problem: a log is read by people in the night and by programs all day; and whatever is once
/// in it is in every copy of it, for years.
///
/// The answer: one line per thing, in one of two forms, with a name that does not change and fields
/// beside it. **Never** a password, a token, a secret, or what somebody wrote.
namespace frontdesk {

using log_level = notice_level;
enum class log_format : std::uint8_t {
  /// `2026-01-31 12:00:00.123 info    listening address=127.0.0.1 port=8080`
  console,
  /// `{"time":1769860800123,"level":"info","event":"listening","address":"127.0.0.1"}`
  json,
};

/// Writes to the standard error. Thread-safe; a line is never cut by another.
class log_book {
 public:
  /// One without a name is left out: for what is not known each time.
  struct field {
    std::string_view name;
    std::string_view value;
  };
  using fields = std::initializer_list<field>;

  log_book(log_level least, log_format);
  ~log_book();

  /// `event` is the thing's name: lower case, past tense where something happened. Bytes that are
  /// not UTF-8 are written as `?`.
  void debug(std::string_view event, fields = {});
  void info(std::string_view event, fields = {});
  void warning(std::string_view event, fields = {});
  void error(std::string_view event, fields = {});

  /// What was said last, from `info` on, also if the log leaves it out.
  const recent_notices& recent() const { return recent_; }

 private:
  void say(log_level, std::string_view event, fields);
  void remember(log_level, std::string_view event, fields, timestamp at);

  log_format format_;
  std::shared_ptr<spdlog::logger> lines_;
  recent_notices recent_;
};

/// One line as it is written; `now_ms` only stands in the JSON form.
std::string log_line(log_format, log_level, std::string_view event, log_book::fields,
                     std::int64_t now_ms);

}  // namespace frontdesk
