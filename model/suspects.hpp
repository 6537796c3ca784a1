#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace frontdesk {

/// What a message is known by when it comes again, whoever brings it.
struct message_identity {
  tenant_id tenant;
  conversation_id conversation;
  person_id person;
  /// The kind of message, and of a post which one it is.
  std::string kind;
  device_id device;
  post_number n;
  /// A hash of what is said.
  std::uint64_t content = 0;

  friend auto operator<=>(const message_identity&, const message_identity&) = default;
};

/// A message that ends whoever reads it comes again, because its sender got no answer: its reader
/// is back within milliseconds, and ended again. Once may be chance; twice is the message.
///
///     first end ──> innocent: it is read again
///     second    ──> confined: a post is refused for good, unread; anything else is dropped
///     third     ──> deadly: it ends its reader even as a refusal, and is dropped
class suspects {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class verdict : std::uint8_t { innocent, confined, deadly };

  bool is_empty() const { return known_.empty(); }
  verdict of(const message_identity&) const;

  /// It has ended a reader: what it is from now on. Of more than `limits::suspects_max` the one
  /// that is longest ago is forgotten, and so is any after `limits::suspicion_max`. `now` never
  /// goes back.
  verdict has_ended_one(const message_identity&, time_point now);

 private:
  struct record {
    unsigned ends = 0;
    time_point last;
  };
  static verdict verdict_of(const record&);
  void forget_old(time_point now);

  std::map<message_identity, record> known_;
};

}  // namespace frontdesk
