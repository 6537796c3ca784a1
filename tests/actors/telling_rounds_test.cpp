#include "actors/telling_rounds.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

constexpr tenant_id acme{1};
constexpr tenant_id bolt{2};

/// A roll of numbers: nobody is spoken to.
class TellingRounds : public testing::Test {
 protected:
  void come(tenant_id whose, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t id = first; id <= last; ++id) {
      roll_.note(connection_id{id}, {}, transport_kind::websocket);
      roll_.note_tenant(connection_id{id}, whose);
    }
  }
  std::vector<std::uint64_t> told(std::size_t most) {
    std::vector<std::uint64_t> ids;
    for (const auto& each : rounds_.next(roll_, most))
      ids.push_back(each.at.second.value);
    all_.insert(all_.end(), ids.begin(), ids.end());
    return ids;
  }
  static std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (; first <= last; ++first)
      all.push_back(first);
    return all;
  }

  connection_roll roll_;
  telling_rounds rounds_;
  std::vector<std::uint64_t> all_;
};

TEST_F(TellingRounds, TellEachOnceAPartAtATime) {
  come(acme, 1, 5);
  rounds_.begin();

  EXPECT_THAT(told(2), ElementsAre(1, 2));
  EXPECT_THAT(told(2), ElementsAre(3, 4));
  EXPECT_THAT(told(2), ElementsAre(5));
  EXPECT_TRUE(rounds_.are_over());
  EXPECT_THAT(told(2), IsEmpty());
}

TEST_F(TellingRounds, ComeToEverybodyHoweverOftenTheyBegin) {
  come(acme, 1, 10);
  for (int i = 0; i < 4; ++i) {
    rounds_.begin();
    told(3);
  }

  EXPECT_THAT(all_, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2));
}

TEST_F(TellingRounds, TellThoseAgainWhoHadHeardOfLess) {
  come(acme, 1, 6);
  rounds_.begin();
  told(4);
  rounds_.begin();
  all_.clear();
  told(100);

  EXPECT_THAT(all_, ElementsAre(5, 6, 1, 2, 3, 4));
  EXPECT_TRUE(rounds_.are_over());
}

TEST_F(TellingRounds, TellATenantsAlone) {
  come(acme, 1, 3);
  come(bolt, 4, 6);
  come(acme, 7, 8);
  rounds_.begin(acme);

  EXPECT_THAT(told(100), ElementsAre(1, 2, 3, 7, 8));
  EXPECT_TRUE(rounds_.are_over());
}

TEST_F(TellingRounds, TakeTurns) {
  come(acme, 1, 100);
  come(bolt, 101, 102);
  rounds_.begin(acme);
  rounds_.begin(bolt);

  told(10);
  told(10);
  EXPECT_THAT(all_, testing::IsSupersetOf({101, 102})) << "although the other is not over";
  told(100);
  EXPECT_THAT(all_, UnorderedElementsAreArray(numbers(1, 102)));
}

TEST_F(TellingRounds, OfOneTenantAreAPartOfTheOneOfAll) {
  come(acme, 1, 3);
  come(bolt, 4, 6);
  rounds_.begin(bolt);
  rounds_.begin();

  EXPECT_THAT(told(100), SizeIs(6));
}

TEST_F(TellingRounds, EndAlsoIfThoseHaveGoneWithWhomTheyWereToEnd) {
  come(acme, 1, 6);
  rounds_.begin();
  told(3);
  rounds_.begin();
  all_.clear();
  for (const std::uint64_t id : {3, 4, 6})
    roll_.strike(connection_id{id});
  told(100);

  EXPECT_THAT(all_, ElementsAre(5, 1, 2));
  EXPECT_TRUE(rounds_.are_over());
}

TEST_F(TellingRounds, TellNobodyWhoHasNotBeenGreeted) {
  roll_.note(connection_id{1}, {}, transport_kind::websocket);
  rounds_.begin();

  EXPECT_THAT(told(100), IsEmpty());
  EXPECT_TRUE(rounds_.are_over());
}

}  // namespace
}  // namespace frontdesk
