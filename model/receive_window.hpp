#pragma once

#include "model/ids.hpp"
#include "model/limits.hpp"

#include <cstddef>
#include <vector>

namespace frontdesk {

/// What was pushed to a device that it has not said to have received: of the public tracks, since
/// only those have a `received`. A full window stops the pushing; the rest stays in the store until
/// the device goes on.
class receive_window {
 public:
  void pushed(conversation_id conversation, sequence seq, std::size_t bytes) {
    under_way_.push_back({conversation, seq, bytes});
    bytes_ += bytes;
  }

  /// The device has all up to `seq`. True: that was news.
  bool received(conversation_id conversation, sequence seq) {
    const std::size_t before = under_way_.size();
    std::erase_if(under_way_, [&](const event_under_way& each) {
      const bool has_it = each.conversation == conversation && each.seq <= seq;
      if (has_it) bytes_ -= each.bytes;
      return has_it;
    });
    if (under_way_.empty()) under_way_ = {};
    return under_way_.size() < before;
  }

  /// The device follows a conversation anew, or no more: nothing of it is under way.
  void forget(conversation_id conversation) { received(conversation, sequence{~0ULL}); }

  bool is_full() const {
    return under_way_.size() >= limits::unreceived_events_max ||
           bytes_ >= limits::unreceived_bytes_max;
  }

  /// Events that may be pushed before it is full.
  std::size_t room() const {
    return is_full() ? 0 : limits::unreceived_events_max - under_way_.size();
  }

 private:
  struct event_under_way {
    conversation_id conversation;
    sequence seq;
    std::size_t bytes;
  };

  std::vector<event_under_way> under_way_;
  std::size_t bytes_ = 0;
};

}  // namespace frontdesk
