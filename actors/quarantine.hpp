#pragma once

#include "actors/desk_time.hpp"
#include "actors/interfaces.hpp"
#include "model/limits.hpp"
#include "model/quarantined.hpp"
#include "model/suspects.hpp"
#include "wire/encoding.hpp"

#include <caf/message.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frontdesk {

/// By what a message is known again that came for a conversation, a person or a dispatcher.
///
/// Only what somebody wished has an identity, and it names who wished it, of what, and what: each
/// post is one of its own, each mark of each reader, each wish of each agent. So what is confined
/// hits nobody else. All other messages are facts and wishes of the desk itself (that an agent has
/// a slot, how a conversation stands, a reminder); the desk cannot do without them, and they have
/// none: whoever they end falls and is back by the registry's rules.
std::optional<message_identity> identity_of(const conversation_name&, const caf::message&);
std::optional<message_identity> identity_of(const person_name&, const caf::message&);
std::optional<message_identity> identity_of(const dispatcher_name&, const caf::message&);

/// Who sends a frame; nobody in particular before it is known who is there.
struct frame_sender {
  person_name who;
  device_id device;
};
/// By what a frame is known again: by its sender and its bytes. A first frame, which says who its
/// sender is, by its bytes alone.
message_identity identity_of(const frame_sender&, std::string_view bytes);

/// A message that has ended an actor: by what it is known again, and what would be kept of it.
struct suspect {
  message_identity identity;
  quarantined details;
};

template <class Name>
std::optional<suspect> suspect_of(const Name& name, const caf::message& what);
extern template std::optional<suspect> suspect_of(const conversation_name&, const caf::message&);
extern template std::optional<suspect> suspect_of(const person_name&, const caf::message&);
extern template std::optional<suspect> suspect_of(const dispatcher_name&, const caf::message&);

/// An append carries what came of posts; the post itself is what comes again. One for each that it
/// would record.
std::vector<suspect> suspects_of(const append&);

/// Of a frame, what it said is kept if it can be read and holds no token: of a secret not a byte
/// lies anywhere. `whose` it is: for details alone, since a first frame's sender may be known by
/// the time that it ends its connection.
std::optional<suspect> suspect_of(const frame_sender&, tenant_id whose, encoding spoken,
                                  std::string_view bytes);

/// Whoever handles a message asks here first, and whoever was ended by one says so here, as its
/// last deed. In the ordinary case nothing is confined, and asking costs one load; while something
/// is (`limits::suspicion_max` from its last end), an identity, a lock and a look into a map.
///
/// Thread-safe.
class quarantine_gate {
 public:
  using verdict = suspects::verdict;
  /// Has to keep what was confined. Any thread, no lock held.
  using keeper = std::function<void(quarantined)>;

  explicit quarantine_gate(keeper keep) : keep_(std::move(keep)) {}

  /// Whether `of` would say `innocent` of everything.
  bool is_empty() const noexcept { return is_empty_.load(std::memory_order_relaxed); }
  verdict of(const message_identity& what, moment now);
  /// An append has ended its reader, and has several posts. Until `limits::suspicion_max` from then
  /// each is appended by itself, so that it is found out which one it was.
  void suspect_appends(moment now) noexcept {
    suspects_appends_until_.store(now + limits::suspicion_max, std::memory_order_relaxed);
  }
  bool suspects_appends(moment now) const noexcept {
    return now < suspects_appends_until_.load(std::memory_order_relaxed);
  }

  /// It has ended an actor of this kind. What is confined by that is given to the keeper, unless
  /// nobody knows which tenant's it is. Nothing is suspected if there is nothing to suspect, or if
  /// what was thrown is that there is no memory: that is no fault of who happened to ask for some,
  /// and under pressure it would be thrown at the same wish twice.
  verdict has_ended(const std::string& actor, std::optional<suspect> by, const std::string& thrown,
                    moment now);

  /// How often something was given to the keeper.
  std::uint64_t confined_count() const noexcept {
    return confined_count_.load(std::memory_order_relaxed);
  }

 private:
  const keeper keep_;
  std::mutex mutex_;
  suspects known_;
  std::atomic<bool> is_empty_{true};
  std::atomic<moment> suspects_appends_until_{moment{}};
  std::atomic<std::uint64_t> confined_count_{0};
};

}  // namespace frontdesk
