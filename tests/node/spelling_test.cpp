#include "node/spelling.hpp"

#include <gtest/gtest.h>

#include <array>

using namespace frontdesk;

TEST(Spelling, CountsLettersThatDiffer) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("data", "data"), 0U);
  EXPECT_EQ(edit_distance("dat", "data"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Spelling, CountsTwoTurnedNeighboursAsOneMistake) {
  EXPECT_EQ(edit_distance("listne", "listen"), 1U);
}

TEST(Spelling, SuggestsTheNearestWord) {
  constexpr std::array<std::string_view, 3> known{"listen", "log_level", "log_format"};

  EXPECT_EQ(nearest_word("log_levl", known), "log_level");
  EXPECT_EQ(suggestion_for("lisen", known), " Did you mean \"listen\"?");
}

TEST(Spelling, SuggestsNothingThatIsFarAway) {
  constexpr std::array<std::string_view, 2> known{"listen", "data"};

  EXPECT_EQ(nearest_word("colour", known), "");
  EXPECT_EQ(suggestion_for("colour", known), "");
  EXPECT_EQ(nearest_word("port", known), "");
}
