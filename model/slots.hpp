#pragma once

#include "model/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace frontdesk {

/// How many conversations an agent has, exactly, although assignments come from several dispatchers
/// and their outcomes may be unknown for a while. The agent's own actor owns the slots:
///
///     reserve → reserved ──(the conversation says: it is yours)──→ held ──(elsewhere, closed)──→
///     free
///                   └──────(released, or it says: it is not)──────────────────────────────────→
///                   free
///
/// A reservation whose outcome is unknown stays; whoever doubts asks the conversation.
class slots {
 public:
  explicit slots(std::uint32_t capacity) : capacity_(capacity) {}

  std::uint32_t capacity() const { return capacity_; }
  /// May be below the load: then nothing is given back, and nothing new comes.
  void set_capacity(std::uint32_t capacity) { capacity_ = capacity; }
  /// Slots in use, reserved ones included.
  std::uint32_t load() const { return static_cast<std::uint32_t>(used_.size()); }

  /// False: none is free. True again for a conversation that has one.
  bool reserve(conversation_id conversation) {
    if (used_.contains(conversation)) {
      return true;
    }
    if (load() >= capacity_) {
      return false;
    }
    used_[conversation] = state::reserved;
    return true;
  }
  /// The reservation came to nothing. A held slot stays: the conversation itself knows better.
  void release(conversation_id conversation) {
    const auto it = used_.find(conversation);
    if (it != used_.end() && it->second == state::reserved) {
      used_.erase(it);
    }
  }
  /// The conversation says whether it is with this agent. Beyond the capacity, too: it is so.
  /// Returns whether the load or a slot's state changed.
  bool conversation_is(conversation_id conversation, bool with_me) {
    if (!with_me) {
      return used_.erase(conversation) > 0;
    }
    const auto [it, fresh] = used_.try_emplace(conversation, state::held);
    const bool changed = fresh || it->second != state::held;
    it->second = state::held;
    return changed;
  }

  bool holds(conversation_id conversation) const {
    const auto it = used_.find(conversation);
    return it != used_.end() && it->second == state::held;
  }
  std::vector<conversation_id> held() const { return all(state::held); }
  std::vector<conversation_id> reserved() const { return all(state::reserved); }

 private:
  enum class state : std::uint8_t { reserved, held };

  std::vector<conversation_id> all(state wanted) const {
    std::vector<conversation_id> found;
    for (const auto& [conversation, is] : used_) {
      if (is == wanted) {
        found.push_back(conversation);
      }
    }
    return found;
  }

  std::uint32_t capacity_;
  std::unordered_map<conversation_id, state> used_;
};

}  // namespace frontdesk
