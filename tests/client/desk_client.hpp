#pragma once

#include "bench/checker/history.hpp"
#include "wire/encoding.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// A client written from docs/wire.md alone, as a value: frames go in as text or as protobuf, and
/// come out so, time is handed in. Simulation and process tests drive it over links of their own;
/// whatever it sends, is answered and shows, it writes into a history for the checker.
namespace frontdesk::client {

/// Milliseconds of the one clock of the test.
using time_ms = std::int64_t;

/// A text that has not been answered yet. It is the client's to keep until then.
struct pending_post {
  std::uint64_t n = 0;
  std::string text;
  bool internal = false;
  /// The message that it changes, or 0.
  std::uint64_t edits = 0;
  std::uint64_t deletes = 0;
};

/// What an event or a post says, as the checker compares it. `kind` as on the wire.
std::string body_of(std::string_view kind, std::uint64_t target, std::string_view text);

/// One track as this device has applied it.
struct track_state {
  std::uint64_t position = 0;
  std::uint64_t head = 0;
};

/// What a device that dies comes back with: what it had saved before.
struct saved_state {
  std::uint64_t visible_position = 0;
  std::uint64_t internal_position = 0;
  /// Answered since, but still in the outbox: they will be posted again.
  std::deque<pending_post> answered;
};

struct own_message {
  std::uint64_t seq = 0;
  bool internal = false;
};

struct conversation_state {
  track_state visible;
  track_state internal;
  saved_state saved;
  std::string status;
  /// `agent:…` or empty.
  std::string assignee;
  std::uint64_t next_n = 1;
  std::deque<pending_post> pending;
  bool subscribed = false;
  /// The public position that the node knows of on this link.
  std::uint64_t reported = 0;
  /// Where messages of this device stand, in both tracks.
  std::vector<own_message> own;
  /// Texts shown, in order: `author> text`, and `*kind` for the desk's own events.
  std::vector<std::string> shown;
};

/// What the application may want to know; everything is optional.
struct listener {
  std::function<void(const std::string& conversation, const std::string& author,
                     const std::string& text)>
      on_message;
  std::function<void(const std::string& conversation, const std::string& kind)> on_event;
};

/// Faults of a client that a test may plant, to see whether they are found.
enum class client_bug : std::uint8_t {
  none,
  /// Takes an ack for the event, also when events before it are missing.
  lets_acks_skip,
  /// Posts what is unanswered under new numbers.
  renumbers_retries,
  /// Shows what it is given, also for the second time.
  shows_repeats,
};

struct setup {
  bool is_agent = false;
  /// As the wire writes it, e.g. `visitor:00…01`.
  std::string person;
  std::string device;
  std::string token;
  client_bug bug = client_bug::none;
  /// How its frames travel; it thinks in JSON.
  encoding spoken = encoding::json;
  /// It says that it understands `lean`.
  bool knows_lean = false;
  /// A link on which nothing was heard for so long is dead.
  time_ms silence_max = 35'000;
};

/// How an agent stands, as the desk has told her last.
struct own_state {
  std::string status;
  std::uint64_t capacity = 0;
  std::uint64_t load = 0;
};

class desk_client {
 public:
  desk_client(setup who, checker::history& seen, listener told = {});

  // ---- The link.

  /// A link is up; frames leave through `send` from now on.
  void opened(std::function<void(std::string)> send, time_ms now);
  void received(std::string_view frame, time_ms now);
  /// The link is gone, or is to be given up.
  void closed();
  /// Resends what has waited too long. True: this link is dead, give it up.
  bool tick(time_ms now);
  bool is_online() const { return is_welcome_; }
  /// Of the last `bye`; 0: none since the link was opened.
  int bye_code() const { return bye_code_; }

  // ---- The application.

  /// Says something; false: there is no conversation to say it in at this moment.
  bool post(const std::string& conversation, std::string text, bool internal, time_ms now);
  /// Changes what stands at `which`: it says `text` from now on, or nothing any more if that is
  /// empty.
  void change(const std::string& conversation, const own_message& which, std::string text,
              time_ms now);
  /// Where a visitor's next message belongs; empty: not known.
  std::string current_conversation() const;
  void read(const std::string& conversation);
  void typing(const std::string& conversation, bool on);
  void set_status(std::string_view status, int capacity);
  void transfer(const std::string& conversation, const std::string& to);
  void give_back(const std::string& conversation);
  void close(const std::string& conversation);
  /// Follows a conversation that is not this agent's.
  void follow(const std::string& conversation);
  /// Asks who is there; the answer counts, not what it says.
  void ask_agents();

  /// The page is loaded again: what is persistent (positions, counters, pending posts) stays.
  void restart();
  /// Writes positions and answers down. Posts and counters are written before they are sent.
  void save();
  /// The device dies, and comes back with what it had saved: older positions, whose events it shows
  /// again on a new screen, and an outbox with posts that were answered.
  void crash();

  const setup& who() const { return who_; }
  const std::map<std::string, conversation_state>& conversations() const { return conversations_; }
  std::size_t pending_count() const;
  std::uint64_t faults_count(const std::string& code) const;
  /// Requests on this link that have no answer yet.
  std::size_t requests_open_count() const { return requests_open_.size(); }
  /// Agents.
  const own_state& own() const { return own_; }
  /// Frames that this person must never be sent.
  std::size_t leaks_count() const { return leaks_count_; }
  /// Lean frames that came.
  std::size_t leans_count() const { return leans_count_; }
  /// Records in the history that this device has all that there is.
  void declare_caught_up(time_ms now);

 private:
  struct incoming;

  void send(const std::string& frame);
  void send_hello();
  void enqueue(const std::string& conversation, pending_post what);
  void send_post(const std::string& conversation, const pending_post& what);
  void resend_all();
  void subscribe(const std::string& conversation);

  void on_welcome(const incoming& frame);
  void on_roster(const incoming& frame);
  void on_lean(const incoming& frame);
  void on_event(const incoming& frame);
  void on_ack(const incoming& frame);
  void on_fault(const incoming& frame);
  void on_cursor(const incoming& frame);
  void on_ping(const incoming& frame);
  void on_gap(const incoming& frame);
  void on_me(const incoming& frame);
  void request(const std::string& type, const std::string& conversation = {},
               const std::string& to = {});
  void give_up_posts(conversation_state& at);
  void go_back(const std::string& id, track_state& track, std::uint64_t position,
               checker::track_kind which);

  void apply(const std::string& conversation, const checker::event& what);
  void report(const std::string& conversation);
  checker::post checked(const std::string& conversation, const pending_post& what);

  setup who_;
  checker::history& seen_;
  listener told_;
  checker::device_id device_;
  std::function<void(std::string)> send_;
  std::map<std::string, conversation_state> conversations_;
  std::string next_;
  std::map<std::string, std::uint64_t> faults_;
  std::uint32_t request_ = 0;
  std::set<std::uint32_t> requests_open_;
  own_state own_;
  std::size_t leaks_count_ = 0;
  std::size_t leans_count_ = 0;
  time_ms now_ = 0;
  time_ms heard_at_ = 0;
  time_ms reported_at_ = 0;
  time_ms resend_at_ = 0;
  int bye_code_ = 0;
  bool is_welcome_ = false;
};

}  // namespace frontdesk::client
