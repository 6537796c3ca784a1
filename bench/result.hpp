#pragma once

#include "bench/checker/checker.hpp"
#include "bench/measures.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a run found, for people and for programs.
namespace frontdesk::bench {

/// A figure with its unit at the end of its name: `messages_per_s`, `resident_mib`.
struct figure {
  std::string name;
  double value;
};

/// The name of the times by which the bench itself was late.
inline constexpr std::string_view own_lateness = "bench_late";

struct named_latencies {
  std::string name;
  latencies us;
};

/// One of `--slo`, and what became of it.
struct slo_verdict {
  std::string wish;
  /// Nothing: it was not measured.
  std::optional<double> value;
  bool is_kept;
};

struct result {
  std::string scenario;
  /// How it was run, in one line.
  std::string setting;
  double seconds = 0;
  /// The first that is not `own_lateness` is the one that `p99` means.
  std::vector<named_latencies> spans;
  std::vector<figure> figures;
  /// For people, in place of figures that say the same; with its line ends.
  std::string table;
  std::map<std::string, std::uint64_t> faults;
  /// Nothing, if the store could not be read to its end: what was not read there is not lost.
  std::optional<checker::report> judged;
  /// What a bound left out of what was asked for; empty: nothing.
  std::string cut_short;
  /// Why the run says less than it should; empty: it was whole.
  std::vector<std::string> complaints;
  std::vector<slo_verdict> verdicts;

  /// Whether it was whole and the checker has nothing to say.
  bool is_clean() const;
};

/// Tables, with a line end after each line.
std::string as_text(const result&);
/// One JSON object without a line end.
std::string as_json(const result&);

}  // namespace frontdesk::bench
