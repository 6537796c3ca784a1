#include "bench/checker/rules.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <tuple>

namespace frontdesk::checker {

namespace {

/// One content that was sent under one n, and how it was answered. A post has one attempt, unless
/// its client used an n twice.
struct attempt {
  std::pair<track_kind, body_hash> content;
  std::size_t sent = 0;
  std::size_t acked = 0;
  std::size_t refused_finally = 0;
  std::size_t refused_for_now = 0;

  /// Every sending was answered, none by an ack.
  bool is_always_refused() const { return sent > 0 && acked == 0 && refused_for_now >= sent; }
};

/// All that is known of one author's n.
struct post_story {
  std::span<const post_row> sent;
  std::span<const post_row> acked;
  std::span<const post_row> refused;
  std::span<const post_row> stored;
  /// Sorted by content.
  std::vector<attempt> attempts;
};

std::pair<track_kind, body_hash> content_of(const post_row& row) {
  return {row.track, row.hash};
}

/// The attempt that a row belongs to, made when it is met first.
attempt& attempt_of(const post_row& row, std::vector<attempt>& attempts) {
  const auto place = std::lower_bound(
      attempts.begin(), attempts.end(), content_of(row),
      [](const attempt& one, const auto& content) { return one.content < content; });
  if (place != attempts.end() && place->content == content_of(row)) return *place;
  return *attempts.insert(place, {.content = content_of(row)});
}

const attempt* find_attempt(const post_story& story, const post_row& row) {
  const auto place = std::lower_bound(
      story.attempts.begin(), story.attempts.end(), content_of(row),
      [](const attempt& one, const auto& content) { return one.content < content; });
  if (place == story.attempts.end() || place->content != content_of(row)) return nullptr;
  return &*place;
}

/// Takes the sorted rows of one post.
post_story story_of(std::span<const post_row> rows) {
  const auto steps = [&rows](post_step step) {
    const auto end = std::find_if(rows.begin(), rows.end(),
                                  [step](const post_row& row) { return row.step != step; });
    const auto count = static_cast<std::size_t>(end - rows.begin());
    const auto taken = rows.first(count);
    rows = rows.subspan(count);
    return taken;
  };
  post_story story;
  story.sent = steps(post_step::sent);
  story.acked = steps(post_step::acked);
  story.refused = steps(post_step::refused);
  story.stored = steps(post_step::stored);
  for (const post_row& row : story.sent)
    ++attempt_of(row, story.attempts).sent;
  for (const post_row& row : story.acked)
    ++attempt_of(row, story.attempts).acked;
  for (const post_row& row : story.refused) {
    attempt& refused = attempt_of(row, story.attempts);
    ++(row.refusal == refusal_kind::final ? refused.refused_finally : refused.refused_for_now);
  }
  return story;
}

bool is_same_place(const post_row& a, const post_row& b) {
  return a.track == b.track && a.seq == b.seq;
}

/// Judges the posts of one conversation, one story after the other.
class post_judge {
 public:
  post_judge(const conversation_rows& scene, notebook& notes) : scene_{scene}, notes_{notes} {}

  void judge(const post_story& story) {
    count(story);
    for (std::size_t i = 0; i < story.acked.size(); ++i)
      judge_ack(story, i);
    for (std::size_t i = 0; i < story.stored.size(); ++i)
      judge_line(story, i);
  }

 private:
  void count(const post_story& story) {
    if (story.sent.empty()) return;
    const bool is_refused =
        std::any_of(story.refused.begin(), story.refused.end(),
                    [](const post_row& row) { return row.refusal == refusal_kind::final; });
    tally& seen = notes_.seen();
    ++seen.posts;
    ++(!story.acked.empty() ? seen.acked : is_refused ? seen.refused : seen.unknown);
  }

  void judge_ack(const post_story& story, std::size_t i) {
    const post_row& ack = story.acked[i];
    const post_row* const previous = i == 0 ? nullptr : &story.acked[i - 1];
    if (previous && is_same_place(*previous, ack)) {
      if (previous->hash == ack.hash) return;
    } else if (previous) {
      notes_.note(finding_kind::doubled, "{}: {} was acknowledged here and at {} seq {}",
                  place(ack), who(ack), to_string(previous->track), previous->seq.value);
    }
    if (find_attempt(story, ack)->sent == 0)
      notes_.note(finding_kind::phantom,
                  "{}: {} was acknowledged, but never sent with this content", place(ack),
                  who(ack));
    judge_promise(story, ack);
  }

  /// An ack says that the post is recorded, at this seq, with this content.
  void judge_promise(const post_story& story, const post_row& ack) {
    if (story.stored.empty()) {
      notes_.note(finding_kind::lost, "{}: {} was acknowledged, but is not stored", place(ack),
                  who(ack));
      return;
    }
    const auto line = std::lower_bound(
        story.stored.begin(), story.stored.end(), ack, [](const post_row& a, const post_row& b) {
          return std::pair{a.track, a.seq} < std::pair{b.track, b.seq};
        });
    if (line == story.stored.end() || !is_same_place(*line, ack))
      notes_.note(finding_kind::lost, "{}: {} was acknowledged, but is stored at {} seq {}",
                  place(ack), who(ack), to_string(story.stored.front().track),
                  story.stored.front().seq.value);
    else if (line->hash != ack.hash && !scene_.is_deleted(ack.track, ack.seq))
      notes_.note(finding_kind::lost, "{}: {} was acknowledged, but is stored with other content",
                  place(ack), who(ack));
  }

  void judge_line(const post_story& story, std::size_t i) {
    const post_row& line = story.stored[i];
    // The rule for the log has seen two lines at one seq.
    if (i > 0 && !is_same_place(story.stored.front(), line))
      notes_.note(finding_kind::doubled, "{}: {} is stored here and at {} seq {}", place(line),
                  who(line), to_string(story.stored.front().track), story.stored.front().seq.value);
    if (story.sent.empty()) {
      notes_.note(finding_kind::phantom, "{}: {} is stored, but was never sent", place(line),
                  who(line));
      return;
    }
    if (scene_.is_deleted(line.track, line.seq)) return;
    const attempt* const tried = find_attempt(story, line);
    if (!tried || tried->sent == 0)
      notes_.note(finding_kind::phantom, "{}: {} is stored with content that was never sent",
                  place(line), who(line));
    else if (tried->refused_finally > 0)
      notes_.note(finding_kind::phantom, "{}: {} is stored, but was refused for good", place(line),
                  who(line));
    else if (tried->is_always_refused())
      notes_.note(finding_kind::phantom, "{}: {} is stored, but was refused whenever it was sent",
                  place(line), who(line));
  }

  std::string who(const post_row& row) const { return notes_.name(row.author); }

  std::string place(const post_row& row) const {
    return notes_.place(scene_.conversation, row.track, row.seq);
  }

  const conversation_rows& scene_;
  notebook& notes_;
};

/// A stored post between the two moments that bind its place in the order.
struct placed_post {
  authorship author;
  track_kind track{};
  seq_number seq{};
  instant sent_first{};
  instant acked_first{};
};

constexpr instant never{std::numeric_limits<std::int64_t>::max()};

/// If a post stands twice, only its first place takes part in the order: that it is doubled has
/// been said. A post that was never sent has no moments, so it binds nothing.
placed_post placed(const post_story& story) {
  const post_row& line = story.stored.front();
  placed_post post{.author = line.author,
                   .track = line.track,
                   .seq = line.seq,
                   .sent_first = never,
                   .acked_first = never};
  for (const post_row& row : story.sent)
    post.sent_first = std::min(post.sent_first, row.at);
  for (const post_row& row : story.acked)
    post.acked_first = std::min(post.acked_first, row.at);
  if (story.sent.empty()) post.sent_first = {std::numeric_limits<std::int64_t>::min()};
  return post;
}

/// Real time: what was acknowledged before another was sent stands before it. Walking a track from
/// its end, the earliest ack behind each post decides.
void check_real_time(conversation_id conversation, std::vector<placed_post>& posts,
                     notebook& notes) {
  std::sort(posts.begin(), posts.end(), [](const placed_post& a, const placed_post& b) {
    return std::pair{a.track, b.seq} < std::pair{b.track, a.seq};
  });
  const placed_post* earliest = nullptr;
  for (const placed_post& post : posts) {
    if (earliest && earliest->track != post.track) earliest = nullptr;
    if (earliest && earliest->acked_first < post.sent_first)
      notes.note(finding_kind::reordered,
                 "{}: {} was first sent at {}, after the ack of {} at {}, "
                 "which stands behind it at seq {}",
                 notes.place(conversation, post.track, post.seq), notes.name(post.author),
                 post.sent_first.value, notes.name(earliest->author), earliest->acked_first.value,
                 earliest->seq.value);
    if (!earliest || post.acked_first < earliest->acked_first) earliest = &post;
  }
}

/// A device's posts stand in the order of their n.
void check_device_order(conversation_id conversation, std::vector<placed_post>& posts,
                        notebook& notes) {
  std::sort(posts.begin(), posts.end(), [](const placed_post& a, const placed_post& b) {
    return std::tuple{a.track, a.author.device, a.seq} <
           std::tuple{b.track, b.author.device, b.seq};
  });
  const placed_post* highest = nullptr;
  for (const placed_post& post : posts) {
    const bool is_same_device =
        highest && highest->track == post.track && highest->author.device == post.author.device;
    if (is_same_device && post.author.n < highest->author.n)
      notes.note(finding_kind::reordered, "{}: {} stands behind n {} of the same device at seq {}",
                 notes.place(conversation, post.track, post.seq), notes.name(post.author),
                 highest->author.n.value, highest->seq.value);
    else
      highest = &post;
  }
}

}  // namespace

void check_posts(conversation_rows& rows, notebook& notes) {
  std::sort(rows.posts.begin(), rows.posts.end());
  post_judge judge{rows, notes};
  std::vector<placed_post> stored;
  for (auto first = rows.posts.begin(); first != rows.posts.end();) {
    const auto last = std::find_if(first, rows.posts.end(), [first](const post_row& row) {
      return row.author != first->author;
    });
    const post_story story = story_of({first, last});
    judge.judge(story);
    if (!story.stored.empty()) stored.push_back(placed(story));
    first = last;
  }
  check_real_time(rows.conversation, stored, notes);
  check_device_order(rows.conversation, stored, notes);
}

}  // namespace frontdesk::checker
