#pragma once

#include "model/transcript.hpp"

#include <string>
#include <vector>

namespace frontdesk {

/// Works through the wishes that one append shall carry, in order, each seeing what the ones before
/// it made of the conversation. The transcript's other half: what a wish means, once it is its
/// turn.
class drafter {
 public:
  /// `versions` must outlive it: the messages at hand that wishes may change.
  drafter(const head& before, const std::vector<message_versions>& versions, timestamp now);

  /// Before each wish: whose outcome comes now.
  void next_outcome(std::uint64_t tag);

  /// @name The wishes
  /// @{
  void operator()(const post_wish&);
  void operator()(const assign_wish&);
  void operator()(const return_wish&);
  void operator()(const close_wish&);
  /// @}

  /// What came of them, without records.
  draft take() { return std::move(result_); }

 private:
  wish_outcome& outcome() { return result_.outcomes.back(); }
  void become(conversation_status);

  event& append_event(track, event_kind, person_id author);
  /// An event that nobody said.
  event& mark(event_kind, person_id author);
  event& append_said(const post&, event_kind);

  /// Whether the post may be said, opening or re-opening the conversation where it must.
  fault_code prepare(const post_wish&);
  /// What is wrong with the post itself, however the conversation stands.
  fault_code refusal_of(const post&) const;
  void open(const post_wish&);
  fault_code reopen(const post_wish&);

  sequence say(const post&);
  /// Edits or deletes; 0 if there is no such message, or its author may not.
  sequence change(const post&);
  sequence edit(const post&, message_versions& changed);
  sequence blank(const post&, message_versions& changed);
  const message_versions* versions_of(track, sequence) const;
  /// Lists show the last message as it is now.
  void tell_in_list(const event& message, std::string text);

  const std::vector<message_versions>& versions_;
  timestamp now_;
  draft result_;
  bool opened_ = false;
};

}  // namespace frontdesk
