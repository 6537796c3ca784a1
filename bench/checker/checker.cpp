#include "bench/checker/checker.hpp"

#include "bench/checker/notebook.hpp"
#include "bench/checker/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace frontdesk::checker {

namespace {

/// Deals the observations out to their conversations. The order in which they were made is kept
/// within each kind of row, and is what readings and cursors are judged by.
class dealer {
 public:
  dealer(const history& seen, tally& counts)
      : rows_(seen.conversations_count()), lives_(seen.devices_count()), counts_{counts} {
    for (std::size_t i = 0; i < rows_.size(); ++i)
      rows_[i].conversation = conversation_id{static_cast<std::uint32_t>(i)};
    for (const observation& one : seen.observations())
      std::visit(*this, one);
    for (conversation_rows& rows : rows_) {
      rows.log.sort();
      std::sort(rows.deleted.begin(), rows.deleted.end());
    }
  }

  std::vector<conversation_rows>& rows() { return rows_; }

  void operator()(const post_sent& sent) {
    add_post(sent.what, {.step = post_step::sent, .at = sent.at});
  }

  void operator()(const post_acked& acked) {
    add_post(acked.what, {.step = post_step::acked, .seq = acked.seq, .at = acked.at});
  }

  void operator()(const post_refused& refused) {
    add_post(refused.what,
             {.step = post_step::refused, .at = refused.at, .refusal = refused.refusal});
  }

  /// What is shown is judged twice: by what it says, and by its place on the screen.
  void operator()(const event_shown& shown) {
    ++counts_.shown;
    rows_of(shown.what.conversation).sights.push_back({shown.reader, &shown.what});
    add_reading(shown.what.conversation, {.reader = shown.reader,
                                          .track = shown.what.track,
                                          .step = reading_step::shown,
                                          .seq = shown.what.seq,
                                          .what = &shown.what});
  }

  void operator()(const event_delivered& delivered) {
    ++counts_.delivered;
    rows_of(delivered.what.conversation).sights.push_back({delivered.reader, &delivered.what});
  }

  void operator()(const event_stored& stored) {
    ++counts_.stored;
    const event& what = stored.what;
    conversation_rows& rows = rows_of(what.conversation);
    rows.log.add(&what);
    // The log of the system's events is judged, but nobody posted them.
    if (!what.author) return;
    rows.posts.push_back({.author = *what.author,
                          .step = post_step::stored,
                          .track = what.track,
                          .seq = what.seq,
                          .hash = what.hash});
  }

  void operator()(const reader_started& started) {
    add_reading(started.conversation, {.reader = started.reader,
                                       .track = started.track,
                                       .step = reading_step::started,
                                       .seq = started.after});
  }

  /// A device that kept its positions goes on as if nothing had happened, and is judged so.
  void operator()(const reader_restarted& restarted) {
    if (restarted.positions == positions_kind::dropped) ++life_of(restarted.reader);
  }

  void operator()(const reader_caught_up& caught_up) {
    add_reading(
        caught_up.conversation,
        {.reader = caught_up.reader, .track = caught_up.track, .step = reading_step::caught_up});
  }

  void operator()(const cursor_reported& reported) {
    rows_of(reported.conversation).cursors.push_back(&reported);
  }

  void operator()(const message_deleted& deleted) {
    rows_of(deleted.conversation).deleted.emplace_back(deleted.track, deleted.seq);
  }

 private:
  conversation_rows& rows_of(conversation_id id) { return rows_[static_cast<std::size_t>(id)]; }

  std::uint32_t& life_of(device_id id) { return lives_[static_cast<std::size_t>(id)]; }

  void add_post(const post& what, post_row row) {
    row.author = what.author;
    row.track = what.track;
    row.hash = what.hash;
    rows_of(what.conversation).posts.push_back(row);
  }

  void add_reading(conversation_id conversation, reading_row row) {
    row.life = life_of(row.reader);
    rows_of(conversation).readings.push_back(row);
  }

  std::vector<conversation_rows> rows_;
  /// How often each device has forgotten everything.
  std::vector<std::uint32_t> lives_;
  tally& counts_;
};

/// In the order of `finding_kind`; the second is for the summary, where it follows a number.
constexpr std::array<std::string_view, finding_kinds_count> kind_names{
    "lost", "doubled", "reordered", "phantom", "hole", "differs", "regressed", "incomplete"};
constexpr std::array<std::string_view, finding_kinds_count> kind_plurals{
    "lost", "doubled", "reordered", "phantom", "holes", "differing", "regressed", "incomplete"};

}  // namespace

std::string_view to_string(finding_kind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::size_t report::count(finding_kind kind) const {
  return counts.at(static_cast<std::size_t>(kind));
}

bool report::is_clean() const {
  return std::all_of(counts.begin(), counts.end(), [](std::size_t count) { return count == 0; });
}

std::string report::summary() const {
  auto line = fmt::format(
      "{} posts ({} acked, {} refused, {} unknown), {} stored, {} shown, {} delivered:", seen.posts,
      seen.acked, seen.refused, seen.unknown, seen.stored, seen.shown, seen.delivered);
  for (std::size_t i = 0; i < counts.size(); ++i)
    fmt::format_to(std::back_inserter(line), "{} {} {}", i == 0 ? "" : ",", counts[i],
                   kind_plurals[i]);
  return line;
}

std::string report::text() const {
  auto lines = summary();
  for (const finding& one : findings)
    fmt::format_to(std::back_inserter(lines), "\n{}: {}", to_string(one.kind), one.sentence);
  return lines;
}

report check(const history& seen) {
  notebook notes{seen};
  // The rules sort their rows in place; nobody looks at a conversation again afterwards.
  dealer dealt{seen, notes.seen()};
  for (conversation_rows& rows : dealt.rows()) {
    check_log(rows, notes);
    check_posts(rows, notes);
    check_sights(rows, notes);
    check_readings(rows, notes);
    check_cursors(rows, notes);
  }
  return notes.take();
}

}  // namespace frontdesk::checker
