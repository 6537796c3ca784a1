#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

/// The problem: a test that kills, cuts and overloads a desk cannot say beforehand what the right
/// end is. It can say what it saw: which posts went out, which were acknowledged, what every
/// device showed, and what the log holds at the end. Whether all of that can be true of a desk
/// that keeps its promise is decided afterwards, in one place, by `check` (checker.hpp).
///
/// A `history` is that record. Every test that has one (simulation, killed processes, replayed
/// conversations, benchmarks, browsers through history_file.hpp) is judged by the same rules.
///
///     history seen;
///     const auto room = seen.conversation("c1");
///     const auto phone = seen.device("v1", "phone");
///     const post hello{room, {phone, {1}}, track_kind::public_, hash_of("hello")};
///     const event line{room, track_kind::public_, {1}, hello.author, hello.hash};
///     seen.add(post_sent{hello, {10}});
///     seen.add(post_acked{hello, {1}, {14}});
///     seen.add(event_shown{phone, line, {15}});
///     seen.add(event_stored{line});
///     const report found = check(seen);
///     EXPECT_TRUE(found.is_clean()) << found.text();
///
/// Start here, then read checker.hpp for what is judged.
namespace frontdesk::checker {

/// Names are given to a history once; observations carry these small numbers instead. A number
/// means something only in the history that gave it, and in copies of that history.
enum class conversation_id : std::uint32_t {};
enum class person_id : std::uint32_t {};
/// One install of a client of one person. Two persons' devices of the same name are two devices.
enum class device_id : std::uint32_t {};

/// The two tracks of a conversation, each numbered from 1 on its own.
enum class track_kind : std::uint8_t { public_, internal };

/// Numbers are types of their own, so that a seq is never passed for an n.
///
/// An event's place in its track, dense from 1; as a position, 0 says "none yet".
struct seq_number {
  std::uint64_t value = 0;
  auto operator<=>(const seq_number&) const = default;
};

/// A device's count of its posts in one conversation, from 1, over both tracks.
struct post_number {
  std::uint64_t value = 0;
  auto operator<=>(const post_number&) const = default;
};

/// What was said, as a number: equal bodies have equal hashes. Any 64-bit hash will do as long as
/// all recorders of one history use the same; `hash_of` is ours.
struct body_hash {
  std::uint64_t value = 0;
  auto operator<=>(const body_hash&) const = default;
};

/// FNV-1a with 64 bits: short enough to be written again in any other language.
body_hash hash_of(std::string_view body);

/// When it was observed, in one unit for the whole history: a logical count, or milliseconds or
/// nanoseconds of ONE clock. Times of two machines with two clocks are not comparable, and an
/// order derived from them would be an accusation without proof.
struct instant {
  std::int64_t value = 0;
  auto operator<=>(const instant&) const = default;
};

/// Who said it, by the name that makes posting idempotent.
struct authorship {
  device_id device{};
  post_number n{};
  auto operator<=>(const authorship&) const = default;
};

/// The wish of a device to say something. The same device, conversation and n with the same
/// content is the same post, however often it is sent. Answers repeat it whole, so that an ack for
/// one content is not taken for an ack of another that a confused client sent under the same n.
struct post {
  conversation_id conversation{};
  authorship author{};
  track_kind track{};
  body_hash hash{};
};

/// A durable line of a conversation as somebody saw it: a device, or who reads the log.
struct event {
  conversation_id conversation{};
  track_kind track{};
  seq_number seq{};
  /// In the log, nobody means that the system spoke (assigned, closed, …): such an event needs no
  /// post. At a device, nobody means that the device was not told.
  std::optional<authorship> author{};
  body_hash hash{};
};

/// A post left the device. Every sending is an observation of its own, a repeated one too.
struct post_sent {
  post what{};
  instant at{};
};

/// The server said: recorded, as this seq. From this moment on the post must not be lost, and must
/// stand before everything that is sent later.
struct post_acked {
  post what{};
  seq_number seq{};
  instant at{};
};

/// Final: the refusal is this n's answer for ever. Temporary: nothing was consumed, and the same n
/// may be posted again. What decides is the n, not whether trying again would help: a post that is
/// out of order, or that conflicts with another of the same n, consumes nothing.
enum class refusal_kind : std::uint8_t { final, temporary };

/// The server said: not recorded. A post with neither answer is unknown and may be there or not.
struct post_refused {
  post what{};
  refusal_kind refusal{};
  instant at{};
};

/// A device applied an event, after its own removal of repeats. The order of these observations is
/// the order on the screen. What somebody scrolls back to, older than where the device began, is
/// not recorded as shown.
struct event_shown {
  device_id reader{};
  event what{};
  instant at{};
};

/// An event arrived at a device; after a reconnect it may arrive again. Only what it says is
/// judged: arriving often or in any order is no fault, showing it so is one.
struct event_delivered {
  device_id reader{};
  event what{};
  instant at{};
};

/// A line of the final log, read from the store once the test is over. Every conversation of the
/// history needs its whole log here.
struct event_stored {
  event what{};
};

/// The device begins to read a track behind `after`, knowing nothing of it. Without this
/// observation it begins at 1.
struct reader_started {
  device_id reader{};
  conversation_id conversation{};
  track_kind track{};
  seq_number after{};
  instant at{};
};

/// Kept: the device knows what it has shown, and must not show it again. Dropped: it has forgotten
/// everything in all its conversations and begins at 1, or where `reader_started` says.
enum class positions_kind : std::uint8_t { kept, dropped };

/// A page was loaded again, an app was killed, a client process died.
struct reader_restarted {
  device_id reader{};
  positions_kind positions{};
  instant at{};
};

/// The test waited until this device had everything: the head of the final log must be on its
/// screen. Record it last.
struct reader_caught_up {
  device_id reader{};
  conversation_id conversation{};
  track_kind track{};
  instant at{};
};

/// How far the server has given events to a person, and how far the person has read.
enum class cursor_kind : std::uint8_t { received, read };

/// The server told `reader` how far `person` is. What one device is told only grows; two devices
/// may be told at different times, so they are not compared.
struct cursor_reported {
  device_id reader{};
  person_id person{};
  conversation_id conversation{};
  track_kind track{};
  cursor_kind cursor{};
  seq_number seq{};
  instant at{};
};

/// The test asked for this message to be deleted, which blanks its body in the store. From then on
/// its content proves nothing, whether the deletion came through or not.
struct message_deleted {
  conversation_id conversation{};
  track_kind track{};
  seq_number seq{};
  instant at{};
};

/// Anything that can be seen. The order of the kinds is part of no format.
using observation = std::variant<post_sent, post_acked, post_refused, event_shown, event_delivered,
                                 event_stored, reader_started, reader_restarted, reader_caught_up,
                                 cursor_reported, message_deleted>;

/// All that was seen, in the order in which it was added; nothing is ever changed or removed.
///
/// Not thread-safe, on purpose: the recorder must not order the threads that it watches. Each
/// thread keeps a history of its own, and `merge` joins them when the threads have ended.
///
/// Adding is an append of about a hundred bytes; naming is a look-up, to be done once per name.
class history {
 public:
  /// The longest name, so that a line of a history file has a bound.
  static constexpr std::size_t name_bytes_max = 256;

  /// The number of a name, the same one for every call. Names are UTF-8, 1 to `name_bytes_max`
  /// bytes; anything else throws std::invalid_argument.
  conversation_id conversation(std::string_view name);
  person_id person(std::string_view name);
  device_id device(std::string_view person, std::string_view name);

  /// Throws std::out_of_range if the observation carries a number that this history never gave.
  void add(const observation& seen);

  /// Appends another history, by names. Between histories only times count, but what one device
  /// showed is ordered by position in the history: merge its earlier life first.
  void merge(const history& other);

  const std::vector<observation>& observations() const { return observations_; }

  /// The names behind the numbers; std::out_of_range for a number that this history never gave.
  const std::string& name_of(conversation_id) const;
  const std::string& name_of(person_id) const;
  const std::string& name_of(device_id) const;
  person_id person_of(device_id) const;

  std::size_t conversations_count() const { return conversations_.size(); }
  std::size_t devices_count() const { return devices_.size(); }

 private:
  std::vector<observation> observations_;
  std::vector<std::string> conversations_;
  std::vector<std::string> persons_;
  std::vector<std::pair<person_id, std::string>> devices_;
  std::unordered_map<std::string, std::uint32_t> conversation_numbers_;
  std::unordered_map<std::string, std::uint32_t> person_numbers_;
  std::map<std::pair<person_id, std::string>, std::uint32_t> device_numbers_;
};

}  // namespace frontdesk::checker
