#include "model/slots.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr conversation_id first{1};
constexpr conversation_id second{2};
constexpr conversation_id third{3};

enum class step { reserve, release, comes, goes };
enum class found { free, reserved, held };

found state_of(const slots& desk, conversation_id id) {
  if (desk.holds(id)) return found::held;
  return desk.load() == 0 ? found::free : found::reserved;
}

void take(slots& desk, step what) {
  switch (what) {
    case step::reserve:
      return (void)desk.reserve(first);
    case step::release:
      return desk.release(first);
    case step::comes:
      return (void)desk.conversation_is(first, true);
    case step::goes:
      return (void)desk.conversation_is(first, false);
  }
}

TEST(Slots, GoThroughTheirStates) {
  struct row {
    found from;
    step what;
    found to;
  };
  const std::vector<row> table{
      {found::free, step::reserve, found::reserved},
      {found::free, step::release, found::free},
      {found::free, step::comes, found::held},
      {found::free, step::goes, found::free},
      {found::reserved, step::reserve, found::reserved},
      {found::reserved, step::release, found::free},
      {found::reserved, step::comes, found::held},
      {found::reserved, step::goes, found::free},
      {found::held, step::reserve, found::held},
      {found::held, step::release, found::held},
      {found::held, step::comes, found::held},
      {found::held, step::goes, found::free},
  };

  for (std::size_t i = 0; i < table.size(); ++i) {
    slots desk{1};
    if (table[i].from != found::free) desk.reserve(first);
    if (table[i].from == found::held) desk.conversation_is(first, true);

    take(desk, table[i].what);

    EXPECT_EQ(state_of(desk, first), table[i].to) << "row " << i;
  }
}

TEST(Slots, AreNoMoreThanTheCapacity) {
  slots desk{2};

  EXPECT_TRUE(desk.reserve(first));
  EXPECT_TRUE(desk.reserve(second));
  EXPECT_FALSE(desk.reserve(third));

  EXPECT_EQ(desk.load(), 2U);
}

TEST(Slots, AreReservedAgainForTheSameConversationWhenFull) {
  slots desk{1};
  desk.reserve(first);

  EXPECT_TRUE(desk.reserve(first));
  EXPECT_EQ(desk.load(), 1U);
}

TEST(Slots, TakeWhatIsSoBeyondTheCapacity) {
  slots desk{1};
  desk.reserve(first);

  EXPECT_TRUE(desk.conversation_is(second, true));

  EXPECT_EQ(desk.load(), 2U);
  EXPECT_FALSE(desk.reserve(third));
}

TEST(Slots, AreNotGivenBackWhenTheCapacityFalls) {
  slots desk{2};
  desk.conversation_is(first, true);
  desk.conversation_is(second, true);

  desk.set_capacity(1);

  EXPECT_EQ(desk.load(), 2U);
  desk.conversation_is(first, false);
  EXPECT_FALSE(desk.reserve(third));
}

TEST(Slots, SayWhetherAnythingChanged) {
  slots desk{2};

  EXPECT_FALSE(desk.conversation_is(first, false));
  EXPECT_TRUE(desk.conversation_is(first, true));
  EXPECT_FALSE(desk.conversation_is(first, true));
  desk.reserve(second);
  EXPECT_TRUE(desk.conversation_is(second, true));
  EXPECT_TRUE(desk.conversation_is(first, false));
}

TEST(Slots, ListHeldAndReservedApart) {
  slots desk{3};
  desk.conversation_is(first, true);
  desk.conversation_is(second, true);
  desk.reserve(third);

  EXPECT_THAT(desk.held(), UnorderedElementsAre(first, second));
  EXPECT_THAT(desk.reserved(), ElementsAre(third));
  EXPECT_THAT(slots{1}.held(), IsEmpty());
}

}  // namespace
}  // namespace frontdesk
