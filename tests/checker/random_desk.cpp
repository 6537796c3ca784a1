#include "tests/checker/random_desk.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <utility>

namespace frontdesk::checker {

namespace {

/// What the desk said to a post: a seq, or a refusal.
struct answer {
  post what;
  std::optional<seq_number> seq{};
  refusal_kind refusal{};
};

/// One device's posting into one conversation, over a connection that keeps order until it breaks.
struct poster {
  conversation_id conversation{};
  device_id device{};
  bool is_agent = false;
  std::uint64_t posts_count = 0;
  std::vector<post> unanswered{};
  std::deque<post> to_desk{};
  std::deque<answer> from_desk{};
  /// The desk's memory of this device: its first answer to each n, in order.
  std::vector<answer> answers{};
};

/// One device's screen of one track.
struct screen_position {
  device_id device{};
  person_id person{};
  conversation_id conversation{};
  track_kind track{};
  std::uint64_t shown = 0;
  std::uint64_t cursor = 0;
};

class random_desk {
 public:
  explicit random_desk(std::uint64_t seed) : random_{seed} {
    for (const char* conversation : {"c1", "c2"})
      for (const char* person : {"v1", "a1"})
        for (const char* device : {"phone", "laptop"})
          join(conversation, person, device);
  }

  void step() {
    constexpr std::array<void (random_desk::*)(), 10> common{
        &random_desk::post_something, &random_desk::desk_takes,   &random_desk::desk_takes,
        &random_desk::client_hears,   &random_desk::client_hears, &random_desk::screen_shows,
        &random_desk::screen_shows,   &random_desk::screen_shows, &random_desk::screen_shows,
        &random_desk::cursor_moves};
    constexpr std::array<void (random_desk::*)(), 5> rare{
        &random_desk::connection_breaks, &random_desk::system_speaks, &random_desk::device_restarts,
        &random_desk::device_forgets, &random_desk::message_is_deleted};
    now_.value += below(3);
    const bool is_rare = below(12) == 0;
    (this->*(is_rare ? rare[below(rare.size())] : common[below(common.size())]))();
  }

  /// Everybody reads to the end, and the log is read; posts under way stay unknown.
  loose_history end() {
    for (screen_position& screen : screens_) {
      while (screen.shown < log_of(screen).size())
        show_next(screen);
      seen_.push_back(reader_caught_up{screen.device, screen.conversation, screen.track, now_});
    }
    for (const auto& [key, lines] : logs_)
      for (const event& line : lines)
        seen_.push_back(event_stored{line});
    return {std::move(names_), std::move(seen_)};
  }

 private:
  using log = std::vector<event>;

  void join(const std::string& conversation, const std::string& person, const std::string& device) {
    const auto room = names_.conversation(conversation);
    const auto id = names_.device(person, device);
    const bool is_agent = person == "a1";
    posters_.push_back({.conversation = room, .device = id, .is_agent = is_agent});
    const auto add_screen = [&](track_kind track) {
      screens_.push_back(
          {.device = id, .person = names_.person(person), .conversation = room, .track = track});
    };
    add_screen(track_kind::public_);
    if (is_agent) add_screen(track_kind::internal);
  }

  /// A number from 0 to `bound` - 1. Not std::uniform_int_distribution, which gives other numbers
  /// with other libraries.
  std::size_t below(std::size_t bound) { return random_() % bound; }

  template <class One>
  One& any(std::vector<One>& of) {
    return of[below(of.size())];
  }

  log& log_of(const screen_position& screen) { return logs_[{screen.conversation, screen.track}]; }

  void post_something() {
    poster& by = any(posters_);
    if (by.unanswered.size() >= 3) return;
    const bool is_note = by.is_agent && below(3) == 0;
    const post what{.conversation = by.conversation,
                    .author = {by.device, {++by.posts_count}},
                    .track = is_note ? track_kind::internal : track_kind::public_,
                    .hash = {random_()}};
    by.unanswered.push_back(what);
    send(by, what);
  }

  void send(poster& by, const post& what) {
    seen_.push_back(post_sent{what, now_});
    by.to_desk.push_back(what);
  }

  void desk_takes() {
    poster& by = any(posters_);
    if (by.to_desk.empty()) return;
    const post what = by.to_desk.front();
    by.to_desk.pop_front();
    by.from_desk.push_back(decide(by, what));
  }

  answer decide(poster& by, const post& what) {
    const auto n = what.author.n.value;
    if (n <= by.answers.size()) return by.answers[n - 1];
    const bool is_busy = below(8) == 0;
    if (is_busy || n != by.answers.size() + 1)
      return {.what = what, .refusal = refusal_kind::temporary};
    answer first{.what = what, .refusal = refusal_kind::final};
    const bool is_clean = below(10) != 0;
    if (is_clean) first.seq = append(what.conversation, what.track, what.author, what.hash);
    return by.answers.emplace_back(first);
  }

  seq_number append(conversation_id conversation, track_kind track,
                    std::optional<authorship> author, body_hash hash) {
    log& lines = logs_[{conversation, track}];
    const seq_number seq{lines.size() + 1};
    lines.push_back({conversation, track, seq, author, hash});
    return seq;
  }

  void client_hears() {
    poster& by = any(posters_);
    if (by.from_desk.empty()) return;
    const answer heard = by.from_desk.front();
    by.from_desk.pop_front();
    const auto done =
        std::find_if(by.unanswered.begin(), by.unanswered.end(),
                     [&](const post& one) { return one.author.n == heard.what.author.n; });
    if (heard.seq)
      seen_.push_back(post_acked{heard.what, *heard.seq, now_});
    else
      seen_.push_back(post_refused{heard.what, heard.refusal, now_});
    const bool is_final = heard.seq || heard.refusal == refusal_kind::final;
    if (!is_final)
      send(by, heard.what);
    else if (done != by.unanswered.end())
      by.unanswered.erase(done);
  }

  /// What was under way is gone, in both directions; the client sends again what it does not know.
  void connection_breaks() {
    poster& by = any(posters_);
    by.to_desk.clear();
    by.from_desk.clear();
    for (const post& what : by.unanswered)
      send(by, what);
  }

  void system_speaks() {
    append(any(posters_).conversation, track_kind::public_, std::nullopt, {random_()});
  }

  void screen_shows() {
    screen_position& screen = any(screens_);
    if (screen.shown < log_of(screen).size()) show_next(screen);
  }

  void show_next(screen_position& screen) {
    const log& lines = log_of(screen);
    // A device may be given again what it has, and must not show it.
    for (auto i = screen.shown; i > 0 && below(5) == 0; --i)
      seen_.push_back(event_delivered{screen.device, as_told(screen, lines[i - 1]), now_});
    const event next = as_told(screen, lines[screen.shown++]);
    seen_.push_back(event_delivered{screen.device, next, now_});
    seen_.push_back(event_shown{screen.device, next, now_});
  }

  /// Only the author's own device is told device and n.
  static event as_told(const screen_position& screen, event line) {
    if (line.author && line.author->device != screen.device) line.author.reset();
    return line;
  }

  void cursor_moves() {
    screen_position& screen = any(screens_);
    screen.cursor = std::max(screen.cursor, screen.shown);
    seen_.push_back(cursor_reported{.reader = screen.device,
                                    .person = screen.person,
                                    .conversation = screen.conversation,
                                    .track = screen.track,
                                    .cursor = cursor_kind::read,
                                    .seq = {screen.cursor},
                                    .at = now_});
  }

  void device_restarts() {
    seen_.push_back(reader_restarted{any(posters_).device, positions_kind::kept, now_});
  }

  void device_forgets() {
    const device_id device = any(posters_).device;
    seen_.push_back(reader_restarted{device, positions_kind::dropped, now_});
    for (screen_position& screen : screens_) {
      if (screen.device != device) continue;
      const auto head = log_of(screen).size();
      screen.shown = below(2) == 0 ? 0 : head - std::min<std::size_t>(head, 5);
      if (screen.shown > 0)
        seen_.push_back(
            reader_started{device, screen.conversation, screen.track, {screen.shown}, now_});
    }
  }

  void message_is_deleted() {
    log& lines = log_of(any(screens_));
    if (lines.empty()) return;
    event& line = any(lines);
    if (!line.author) return;
    line.hash = hash_of("");
    seen_.push_back(message_deleted{line.conversation, line.track, line.seq, now_});
  }

  std::mt19937_64 random_;
  instant now_{};
  history names_;
  std::vector<observation> seen_;
  std::vector<poster> posters_;
  std::vector<screen_position> screens_;
  std::map<std::pair<conversation_id, track_kind>, log> logs_;
};

}  // namespace

history loose_history::bound() const {
  history whole = names;
  for (const observation& one : seen)
    whole.add(one);
  return whole;
}

loose_history random_honest_history(std::uint64_t seed, std::size_t steps_count) {
  random_desk desk{seed};
  for (std::size_t i = 0; i < steps_count; ++i)
    desk.step();
  return desk.end();
}

}  // namespace frontdesk::checker
