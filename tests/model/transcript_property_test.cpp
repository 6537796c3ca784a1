#include "tests/model/one_talk.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <tuple>

namespace frontdesk {
namespace {

using namespace one_talk;

/// FRONTDESK_SEED chooses one run; without it there are many.
std::vector<std::uint64_t> seeds() {
  const char* given = std::getenv("FRONTDESK_SEED");
  if (given != nullptr) return {std::strtoull(given, nullptr, 10)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    all.push_back(seed);
  return all;
}

/// What one event makes of a conversation, told a second time and from the events alone.
class replay {
 public:
  void hear(const event& what) {
    sequence& last = what.where == track::visible ? told_.visible : told_.internal;
    EXPECT_EQ(what.seq, next(last)) << "the track has a hole";
    last = what.seq;
    switch (what.kind) {
      case event_kind::message:
        return hear_message(what);
      case event_kind::edited:
      case event_kind::deleted:
        return hear_change(what);
      case event_kind::opened:
        told_.visitor.person = what.author;
        told_.opened_at = what.time;
        return stand(conversation_status::queued, {}, what);
      case event_kind::queued:
        return;
      case event_kind::reopened:
        return stand(conversation_status::queued, {}, what);
      case event_kind::assigned:
      case event_kind::transferred:
        return stand(conversation_status::assigned, what.to, what);
      case event_kind::returned:
        told_.returned = true;
        return stand(conversation_status::queued, {}, what);
      case event_kind::closed:
        told_.returned = false;
        told_.waiting_since = {};
        return stand(conversation_status::closed, {}, what);
    }
  }

  /// Nothing of a deleted message is left, and of the others nothing is gone.
  void expect(const kept_log& log) const {
    for (const auto& [where, kept] : log.events()) {
      const bool is_edit = kept.kind == event_kind::edited;
      if (!is_edit && kept.kind != event_kind::message) continue;
      const bool is_gone = gone_.contains({kept.where, is_edit ? kept.target : kept.seq});
      EXPECT_EQ(kept.is_deleted, is_gone);
      EXPECT_EQ(kept.text, is_gone ? "" : said_.at(where));
      EXPECT_EQ(kept.edits, is_gone || is_edit ? std::vector<sequence>{} : edits_of(where));
    }
  }

  void expect(const head& at) const {
    EXPECT_EQ(at.visible, told_.visible);
    EXPECT_EQ(at.internal, told_.internal);
    EXPECT_EQ(at.visitor.person, told_.visitor.person);
    EXPECT_EQ(at.opened_at, told_.opened_at);
    EXPECT_EQ(at.status, told_.status);
    EXPECT_EQ(at.since, told_.since);
    EXPECT_EQ(at.assignee, told_.assignee);
    EXPECT_EQ(at.returned, told_.returned);
    EXPECT_EQ(at.waiting_since, told_.waiting_since);
    EXPECT_EQ(at.last, told_.last);
  }

 private:
  void stand(conversation_status status, const named_person& with, const event& what) {
    told_.status = status;
    told_.assignee = with;
    told_.since = what.time;
  }

  std::vector<sequence> edits_of(const std::pair<track, sequence>& message) const {
    const auto known = edits_.find(message);
    return known == edits_.end() ? std::vector<sequence>{} : known->second;
  }

  void hear_change(const event& what) {
    EXPECT_TRUE(posts_.insert({what.author, what.device, what.n}).second);
    const std::pair message{what.where, what.target};
    ASSERT_TRUE(said_.contains(message)) << "nobody said " << what.target.value;
    EXPECT_FALSE(gone_.contains(message)) << "it was deleted before";
    EXPECT_EQ(authors_.at(message), what.author) << "only the author may";
    const bool is_last = what.where == track::visible && told_.last.seq == what.target;
    if (what.kind == event_kind::deleted) {
      gone_.insert(message);
    } else {
      said_[{what.where, what.seq}] = what.text;
      edits_[message].push_back(what.seq);
    }
    if (is_last) told_.last.text = what.text;
  }

  void hear_message(const event& what) {
    said_[{what.where, what.seq}] = what.text;
    authors_[{what.where, what.seq}] = what.author;
    const auto post = std::tuple{what.author, what.device, what.n};
    EXPECT_TRUE(posts_.insert(post).second) << "post " << what.n.value << " is there twice";
    if (what.where == track::internal) {
      EXPECT_EQ(what.follows, told_.visible);
      return;
    }
    told_.last = {what.seq, what.author, what.text, what.time};
    if (!what.author.is_visitor()) {
      told_.waiting_since = {};
    } else if (!told_.waiting_since) {
      told_.waiting_since = what.time;
    }
  }

  head told_;
  std::set<std::tuple<person_id, device_id, post_number>> posts_;
  std::map<std::pair<track, sequence>, std::string> said_;
  std::map<std::pair<track, sequence>, person_id> authors_;
  std::map<std::pair<track, sequence>, std::vector<sequence>> edits_;
  std::set<std::pair<track, sequence>> gone_;
};

/// Everybody wishes at random, at random times, and repeats what got no answer; appends begin and
/// end in between.
class random_talk {
 public:
  explicit random_talk(std::uint64_t seed) : random_(seed) {}

  void run() {
    for (int step = 0; step < 300; ++step) {
      now_.value += draw(20) == 0 ? window_s * 1500 : draw(1000);
      draw(3) == 0 ? settle_or_begin() : wish();
    }
    while (under_way_ || book_.has_waiting())
      settle_or_begin();
    all_.expect(book_.at());
  }

 private:
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }

  void settle_or_begin() {
    if (under_way_) {
      for (const event& each : under_way_->events)
        all_.hear(each);
      check_answers();
      log_.apply(*under_way_);
      book_.settle(*under_way_, 1);
      under_way_.reset();
      all_.expect(book_.at());
      all_.expect(log_);
    } else if (book_.has_waiting()) {
      under_way_ = book_.begin(now_);
    }
  }

  void check_answers() {
    for (const wish_outcome& each : under_way_->outcomes) {
      if (!each.answer) continue;
      std::uint64_t& last = answered_[{each.author, each.device}];
      EXPECT_EQ(each.answer->n.value, last + 1) << "an answer has no predecessor";
      last = each.answer->n.value;
      EXPECT_EQ(each.answer->refusal == fault_code::none, each.answer->seq.value > 0);
    }
  }

  void wish() {
    const auto& agent = draw(2) == 0 ? bob : cyd;
    switch (draw(8)) {
      case 0:
        return (void)book_.add(assign_wish{agent, draw(2) == 0 ? desk : bob}, ++tag_);
      case 1:
        return (void)book_.add(
            return_wish{agent, return_reason::returned, draw(2) == 0 ? agent.person : person_id{}},
            ++tag_);
      case 2:
        if (draw(3) == 0) (void)book_.add(close_wish{agent}, ++tag_);
        return;
      default:
        return post(draw(2) == 0 ? ada : draw(4) == 0 ? eve : agent, draw(2) == 0 ? phone : laptop);
    }
  }

  /// Mostly the next number, now and then an earlier or a later one.
  void post(const named_person& who, device_id device) {
    std::uint64_t& sent = sent_[{who.person, device}];
    const std::uint64_t n = draw(4) == 0 ? draw(sent + 3) : sent + 1;
    if (n == 0) return;
    post_wish said = says(who, n, "post " + std::to_string(n), device);
    if (who.person.is_agent() && n % 5 == 0) said.what.where = track::internal;
    if (n % 7 == 0) said.what.refused = fault_code::text_not_clean;
    if (draw(3) == 0) change_something(said.what);
    judgement verdict = book_.judge(said, ++tag_);
    if (verdict.verdict == post_verdict::unknown_device) {
      book_.learn(post_window{who.person, device, {}});
      verdict = book_.judge(said, tag_);
    }
    if (verdict.verdict == post_verdict::unknown_target) {
      book_.learn(log_.versions(said.what.where, said.what.target()));
      verdict = book_.judge(said, tag_);
    }
    if (verdict.verdict == post_verdict::waits) {
      EXPECT_EQ(n, sent + 1);
      sent = n;
    } else if (verdict.verdict != post_verdict::refused) {
      EXPECT_LE(n, sent);
    }
  }

  /// One that is there, or a little beyond.
  void change_something(frontdesk::post& said) {
    const sequence which{1 + draw(book_.at().last_of(said.where).value + 2)};
    (draw(3) == 0 ? said.deletes : said.edits) = which;
  }

  static head unborn() {
    head h;
    h.tenant = shop;
    h.conversation = talk;
    return h;
  }

  std::mt19937_64 random_;
  transcript book_{unborn()};
  kept_log log_;
  timestamp now_{1'000'000};
  std::uint64_t tag_ = 0;
  std::optional<draft> under_way_;
  replay all_;
  std::map<std::pair<person_id, device_id>, std::uint64_t> sent_;
  std::map<std::pair<person_id, device_id>, std::uint64_t> answered_;
};

TEST(TranscriptProperty, IsDenseAndIsItsEventsWhateverIsWished) {
  for (const std::uint64_t seed : seeds()) {
    SCOPED_TRACE("to repeat it: FRONTDESK_SEED=" + std::to_string(seed));
    random_talk{seed}.run();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace frontdesk
