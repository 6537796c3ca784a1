#include "actors/supervision_book.hpp"

#include "model/limits.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using testing::ElementsAre;

class still_clock final : public wall_clock {
 public:
  timestamp now() const override { return timestamp{1}; }
};

class SupervisionBook : public testing::Test {
 protected:
  SupervisionBook() {
    book_.plan("node", {});
    book_.plan("node/registry", {});
  }
  static std::string guest(std::size_t number) {
    return fmt::format("node/registry/tenant {}", number);
  }
  void falls(std::size_t number) {
    book_.plan_guest(guest(number));
    book_.has_failed(guest(number), "why", supervised_state::running);
  }
  std::vector<std::string> guests() {
    std::vector<std::string> found;
    const supervised tree = book_.tree();
    for (const supervised& each : tree.children.at(0).children)
      found.push_back(each.id);
    return found;
  }

  still_clock time_;
  supervision_book book_{time_};
};

TEST_F(SupervisionBook, TellsTheGuestsBehindWhatIsPlanned) {
  falls(1);
  book_.plan("node/registry/porter", {});
  falls(2);

  EXPECT_THAT(guests(), ElementsAre("porter", "tenant 1", "tenant 2"));
}

TEST_F(SupervisionBook, ForgetsTheGuestWhoseFallIsLongestAgo) {
  for (std::size_t i = 1; i <= limits::guests_told_max; ++i)
    falls(i);
  falls(1);

  falls(limits::guests_told_max + 1);

  const auto told = guests();
  ASSERT_EQ(told.size(), limits::guests_told_max);
  EXPECT_EQ(told.front(), "tenant 3");
  EXPECT_EQ(told[told.size() - 2], "tenant 1");
  EXPECT_EQ(book_.tree().children.at(0).children[told.size() - 2].failures_count, 2U);
}

/// It is planned only because it fell.
TEST_F(SupervisionBook, CountsTheFirstReturnOfAGuest) {
  falls(1);
  book_.has_started(guest(1));

  EXPECT_EQ(book_.tree().children.at(0).children.at(0).restarts_count, 1U);
}

TEST_F(SupervisionBook, NotesNothingOfOneThatIsForgotten) {
  for (std::size_t i = 1; i <= limits::guests_told_max + 1; ++i)
    falls(i);

  book_.has_started(guest(1));
  book_.has_failed(guest(1), "why", supervised_state::pausing);

  EXPECT_EQ(guests().front(), "tenant 2");
}

}  // namespace
}  // namespace frontdesk
