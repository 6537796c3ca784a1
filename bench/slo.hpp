#pragma once

#include "bench/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace frontdesk::bench {

/// What a run must keep for its caller to be content: `p99=20ms,lost=0`.
///
///     p50 p90 p99 p999 p9999 max mean   of the scenario's first span of time
///     ack.p99, delivery.max …           of the span with this name
///     lost doubled reordered …          what the checker counts, by its word
///     faults                            all of them together
///     messages_per_s …                  any figure of the report
///
/// `=` and `<=` mean at most, `>=` at least. Times have a unit (us, ms, s).
struct slo {
  std::string wish;
  std::string name;
  bool is_at_least = false;
  /// Milliseconds for times.
  double limit = 0;
};

/// The wishes, or the sentence that says what is wrong with them: a name that no scenario measures,
/// too.
std::variant<std::vector<slo>, std::string> slos_of(std::string_view text);

/// None: the result has nothing with this name.
std::optional<double> value_of(const result&, std::string_view name);

/// Fills the verdicts. A name that the result does not have is violated, and says so.
void judge(result&, const std::vector<slo>&);

}  // namespace frontdesk::bench
