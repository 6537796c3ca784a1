#pragma once

#include "model/fault.hpp"
#include "model/ids.hpp"
#include "model/trace.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

/// The nouns of a conversation as they are kept. Numbers of enumerations are stored: they never
/// change.

/// A conversation has two tracks of events. Visitors' paths can build only visible keys.
enum class track : std::uint8_t {
  /// "public" on the wire: what visitor and agents see.
  visible = 1,
  /// Private notes of agents.
  internal = 2,
};

enum class conversation_status : std::uint8_t {
  queued = 1,
  bot = 2,
  assigned = 3,
  snoozed = 4,
  closed = 5,
};

/// Whose turn it is first: in its queue, when messages have to wait, and at the door. Chosen when
/// it opens.
enum class conversation_priority : std::uint8_t {
  normal = 0,
  vip = 1,
};

/// A person with the name that was true when it was written.
struct named_person {
  person_id person;
  /// UTF-8, at most `limits::name_bytes_max`.
  std::string name;

  friend bool operator==(const named_person&, const named_person&) = default;
};

/// The last message of a conversation, as lists show it.
struct last_message {
  /// In the visible track; 0 in heads that were written before it was kept.
  sequence seq;
  person_id author;
  /// UTF-8, cut at a character's border to `limits::preview_bytes_max`.
  std::string text;
  timestamp time;

  friend bool operator==(const last_message&, const last_message&) = default;
};

/// All that is known of a conversation without reading its events: overwritten with every batch
/// that touches it, read when its actor wakes, copied into rosters. `visible` = 0: it does not
/// exist yet.
struct head {
  tenant_id tenant;
  conversation_id conversation;
  inbox_id inbox;
  team_id team;
  /// Counted per tenant, from 1; what people say on the telephone.
  std::uint64_t number = 0;
  /// Which of the visitor's conversations at this inbox, from 1.
  std::uint32_t ordinal = 0;
  conversation_status status = conversation_status::queued;
  named_person visitor;
  /// `nobody` unless assigned.
  named_person assignee;
  /// The last seq of each track.
  sequence visible;
  sequence internal;
  timestamp opened_at;
  /// When it got its status.
  timestamp since;
  /// A visitor's message has been waiting for an answer since; 0: none does.
  timestamp waiting_since;
  /// It was with an agent before, so it stands before the others in its queue.
  bool returned = false;
  conversation_priority priority = conversation_priority::normal;
  last_message last;

  bool exists() const { return visible.value != 0; }
  bool is_vip() const { return priority == conversation_priority::vip; }
  bool is_closed() const { return status == conversation_status::closed; }
  sequence last_of(track t) const { return t == track::visible ? visible : internal; }
  friend bool operator==(const head&, const head&) = default;
};

/// How far a person has received and read a conversation's visible track. Only moves forward.
struct cursor {
  sequence received;
  sequence read;

  friend bool operator==(const cursor&, const cursor&) = default;
};

/// A cursor and whose it is.
struct reader_cursor {
  person_id reader;
  cursor at;

  friend bool operator==(const reader_cursor&, const reader_cursor&) = default;
};

/// A file that was said, as its receivers need to know it. What it holds is fetched over HTTP.
struct file_ref {
  file_id id;
  /// As its sender called it: UTF-8, at most `limits::file_name_bytes_max`, no path.
  std::string name;
  /// What its bytes were found to be, e.g. `image/png`; at most `limits::file_type_bytes_max`.
  std::string type;
  std::uint64_t bytes = 0;
  /// Images, in pixels, as far as known; else 0.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  /// There is a small picture of it.
  bool has_thumbnail = false;

  friend bool operator==(const file_ref&, const file_ref&) = default;
};

/// The wish to say something, or to change what was said. Named by its author's device, which makes
/// it idempotent.
struct post {
  conversation_id conversation;
  person_id author;
  device_id device;
  post_number n;
  track where = track::visible;

  /// UTF-8; checked by `text_fault`. Empty if `refused` is set.
  std::string text;
  /// The message of the same track that this one answers; 0: none.
  sequence reply_to;
  /// Not a new message, but the text of this one of the same track from now on; 0: it is new.
  sequence edits;
  /// Not a new message, but the end of this one; 0: it is not.
  sequence deletes;
  /// What is sent along. Its hash counts the id alone.
  std::optional<file_ref> file;
  /// The author may delete what others said.
  bool may_moderate = false;
  /// Set by the connection if the text can never be accepted: the refusal is recorded as this `n`'s
  /// answer, so that the device's next post is in order.
  std::optional<fault_code> refused;
  /// Its `content_hash`, if nothing else is left here of what was said.
  std::optional<std::uint32_t> hash;
  /// The part of its trace that it is in now; null, unless it is sampled. Never stored.
  span_ptr trace = nullptr;

  /// It says something new.
  bool is_message() const { return !edits && !deletes; }
  /// The message that it changes, or 0.
  sequence target() const { return edits ? edits : deletes; }
};

/// What a post was answered: a place in its track, or a final refusal.
struct post_answer {
  post_number n;
  /// Of text and track; the same `n` with another hash is a conflict.
  std::uint32_t hash = 0;
  /// 0 if refused.
  sequence seq;
  track where = track::visible;
  timestamp time;
  /// `none` if accepted.
  fault_code refusal = fault_code::none;

  friend bool operator==(const post_answer&, const post_answer&) = default;
};

/// The last answers that a device got in a conversation, oldest first, dense in `n`: stored as one
/// overwritten record, so that a repeated post gets its first answer also after a restart.
struct post_window {
  person_id author;
  device_id device;
  /// At most `limits::answers_kept_max`.
  std::vector<post_answer> answers;

  post_number last() const { return answers.empty() ? post_number{} : answers.back().n; }
  friend bool operator==(const post_window&, const post_window&) = default;
};

/// The hash of a post's content for `post_answer::hash`.
std::uint32_t content_hash(const post&);

/// The same post, of which nothing is left but which one it is: whoever refuses it need not read
/// what it said, and a repeat of it is known all the same.
post without_content(const post&);

/// Why a text may not be posted: empty, too long, or with control characters; `none` if it may.
/// `text` must be valid UTF-8.
fault_code text_fault(std::string_view text);

/// The longest prefix of valid UTF-8 that fits `bytes_max` and cuts no character.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);

std::string_view name_of(conversation_status);
std::string_view name_of(track);

}  // namespace frontdesk
