#pragma once

#include "bench/checker/checker.hpp"
#include "bench/checker/history.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The problem: a rule is best understood by the smallest history that breaks it, but a history of
/// five observations takes fifty lines of structs. A story tells it in the words of the desk:
///
///     story told;
///     told.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);
///     EXPECT_EQ(told.verdict(), "1 lost");
namespace frontdesk::checker {

/// A history that is told step by step, in one conversation and track at a time. Devices are
/// "person/device". Each step takes one unit of time.
class story {
 public:
  /// From here on, the story plays there; it begins in the public track of "c1".
  story& in(std::string_view conversation, track_kind track = track_kind::public_) {
    conversation_ = told_.conversation(conversation);
    track_ = track;
    return *this;
  }

  /// The next step happens in the same moment as the one before.
  story& at_once() {
    --now_.value;
    return *this;
  }

  story& sends(std::string_view who, std::uint64_t n, std::string_view body) {
    return add(post_sent{post_of(who, n, body), tick()});
  }
  story& acks(std::string_view who, std::uint64_t n, std::string_view body, std::uint64_t seq) {
    return add(post_acked{post_of(who, n, body), {seq}, tick()});
  }
  story& refuses(std::string_view who, std::uint64_t n, std::string_view body, refusal_kind kind) {
    return add(post_refused{post_of(who, n, body), kind, tick()});
  }
  story& stores(std::uint64_t seq, std::string_view who, std::uint64_t n, std::string_view body) {
    return add(event_stored{event_of(seq, body, authorship{device(who), {n}})});
  }
  story& stores_system_event(std::uint64_t seq, std::string_view body) {
    return add(event_stored{event_of(seq, body, std::nullopt)});
  }
  /// All that happens to a post on a good day.
  story& records(std::uint64_t seq, std::string_view who, std::uint64_t n, std::string_view body) {
    return sends(who, n, body).acks(who, n, body, seq).stores(seq, who, n, body);
  }
  story& deletes(std::uint64_t seq) {
    return add(message_deleted{conversation_, track_, {seq}, tick()});
  }

  story& starts(std::string_view reader, std::uint64_t after) {
    return add(reader_started{device(reader), conversation_, track_, {after}, tick()});
  }
  story& restarts(std::string_view reader, positions_kind positions) {
    return add(reader_restarted{device(reader), positions, tick()});
  }
  story& shows(std::string_view reader, std::uint64_t seq, std::string_view body) {
    return add(event_shown{device(reader), event_of(seq, body, std::nullopt), tick()});
  }
  /// Shows a device the post that it sent as its n.
  story& shows_own(std::string_view reader, std::uint64_t seq, std::uint64_t n,
                   std::string_view body) {
    const authorship own{device(reader), {n}};
    return add(event_shown{device(reader), event_of(seq, body, own), tick()});
  }
  story& delivers(std::string_view reader, std::uint64_t seq, std::string_view body) {
    return add(event_delivered{device(reader), event_of(seq, body, std::nullopt), tick()});
  }
  story& catches_up(std::string_view reader) {
    return add(reader_caught_up{device(reader), conversation_, track_, tick()});
  }
  story& tells(std::string_view reader, std::string_view person, cursor_kind cursor,
               std::uint64_t seq) {
    return add(cursor_reported{
        device(reader), told_.person(person), conversation_, track_, cursor, {seq}, tick()});
  }

  const history& told() const { return told_; }
  report judged() const { return check(told_); }

  /// What is found, without the zeros: "1 lost, 2 hole"; empty if all is well.
  std::string verdict() const {
    const report found = judged();
    std::string line;
    for (std::size_t i = 0; i < found.counts.size(); ++i) {
      if (found.counts[i] == 0) continue;
      line += line.empty() ? "" : ", ";
      line += std::to_string(found.counts[i]) + " ";
      line += to_string(static_cast<finding_kind>(i));
    }
    return line;
  }

 private:
  story& add(const observation& seen) {
    told_.add(seen);
    return *this;
  }

  instant tick() { return {now_.value++}; }

  device_id device(std::string_view who) {
    const auto slash = who.find('/');
    return told_.device(who.substr(0, slash), who.substr(slash + 1));
  }

  post post_of(std::string_view who, std::uint64_t n, std::string_view body) {
    return {conversation_, {device(who), {n}}, track_, hash_of(body)};
  }

  event event_of(std::uint64_t seq, std::string_view body, std::optional<authorship> author) {
    return {conversation_, track_, {seq}, author, hash_of(body)};
  }

  history told_;
  conversation_id conversation_ = told_.conversation("c1");
  track_kind track_ = track_kind::public_;
  instant now_{1};
};

}  // namespace frontdesk::checker
