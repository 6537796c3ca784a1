#pragma once

#include "model/chat.hpp"
#include "model/ids.hpp"

#include <cstdint>
#include <string>

namespace frontdesk {

/// The place of a message in quarantine; counted by the node from 1.
using quarantine_id = strong<struct quarantine_tag>;

/// A message that has ended its reader twice, kept for whoever will find out why. It is nobody's
/// truth: what its author was answered stands in the conversation, not here.
struct quarantined {
  quarantine_id id;
  tenant_id tenant;
  timestamp time;
  /// The kind of actor that it ended, and the kind of message that it is (`say`: a post).
  std::string actor;
  std::string message;
  /// What was thrown, cut to `limits::thrown_bytes_max`.
  std::string thrown;

  /// Whom it was for: a conversation, or none.
  conversation_id conversation;
  /// Who wished it, or for whom it was; of a post its author.
  person_id person;

  /// Posts: what was said, and as which post.
  device_id device;
  post_number n;
  track where = track::visible;
  std::string text;
  sequence reply_to;
  sequence edits;
  sequence deletes;
  file_id file;

  friend bool operator==(const quarantined&, const quarantined&) = default;
};

}  // namespace frontdesk
