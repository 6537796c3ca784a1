#pragma once

#include "model/transcript.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// The people and wishes that tests of the transcript talk about. One conversation, of which
/// nothing is recorded yet.
namespace frontdesk::one_talk {

constexpr tenant_id shop{3};
constexpr conversation_id talk{0x77};
constexpr inbox_id door{4};
constexpr team_id team{5};
constexpr std::uint32_t window_s = 3600;

inline const named_person ada{{person_kind::visitor, 0xada}, "Ada"};
inline const named_person eve{{person_kind::visitor, 0xe7e}, "Eve"};
inline const named_person bob{{person_kind::agent, 0xb0b}, "Bob"};
inline const named_person cyd{{person_kind::agent, 0xc1d}, "Cyd"};
inline const named_person desk{the_system, {}};

constexpr device_id phone{1, 1};
constexpr device_id laptop{1, 2};

inline post_wish says(const named_person& who, std::uint64_t n, std::string text,
                      device_id device = phone) {
  post_wish wish;
  wish.what.conversation = talk;
  wish.what.author = who.person;
  wish.what.device = device;
  wish.what.n = post_number{n};
  wish.what.text = std::move(text);
  wish.author_name = who.name;
  wish.reopen_window_s = window_s;
  if (who.person.is_visitor()) wish.inbox = door;
  wish.team = team;
  wish.ordinal = 1;
  return wish;
}

inline post_wish notes(const named_person& who, std::uint64_t n, std::string text) {
  post_wish wish = says(who, n, std::move(text));
  wish.what.where = track::internal;
  return wish;
}

inline post_wish edits(const named_person& who, std::uint64_t n, sequence which, std::string text) {
  post_wish wish = says(who, n, std::move(text));
  wish.what.edits = which;
  return wish;
}

inline post_wish deletes(const named_person& who, std::uint64_t n, sequence which) {
  post_wish wish = says(who, n, {});
  wish.what.deletes = which;
  return wish;
}

inline post_wish stammers(const named_person& who, std::uint64_t n) {
  post_wish wish = says(who, n, "");
  wish.what.refused = fault_code::text_too_long;
  return wish;
}

inline std::vector<event_kind> kinds(const draft& recorded) {
  std::vector<event_kind> found;
  for (const event& each : recorded.events)
    found.push_back(each.kind);
  return found;
}

template <class Record>
std::vector<Record> all(const draft& recorded) {
  std::vector<Record> found;
  for (const record& each : recorded.records.records) {
    if (const auto* it = std::get_if<Record>(&each)) found.push_back(*it);
  }
  return found;
}

/// What the log would hold: later records of an event take the place of earlier ones.
class kept_log {
 public:
  void apply(const draft& recorded) {
    for (const event_record& each : all<event_record>(recorded))
      events_[{each.what.where, each.what.seq}] = each.what;
  }

  const event& at(sequence seq, track where = track::visible) const {
    return events_.at({where, seq});
  }

  message_versions versions(track where, sequence seq) const {
    message_versions found{at(seq, where), {}};
    for (const sequence each : found.message.edits)
      found.edits.push_back(at(each, where));
    return found;
  }

  const std::map<std::pair<track, sequence>, event>& events() const { return events_; }

 private:
  std::map<std::pair<track, sequence>, event> events_;
};

/// The fixture: a transcript, and a store that knows every device and records whatever it is asked
/// to.
class transcript_test : public testing::Test {
 protected:
  judgement judge(const post_wish& wish) {
    judgement verdict = book_.judge(wish, ++tag_);
    if (verdict.verdict == post_verdict::unknown_device) {
      book_.learn(post_window{wish.what.author, wish.what.device, {}});
      verdict = book_.judge(wish, tag_);
    }
    if (verdict.verdict == post_verdict::unknown_target) {
      book_.learn(log_.versions(wish.what.where, wish.what.target()));
      verdict = book_.judge(wish, tag_);
    }
    return verdict;
  }

  fault_code refusal_of(const post_wish& wish) {
    const judgement verdict = judge(wish);
    EXPECT_EQ(verdict.verdict, post_verdict::refused);
    return verdict.refusal.code;
  }

  void wait(const wish& what) {
    if (const auto* said = std::get_if<post_wish>(&what)) {
      ASSERT_EQ(judge(*said).verdict, post_verdict::waits);
    } else {
      ASSERT_TRUE(book_.add(what, ++tag_));
    }
  }

  draft record_all() {
    draft made = book_.begin(now_);
    log_.apply(made);
    draft recorded = made;
    book_.settle(recorded, 9);
    return made;
  }

  /// All of them wait, then one append records them.
  template <class... Wishes>
  draft keep(const Wishes&... wishes) {
    (wait(wishes), ...);
    return record_all();
  }

  const head& at() const { return book_.at(); }
  void pass_s(std::int64_t seconds) { now_.value += seconds * 1000; }

  static head unborn() {
    head h;
    h.tenant = shop;
    h.conversation = talk;
    return h;
  }

  transcript book_{unborn()};
  kept_log log_;
  timestamp now_{1'000'000};
  std::uint64_t tag_ = 0;
};

}  // namespace frontdesk::one_talk
