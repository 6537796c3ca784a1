#include "actors/quarantine_keeper.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"
#include "tests/actors/desk_actors.hpp"

#include <algorithm>
#include <string>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

/// One tenant crashes and floods; another one talks.
class TenantWall : public desk_actors_test {
 protected:
  TenantWall() {
    has_conversations_ = true;
    plant(planted_bug::dies_of_poison);
    board_.serve(spawn_quarantine_keeper(system(), {worker_kind::storage, 0}, board_));
  }
  ~TenantWall() override { plant(planted_bug::none); }

  void SetUp() override {
    tell(registry(), to_person{eve, true, 0, caf::make_message(announce{})});
    settle();
  }

  static say words_of(const person_name& who, std::uint64_t n, std::string text) {
    say wish = first_words(who.person, n, std::move(text));
    wish.what.conversation = opening_id(who, door, 1);
    return wish;
  }
  void says(const person_name& who, std::uint64_t n, std::string text) {
    const conversation_name where{who.tenant, opening_id(who, door, 1)};
    tell(registry(),
         to_conversation{where, 0, caf::make_message(words_of(who, n, std::move(text)))});
  }
  static person_name visitor_of_shop(std::uint64_t number) {
    return {shop, {person_kind::visitor, number}};
  }
  void crashes_and_floods(std::uint64_t round) {
    for (std::uint64_t i = 1; i <= 20; ++i)
      says(visitor_of_shop(round * 100 + i), 1, "poison in a conversation");
    for (std::size_t i = 0; i < limits::parked_max + 100; ++i)
      says(visitor_of_shop(round * 100 + 1), 1, "poison in a conversation");
  }
  bool has_said(const std::string& words) const {
    return std::ranges::any_of(failed(), [&words](const failure& each) {
      return each.what.find(words) != std::string::npos;
    });
  }

  static constexpr person_name eve{tenant_id{2}, {person_kind::visitor, 1}};
};

TEST_F(TenantWall, KeepsTheCrashesAndTheFloodOfOneFromAnother) {
  constexpr std::uint64_t rounds = 40;
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    crashes_and_floods(round);
    const moment asked = now();
    says(eve, round, "round " + std::to_string(round));
    settle_until([&] { return heard_by(eve).count<post_answered>() == round; });

    EXPECT_EQ(heard_by(eve).count<post_answered>(), round);
    EXPECT_EQ(now(), asked) << "it waited for nothing";
    advance(20ms);
  }

  const auto answers = heard_by(eve).of<post_answered>();
  ASSERT_EQ(answers.size(), rounds);
  for (std::uint64_t i = 0; i < rounds; ++i) {
    EXPECT_EQ(answers[i].answer.n, post_number{i + 1});
    EXPECT_FALSE(answers[i].refusal);
  }
  EXPECT_TRUE(has_said("actors of tenant 1 fell"));
  EXPECT_FALSE(has_said("tenant 2"));
}

TEST_F(TenantWall, LetsTheTenantBackWhenItIsWell) {
  crashes_and_floods(1);
  settle();
  plant(planted_bug::none);

  const person_name well = visitor_of_shop(101);
  tell(registry(), to_person{well, true, 0, caf::make_message(announce{})});
  advance(limits::fall_pause_max);
  says(visitor_of_shop(200), 1, "hello");
  tell(registry(), to_person{visitor_of_shop(200), true, 0, caf::make_message(announce{})});
  advance(1s);

  EXPECT_EQ(reader{rows_}.read_head({shop, opening_id(visitor_of_shop(200), door, 1)})->visible,
            sequence{3});
}

TEST_F(TenantWall, MakesOnesWhoFallAgainAndAgainPause) {
  for (std::uint64_t n = 1; n <= 30; ++n)
    says(visitor_of_shop(1), n, "poison in a conversation");
  settle();
  const auto fallen = failures().failures_count();

  says(visitor_of_shop(1), 31, "poison in a conversation");
  settle();

  EXPECT_EQ(failures().failures_count(), fallen) << "it is not there to fall";
}

}  // namespace
}  // namespace frontdesk
