#pragma once

#include "model/limits.hpp"
#include "model/trace_board.hpp"
#include "wire/otlp_json.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// The problem: spans are wanted elsewhere, by a collector that is slow, restarted, or not there,
/// and none of this may be felt by anybody who chats.
///
/// The answer: a thread of its own takes them from the board and says them to the collector, one
/// request at a time. What the collector does not take in time is left out and counted.
namespace frontdesk {

struct otlp_options {
  /// Name or address, without brackets.
  std::string host;
  std::uint16_t port = 0;
  otlp_json::teller who;
  std::chrono::milliseconds every = limits::export_every;
  std::chrono::milliseconds answer_max = limits::export_answer_max;
  std::chrono::milliseconds pause_min = limits::export_pause_min;
  std::chrono::milliseconds pause_max = limits::export_pause_max;
  std::chrono::milliseconds flush_max = limits::export_flush_max;
  unsigned tries_max = limits::export_tries_max;
  /// The collector does not take what it is told, or does so again: then `why` is empty. Told of
  /// each once, on the exporter's thread.
  std::function<void(std::string_view why)> on_change;
};

/// Exports from `open` until it is destroyed.
///
///     waiting ──1 s, or 512 spans──► asking ──2xx──► waiting, or asking for what is there
///        ▲                             │
///        └── a pause that doubles ◄────┤ no answer, 429, 502, 503, 504: the same again,
///                                      │ `tries_max` times
///                                      └ any other answer: left out
class otlp_exporter {
 public:
  static std::unique_ptr<otlp_exporter> open(std::shared_ptr<trace_board>, otlp_options);

  otlp_exporter() = default;
  otlp_exporter(const otlp_exporter&) = delete;
  otlp_exporter& operator=(const otlp_exporter&) = delete;
  /// Says what is there, for `flush_max` at most; the rest is left out. What still hangs then (the
  /// system's look-up of a name cannot be broken off) is let go of.
  virtual ~otlp_exporter() = default;
};

}  // namespace frontdesk
