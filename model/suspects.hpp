#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>

namespace frontdesk {

/// What a message is known by when it comes again, whoever brings it. Small, because all that comes
/// is asked for it while anything is confined.
struct message_identity {
  tenant_id tenant;
  conversation_id conversation;
  person_id person;
  /// The kind of message: a number of its type.
  std::uint64_t kind = 0;
  /// Of a post, which one it is.
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
///     third     ──> deadly: even a refusal that has nothing of it ends its reader: it is dropped
class suspects {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class verdict : std::uint8_t { innocent, confined, deadly };

  /// Whether `of` could say anything but `innocent`.
  bool confines_any() const { return confined_count_ > 0; }
  /// What has ended nobody for `limits::suspicion_max` is innocent again.
  verdict of(const message_identity&, time_point now);

  /// It has ended a reader: what it is from now on. Of more than `limits::suspects_max` the one
  /// that is longest ago is forgotten. Threads may differ by a moment about `now`.
  verdict has_ended_one(const message_identity&, time_point now);

 private:
  struct record {
    unsigned ends = 0;
    time_point last;
  };
  static verdict verdict_of(const record&);
  void forget_old(time_point now);

  std::map<message_identity, record> known_;
  std::size_t confined_count_ = 0;
  /// Before this none is old enough.
  time_point forget_at_;
};

}  // namespace frontdesk
