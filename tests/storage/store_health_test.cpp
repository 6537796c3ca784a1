#include "storage/store_health.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::Pair;

class StoreHealth : public testing::Test {
 protected:
  std::vector<std::pair<store_condition, std::string>> told_;
  store_health health_{
      [this](store_condition now, std::string_view why) { told_.emplace_back(now, why); }};
};

TEST_F(StoreHealth, IsSoundAtFirst) {
  EXPECT_EQ(health_.now(), store_condition::sound);
}

TEST_F(StoreHealth, TellsEachChangeOnce) {
  health_.became_full("no space");
  health_.became_full("still none");
  health_.has_room();
  health_.has_room();

  EXPECT_EQ(health_.now(), store_condition::sound);
  EXPECT_THAT(told_, ElementsAre(Pair(store_condition::full, "no space"),
                                 Pair(store_condition::sound, "There is room on the disk again.")));
}

TEST_F(StoreHealth, StaysBrokenWhateverHappens) {
  health_.became_full("no space");
  health_.broke("a sync failed");

  health_.has_room();
  health_.became_full("no space");
  health_.broke("another failed");

  EXPECT_EQ(health_.now(), store_condition::broken);
  EXPECT_THAT(told_, ElementsAre(Pair(store_condition::full, "no space"),
                                 Pair(store_condition::broken, "a sync failed")));
}

TEST(StoreHealthAlone, NeedsNobodyToTell) {
  store_health health{{}};

  health.broke("a sync failed");

  EXPECT_EQ(health.now(), store_condition::broken);
}

}  // namespace
}  // namespace frontdesk
