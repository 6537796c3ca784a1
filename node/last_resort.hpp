#pragma once

#include "node/exit_code.hpp"

#include <chrono>
#include <functional>

namespace frontdesk {

/// The problem: an end in order waits for others, of which one may hang: a disk, an actor, whoever
/// should read what the log says; and whoever started the node waits for its end.
///
/// The answer: from this call on the process has so much time. Then it says so and ends at once,
/// with this code, or with `software` where it would have been `success`; what was acknowledged is
/// on the disk. Nothing takes it back: the last word of the program has to be said in time, too.
///
/// `say` is called on a thread of its own, which may outlive all else. It may hang as well: the
/// process ends `last_words_max` after it was called.
void end_within(std::chrono::milliseconds patience, exit_code, std::function<void()> say);

constexpr std::chrono::seconds last_words_max{1};

}  // namespace frontdesk
