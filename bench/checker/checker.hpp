#pragma once

#include "bench/checker/history.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The problem: "acknowledged means recorded; every device gets every event at least once, in one
/// order per conversation, and shows it once" is a promise about everything that is ever seen of a
/// desk, under every fault. It is kept or broken by a whole history, not by one answer.
///
/// `check` decides it. The log of a conversation names an order (the seq), so nothing has to be
/// searched for: every claim of a device is compared with the log, and the log with what was
/// posted. Together the rules say that each track is a linearizable, append-only log, that posting
/// is idempotent, and that every screen is a contiguous piece of the log.
///
/// The checker accuses only with proof: a post without an answer may be there or not, two posts
/// that overlapped in time may stand in either order, an event may be delivered often. It trusts
/// the recorder in return: each sending is recorded, times come from one clock, the final log is
/// whole. A history in which nothing happened is clean, so a test asserts its counts, too.
namespace frontdesk::checker {

/// What can be wrong, in the words of the promise.
enum class finding_kind : std::uint8_t {
  /// Acknowledged, but not in the log, or at another seq, or with other content.
  lost,
  /// One post stands twice in the log or on one screen, or was acknowledged at two seqs; or one
  /// seq stands twice in the log.
  doubled,
  /// A post that was acknowledged before another was first sent stands behind it; or a device's
  /// posts do not stand in the order of n; or a screen shows events out of order.
  reordered,
  /// In the log, but never posted, or with content that was never posted, or refused; or shown,
  /// delivered or under a cursor, but not in the log; or acknowledged, but never sent.
  phantom,
  /// The log is not dense from 1, or a screen lacks an event between two others or before the
  /// first.
  hole,
  /// A device was given another content or author than the log has, or than another device.
  differs,
  /// A cursor that was told to a device went back.
  regressed,
  /// A device that had caught up lacks the end of the log.
  incomplete,
};

inline constexpr std::size_t finding_kinds_count = 8;

std::string_view to_string(finding_kind kind);

/// One proven fault: a sentence that names conversation, track, seq, device and n as far as they
/// are known, for the person who reads the failed test.
struct finding {
  finding_kind kind{};
  std::string sentence;
};

/// How much was judged. A post counts once, however often it was sent.
struct tally {
  std::size_t posts = 0;
  /// Posts by their answer. Unknown are those with neither an ack nor a final refusal.
  std::size_t acked = 0;
  std::size_t refused = 0;
  std::size_t unknown = 0;
  std::size_t stored = 0;
  std::size_t shown = 0;
  std::size_t delivered = 0;
};

/// Sentences that are kept of each kind. A desk that loses everything would otherwise cost more
/// memory in complaints than in observations; the counts go on.
inline constexpr std::size_t findings_kept_max = 100;

struct report {
  tally seen;
  /// How many findings there are of each kind, indexed by it.
  std::array<std::size_t, finding_kinds_count> counts{};
  /// The first `findings_kept_max` of each kind, by conversation, in the same order every time.
  std::vector<finding> findings;

  std::size_t count(finding_kind kind) const;
  bool is_clean() const;

  /// One line with what was judged and how much of each kind was found, the zeros included.
  std::string summary() const;
  /// The summary and every kept sentence on a line of its own: what a failing test prints.
  std::string text() const;
};

/// Judges a history. Takes O(n log n), about a second for a million observations, and about as
/// much memory again as the history has. Keeps nothing of it; may run in any thread.
report check(const history& seen);

}  // namespace frontdesk::checker
