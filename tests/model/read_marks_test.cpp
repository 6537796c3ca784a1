#include "model/read_marks.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

constexpr person_id ada{person_kind::visitor, 1};

cursor at(std::uint64_t received, std::uint64_t read) {
  return {sequence{received}, sequence{read}};
}

read_marks with_ada_at(const cursor& where) {
  read_marks marks;
  marks.learn({ada, where});
  return marks;
}

TEST(ReadMarks, OnlyMoveForward) {
  read_marks marks = with_ada_at(at(4, 3));

  EXPECT_FALSE(marks.report(ada, at(2, 2), sequence{9}));
  EXPECT_TRUE(marks.report(ada, at(2, 5), sequence{9}));

  EXPECT_THAT(marks.all(), testing::ElementsAre(reader_cursor{ada, at(5, 5)}));
}

TEST(ReadMarks, GoNoFurtherThanThereIsSomething) {
  read_marks marks = with_ada_at(at(1, 1));

  marks.report(ada, at(90, 80), sequence{7});

  EXPECT_THAT(marks.all(), testing::ElementsAre(reader_cursor{ada, at(7, 7)}));
}

TEST(ReadMarks, AreWrittenOnceForEachMove) {
  read_marks marks = with_ada_at(at(1, 1));
  EXPECT_TRUE(marks.take_unwritten().empty());

  marks.report(ada, at(2, 2), sequence{7});
  marks.report(ada, at(3, 3), sequence{7});

  EXPECT_THAT(marks.take_unwritten(), testing::ElementsAre(reader_cursor{ada, at(3, 3)}));
  EXPECT_TRUE(marks.take_unwritten().empty());
}

TEST(ReadMarks, KeepWhatWasReportedWhenTheStoreIsHeardLater) {
  read_marks marks = with_ada_at(at(5, 5));

  marks.learn({ada, at(1, 1)});

  EXPECT_TRUE(marks.knows(ada));
  EXPECT_THAT(marks.all(), testing::ElementsAre(reader_cursor{ada, at(5, 5)}));
}

}  // namespace
}  // namespace frontdesk
