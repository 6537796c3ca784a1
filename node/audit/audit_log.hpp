#pragma once

#include "model/audit.hpp"
#include "model/fault.hpp"
#include "model/node_figures.hpp"
#include "model/rate.hpp"
#include "node/log_book.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>

namespace frontdesk {

/// What a node that runs does with each deed of an operator: it has it recorded, writes a line of
/// the log, `audit`, and counts. What could not be recorded is a line `audit_not_recorded`, with
/// all of the entry. Thread-safe.
class audit_log {
 public:
  /// The longest that whoever mends the node waits for its entry; and whoever ends it, whose time
  /// is counted.
  static constexpr std::chrono::milliseconds mending_max{2000};
  static constexpr std::chrono::milliseconds ending_max{1000};

  /// Records an entry within this time. May block so long.
  using recording = std::function<fault_or<audited>(audit_entry, std::chrono::milliseconds)>;

  explicit audit_log(log_book& log) : log_(log) {}

  /// From here on entries are recorded by this one; none: by nobody.
  void record_by(recording by);

  /// Whether another deed may be done now. Fault: `rate_limited`.
  fault_or<done> admit(std::chrono::steady_clock::time_point now);

  /// The answer means: recorded, or why not. Fault: as the recording says.
  fault_or<done> note(const audit_entry&, std::chrono::milliseconds patience);

  audit_figures figures() const;

 private:
  void tell(const audit_entry&, const fault_or<audited>&);

  log_book& log_;
  std::mutex mutex_;
  recording record_;
  rate deeds_{limits::audit_deeds_per_second, limits::audit_deeds_burst};
  std::atomic<std::uint64_t> recorded_{0};
  std::atomic<std::uint64_t> unrecorded_{0};
};

/// An entry's parameters as one text: `role=admin id=3`.
std::string parameters_text(const audit_entry&);

}  // namespace frontdesk
