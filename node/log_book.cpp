#include "node/log_book.hpp"

#include "model/utf8.hpp"
#include "wire/json_writer.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <algorithm>
#include <chrono>

namespace frontdesk {

namespace {

spdlog::level::level_enum spdlog_level(log_level level) {
  switch (level) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// What comes from a library or from a file's name need not be UTF-8; a line has to be.
std::string clean(std::string_view text) {
  std::string cleaned(text);
  const bool is_text = is_utf8(text);
  for (char& c : cleaned) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 && !is_text) {
      c = '?';
    }
  }
  return cleaned;
}

// A line break in a field would let what came from outside write a line of its own.
std::string on_one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return text;
}

std::string quoted_if_needed(std::string text) {
  return text.find(' ') == std::string::npos ? text : '"' + text + '"';
}

}  // namespace

std::string log_line(log_format format, log_level level, std::string_view event,
                     log_book::fields fields, std::int64_t now_ms) {
  if (format == log_format::console) {
    std::string line(event);
    for (const auto& [name, value] : fields) {
      if (name.empty()) continue;
      line.append(" ").append(name).append("=").append(quoted_if_needed(on_one_line(clean(value))));
    }
    return line;
  }
  json_writer out(128);
  out.open();
  out.time("time", timestamp{now_ms});
  out.text("level", name_of(level));
  out.text("event", event);
  for (const auto& [name, value] : fields) {
    if (!name.empty()) out.text(name, clean(value));
  }
  out.close();
  return out.take();
}

log_book::log_book(log_level least, log_format format)
    : format_(format),
      lines_(std::make_shared<spdlog::logger>(
          "frontdesk", std::make_shared<spdlog::sinks::stderr_color_sink_mt>())) {
  lines_->set_pattern(format == log_format::console ? "%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v" : "%v");
  lines_->set_level(spdlog_level(least));
  lines_->flush_on(spdlog::level::debug);
}

log_book::~log_book() = default;

void log_book::debug(std::string_view event, fields what) {
  say(log_level::debug, event, what);
}
void log_book::info(std::string_view event, fields what) {
  say(log_level::info, event, what);
}
void log_book::warning(std::string_view event, fields what) {
  say(log_level::warning, event, what);
}
void log_book::error(std::string_view event, fields what) {
  say(log_level::error, event, what);
}

void log_book::say(log_level level, std::string_view event, fields what) {
  const bool is_written = lines_->should_log(spdlog_level(level));
  if (!is_written && level == log_level::debug) {
    return;
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  if (level != log_level::debug) {
    remember(level, event, what, timestamp{now_ms});
  }
  if (is_written) {
    lines_->log(spdlog_level(level), "{}", log_line(format_, level, event, what, now_ms));
  }
}

void log_book::remember(log_level level, std::string_view event, fields what, timestamp at) {
  notice kept{0, at, level, std::string(event), {}};
  for (const auto& [name, value] : what) {
    if (!name.empty()) kept.fields.emplace_back(name, clean(value));
  }
  recent_.add(std::move(kept));
}

}  // namespace frontdesk
