#pragma once

#include "actors/desk_time.hpp"
#include "actors/interfaces.hpp"
#include "model/quarantined.hpp"
#include "model/suspects.hpp"

#include <caf/message.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace frontdesk {

/// A message of which somebody has to say what it is: by what it is known again, and what would be
/// kept of it.
struct suspect {
  message_identity identity;
  quarantined details;
};

/// What came for a conversation, a person or a dispatcher. Each post is another one, and so is what
/// each agent was assigned, and each state of a conversation that was told; of all else each kind
/// is one, of each conversation that it names.
suspect suspect_of(const conversation_name&, const caf::message&);
suspect suspect_of(const person_name&, const caf::message&);
suspect suspect_of(const dispatcher_name&, const caf::message&);
/// What a device sent.
suspect suspect_of(const person_name&, device_id, std::string_view bytes);

/// Whoever handles a message asks here first, and whoever was ended by one says so here, as its
/// last deed. In the ordinary case there is nothing in it, and asking costs one load.
///
/// Thread-safe.
class quarantine_gate {
 public:
  using verdict = suspects::verdict;
  /// Has to keep what was confined. Any thread, no lock held.
  using keeper = std::function<void(quarantined)>;

  explicit quarantine_gate(keeper keep) : keep_(std::move(keep)) {}

  bool is_empty() const noexcept { return is_empty_.load(std::memory_order_relaxed); }
  verdict of(const message_identity&) const;

  /// It has ended an actor of this kind. What is confined by that is given to the keeper.
  verdict has_ended(const std::string& actor, suspect by, const std::string& thrown, moment now);

 private:
  const keeper keep_;
  mutable std::mutex mutex_;
  suspects known_;
  std::atomic<bool> is_empty_{true};
};

}  // namespace frontdesk
