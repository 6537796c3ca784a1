#include "model/event.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

struct kind_row {
  event_kind kind;
  int number;
  std::string_view name;
};

TEST(Event, HasKindsWithStoredNumbersAndNamesOfTheWire) {
  using enum event_kind;
  const kind_row rows[] = {
      {message, 1, "message"},   {opened, 2, "opened"},           {queued, 3, "queued"},
      {assigned, 4, "assigned"}, {transferred, 5, "transferred"}, {returned, 6, "returned"},
      {closed, 7, "closed"},     {reopened, 8, "reopened"},
  };
  for (const kind_row& row : rows) {
    EXPECT_EQ(static_cast<int>(row.kind), row.number);
    EXPECT_EQ(name_of(row.kind), row.name);
  }
}

TEST(Event, HasReasonsWithStoredNumbersAndNamesOfTheWire) {
  EXPECT_EQ(static_cast<int>(return_reason::none), 0);
  EXPECT_EQ(static_cast<int>(return_reason::returned), 1);
  EXPECT_EQ(static_cast<int>(return_reason::agent_gone), 2);
  EXPECT_EQ(name_of(return_reason::none), "");
  EXPECT_EQ(name_of(return_reason::returned), "returned");
  EXPECT_EQ(name_of(return_reason::agent_gone), "agent_gone");
}

TEST(Event, IsEqualOnlyIfAllOfItIs) {
  event e;
  e.text = "where is my parcel?";
  event other = e;
  EXPECT_EQ(e, other);

  other.follows = sequence{1};
  EXPECT_NE(e, other);
}

}  // namespace
}  // namespace frontdesk
