#pragma once

#include "model/batch.hpp"
#include "model/chat.hpp"
#include "model/event.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"
#include "model/limits.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace frontdesk {

/// A conversation must give every post one place, whatever the network repeats, and every wish
/// about it (assign, return, close) an order among the posts. The transcript is the rule for that,
/// without any actor: wishes wait in it in order; a `draft` of them is what one append shall
/// record; once that is recorded the draft is taken over. Nothing is true before.
///
///     judge / add  →  waiting  →  begin()  →  draft (one at a time)  →  settle()  →  at()
///
/// A draft that fails is the end of the transcript: its owner reads the store anew.

/// A visitor's or agent's post, with what is needed if it opens the conversation.
struct post_wish {
  post what;
  std::string author_name;
  /// Visitors: where a conversation of this id would open.
  std::optional<inbox_id> inbox;
  team_id team;
  std::uint32_t ordinal = 0;
  conversation_priority priority = conversation_priority::normal;
  std::uint32_t reopen_window_s = 0;
};
struct assign_wish {
  named_person to;
  /// `the_system`: by the desk, and only out of the queue.
  named_person by;
};
struct return_wish {
  named_person by;
  return_reason reason = return_reason::returned;
  /// If set: only if this agent has it.
  person_id only_from;
};
struct close_wish {
  named_person by;
};
using wish = std::variant<post_wish, assign_wish, return_wish, close_wish>;

/// What became of one wish of a draft, in the order in which they were added. `tag` is the
/// caller's.
struct wish_outcome {
  std::uint64_t tag = 0;
  fault_code refusal = fault_code::none;
  /// Posts.
  person_id author;
  device_id device;
  std::optional<post_answer> answer;
};

/// What one append shall record, and what may be told once it is recorded.
struct draft {
  head before;
  head after;
  std::vector<event> events;
  std::vector<wish_outcome> outcomes;
  batch records;
  std::size_t bytes = 0;
  std::size_t posts_count = 0;
  /// Messages that were edited or deleted, as they are then.
  std::vector<message_versions> changed;
  /// Files of deleted messages.
  std::vector<file_id> dropped_files;
  /// A new conversation, whose number the recorder chooses.
  bool opens = false;

  /// Nothing to record; the outcomes hold at once.
  bool is_empty() const { return records.records.empty(); }
};

/// What to do with a post that has just arrived.
enum class post_verdict : std::uint8_t {
  /// It is the next one: it waits now, its outcome comes with a draft.
  waits,
  /// The device's answers are not at hand: `learn` them, then judge again.
  unknown_device,
  /// Recorded before: here is its first answer.
  repeated,
  /// It waits already; the answer comes with that.
  pending,
  /// The message that it changes is not at hand: `learn` its versions, then judge again.
  unknown_target,
  /// Refused, consuming nothing; see `refusal`.
  refused,
};

struct judgement {
  post_verdict verdict = post_verdict::refused;
  post_answer answer;
  fault refusal;
};

class transcript {
 public:
  /// `recorded` need not exist yet; then it carries tenant and conversation id only.
  explicit transcript(head recorded);

  /// As it is recorded.
  const head& at() const { return at_; }

  /// The answers of a device, as recorded. The least recently used device without waiting posts is
  /// forgotten beyond `limits::windows_at_hand_max`.
  void learn(post_window recorded);

  /// A message to be changed, with its edits, as recorded. Beyond `limits::versions_at_hand_max`
  /// the oldest that no waiting wish needs is forgotten. A later state that is known here stands.
  void learn(message_versions recorded);

  /// Judges a post, and lets it wait if it is the next. `tag` comes back in its outcome.
  judgement judge(const post_wish&, std::uint64_t tag);

  /// Lets any other wish wait; false: too many wait.
  bool add(wish, std::uint64_t tag);

  bool has_waiting() const { return !waiting_.empty(); }
  bool has_draft() const { return drafting_; }

  /// Posts that wait or are in the draft, in order.
  std::vector<post_wish> waiting_posts() const;
  /// Null, unless an exception has left `begin`: the post at which it did.
  const post* at_work() const { return at_work_; }

  /// Makes the draft of what waits, as much as one append may carry, and of at most so many wishes.
  /// Requires `has_waiting` and no other draft under way.
  draft begin(timestamp now, std::size_t wishes_max = limits::append_posts_max);

  /// The draft is recorded: it is how things are. `number`: of a conversation that it opened.
  void settle(draft& recorded, std::uint64_t number);

 private:
  struct device_state {
    post_window window;
    /// The last number that waits or is recorded.
    post_number last;
    std::uint64_t used = 0;
  };
  using device_key = std::pair<person_id, device_id>;
  struct waiting_wish {
    std::uint64_t tag = 0;
    wish what;
  };

  device_state* find(const device_key&);
  std::optional<std::uint32_t> waiting_hash(const device_key&, post_number) const;
  message_versions* find_versions(track, sequence);
  bool lacks_target(const post&);
  bool is_target_of_waiting(const event&) const;
  fault_code admission(const post_wish&) const;
  judgement judge_known(device_state&, const post_wish&, std::uint64_t tag);
  draft decide(timestamp now, std::size_t wishes_max);
  void record_answers(draft&);

  head at_;
  std::list<std::pair<device_key, device_state>> devices_;
  std::vector<message_versions> versions_;
  std::list<waiting_wish> waiting_;
  std::size_t drafted_count_ = 0;
  bool drafting_ = false;
  std::uint64_t uses_ = 0;
  const post* at_work_ = nullptr;
};

}  // namespace frontdesk
