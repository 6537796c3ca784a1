#pragma once

#include "model/transcript.hpp"

#include <gtest/gtest.h>

#include <cstdint>
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

/// The fixture: a transcript, and a store that knows every device and records whatever it is asked
/// to.
class transcript_test : public testing::Test {
 protected:
  judgement judge(const post_wish& wish) {
    judgement verdict = book_.judge(wish, ++tag_);
    if (verdict.verdict == post_verdict::unknown_device) {
      book_.learn({wish.what.author, wish.what.device, {}});
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
  timestamp now_{1'000'000};
  std::uint64_t tag_ = 0;
};

}  // namespace frontdesk::one_talk
