#pragma once

#include "bench/staff.hpp"

#include <cstdint>
#include <deque>
#include <unordered_map>

namespace frontdesk::bench {

/// Pairs of a visitor and an agent, each in a conversation of its own: the visitor speaks by the
/// clock, the agent answers each message at once.
class pairs final : public witness {
 public:
  struct plan {
    unsigned count;
    /// 0: as many as their limit of posts asks for.
    unsigned agents = 0;
    /// Each visitor waits for the answer before it goes on.
    bool is_closed = false;
    /// One in so many visitors comes before others; 0: none.
    unsigned vip_each = 0;
  };

  /// A little slower than the node allows a visitor.
  static constexpr microseconds pause_min{210'000};
  /// What all of them say in a second at most, answers included.
  static double rate_max(unsigned count);

  pairs(stage&, plan);

  /// Brings all to their conversations. Throws cannot_measure.
  void open();
  /// Each visitor speaks once every `pause` from now on, until the stage is over. Ends what an
  /// earlier call began.
  void speak(microseconds pause);
  /// The same at another pace; whoever is due stays as evenly spread as before. Of an open loop
  /// alone: in a closed one, whoever waits for an answer is not due.
  void change(microseconds pause);
  /// No more answers.
  void hush() { is_answering_ = false; }

  bool is_vip(conversation_id) const;
  std::size_t agents_count() const { return agents_.count(); }

  void on_ready(device&) override;
  void on_event(device&, const heard_event&) override;

 private:
  struct pair {
    device* visitor = nullptr;
    std::size_t number = 0;
    bool is_vip = false;
    conversation_id conversation;
    std::uint64_t texts_count = 0;
    moment spoke_at{};
    moment due{};
    bool is_joined = false;
  };

  std::string text_of(pair&) const;
  void speak_at(pair&, moment due);
  void on_event_at_visitor(pair&, const heard_event&);

  stage& at_;
  const plan plan_;
  staff agents_;
  microseconds pause_ = pause_min;
  std::deque<pair> all_;
  std::unordered_map<const device*, pair*> by_device_;
  std::unordered_map<conversation_id, pair*> by_conversation_;
  std::size_t joined_count_ = 0;
  unsigned speeches_count_ = 0;
  bool is_answering_ = false;
};

}  // namespace frontdesk::bench
