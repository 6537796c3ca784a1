#pragma once

#include "model/fault.hpp"
#include "model/ids.hpp"
#include "model/limits.hpp"
#include "model/trace.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

/// The problem: a person says that the chat hangs, now, and an operator wants to see what this one
/// person's messages do, without tracing everybody's.
///
/// The answer: a table of few watches. Each has a ring of lines, for whoever asks for them; what
/// does not fit is counted. A watch ends after its time, or when nobody has asked for a while.
namespace frontdesk {

using watch_id = strong<struct watch_tag>;

/// Whom or what to watch: one of both.
struct watched {
  /// None: of any tenant.
  std::optional<tenant_id> tenant;
  person_id person;
  conversation_id conversation;

  /// Whether something of this person, in this conversation, is meant.
  bool means(tenant_id whose, person_id who, conversation_id where) const {
    if (tenant && *tenant != whose) return false;
    return (person && person == who) || (conversation && conversation == where);
  }
};

/// Something that happened to a connection, or to an actor that somebody's message was with. No
/// text, no token.
struct connection_note {
  enum class kinds : std::uint8_t {
    connected,
    hello,
    frame_in,
    frame_out,
    refused,
    closed,
    /// An actor was ended by an exception.
    failed,
    /// It was so for the second time by the same message, which is taken no more.
    quarantined,
  };

  kinds kind = kinds::connected;
  open_span::moment at{};
  connection_id connection{};
  tenant_id tenant{};
  person_id person{};
  device_id device{};
  /// What the frame is about, if it is about one.
  conversation_id conversation{};
  /// A frame's name, a fault's name, the reason of an end, the kind of actor: a constant.
  std::string_view name{};
  std::uint64_t bytes = 0;
  /// Of `closed`; 0: none was said.
  std::uint32_t code = 0;
  std::string_view transport{};
  std::string_view encoding{};
  /// Of what failed, if that was traced; the log's line `actor_failed` has it, too.
  trace_id trace{};
  std::int64_t unix_ns = 0;
};

constexpr std::string_view name_of(connection_note::kinds kind) {
  constexpr std::string_view names[]{"connected", "hello",  "in",     "out",
                                     "refused",   "closed", "failed", "quarantined"};
  return names[static_cast<std::size_t>(kind)];
}

using watch_line = std::variant<span, connection_note>;

/// What whoever watches is told.
struct watch_news {
  std::vector<watch_line> lines;
  /// What did not fit since the last time.
  std::uint64_t lost = 0;
  /// There is more, for another call at once.
  bool has_more = false;
};

/// Not thread-safe: `trace_board` is.
class watch_table {
 public:
  using moment = open_span::moment;

  static constexpr std::size_t slots_count = limits::watches_max;
  static_assert(slots_count <= 16, "a slot has a bit in watch_marks");

  /// `busy`: there are as many as there may be. `bad_value`: the time, or nobody is meant.
  fault_or<watch_id> begin(const watched&, std::chrono::milliseconds time, moment now);
  void end(watch_id);
  /// At most so many lines, the oldest first. `not_found`: it has ended.
  fault_or<watch_news> read(watch_id, std::size_t most, moment now);

  /// Who wants to see this. Ends those whose time has come.
  watch_marks marks_of(tenant_id, person_id, conversation_id, moment now);
  /// To all that are marked and were there when the marks were made.
  void add(const watch_marks&, const watch_line&);

  std::size_t count() const;

 private:
  struct watch {
    watch_id id;
    watched what;
    /// The number of its beginning: marks that are older do not mean it.
    std::uint32_t made = 0;
    moment until;
    moment asked_at;
    std::deque<watch_line> ring;
    std::uint64_t lost = 0;
  };

  void sweep(moment now);
  std::optional<watch>* find(watch_id);

  std::array<std::optional<watch>, slots_count> slots_;
  std::uint32_t made_ = 0;
};

}  // namespace frontdesk
