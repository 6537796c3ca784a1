#pragma once

#include "bench/stage.hpp"

#include <map>
#include <vector>

namespace frontdesk::bench {

/// The agents of a run. Each has as many devices as the node's limit of posts for each connection
/// asks for; a conversation is followed by that one of its agent's devices that has the fewest.
class staff : public witness {
 public:
  /// So many conversations for each agent at most, and for each of its devices; `hears` is told of
  /// their events.
  struct shape {
    unsigned agents;
    unsigned conversations;
    unsigned conversations_each_device;
    /// What an agent takes at once; 0: its part of the conversations.
    unsigned capacity = 0;
  };

  staff(stage&, witness& hears);

  /// Brings them in, accepting. Throws cannot_measure if they cannot have so many conversations.
  void come(const shape&);
  /// The conversation is this agent's now; none: it is none of ours.
  device* follow(conversation_id, person_id agent);
  /// Whoever follows this conversation.
  device* who_follows(conversation_id) const;
  std::size_t count() const { return desks_.size(); }

  void on_ready(device&) override;
  void on_items(device&, const std::vector<heard_summary>&) override;
  void on_event(device&, const heard_event&) override;
  void on_answer(device&, const heard&) override;

 private:
  stage& at_;
  witness& hears_;
  std::vector<device*> devices_;
  std::map<person_id, std::vector<device*>> desks_;
  std::unordered_map<conversation_id, device*> follows_;
  std::uint32_t capacity_ = 0;
};

}  // namespace frontdesk::bench
