#pragma once

#include "model/chat.hpp"
#include "model/ids.hpp"

#include <string>

namespace frontdesk {

/// What is known of an uploaded file beside its bytes, from its first byte to the deletion of its
/// message. It lies beside the bytes, and is written anew with each step:
///
///     begun ──all bytes──► complete ──a post names it──► claimed ──the post is recorded──► posted
///
/// Whether a post was recorded, the conversation's log says; `claimed` is only who may.
struct kept_file {
  tenant_id tenant;
  conversation_id conversation;
  track where = track::visible;
  person_id uploader;
  /// Whose conversation it is.
  person_id visitor;
  /// `type` is what the uploader said, and once it is complete what the bytes say.
  file_ref what;
  timestamp begun_at;
  /// Which run of the machine its bytes belong to, until they are synced: of an earlier run nobody
  /// knows which of them reached the disk.
  std::string boot;
  bool is_complete = false;
  /// SHA-256 of a complete one, 64 lower-case hex digits.
  std::string digest;
  /// The post that may carry it; 0: none yet.
  device_id device;
  post_number n;
  /// Its event, if there is one, comes after this one of its track …
  sequence after;
  /// … and is this one; 0: it was not found yet.
  sequence seq;

  bool is_claimed() const { return static_cast<bool>(n); }
  bool is_posted() const { return static_cast<bool>(seq); }
  friend bool operator==(const kept_file&, const kept_file&) = default;
};

}  // namespace frontdesk
