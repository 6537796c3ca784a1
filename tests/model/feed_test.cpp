#include "model/feed.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

TEST(Feed, PushesTheVeryNext) {
  feed following{sequence{4}};

  EXPECT_TRUE(following.offer(sequence{5}, true));
  EXPECT_EQ(following.pushed(), sequence{5});
  EXPECT_FALSE(following.wants_page());
}

TEST(Feed, DoesNotPushBehindAHole) {
  feed following{sequence{4}};

  EXPECT_FALSE(following.offer(sequence{6}, true));
  EXPECT_EQ(following.pushed(), sequence{4});
  EXPECT_TRUE(following.wants_page());
}

TEST(Feed, PushesNothingTwice) {
  feed following{sequence{4}};
  following.offer(sequence{5}, true);

  EXPECT_FALSE(following.offer(sequence{5}, true));
  EXPECT_TRUE(following.is_caught_up());
}

TEST(Feed, KeepsOnlyThatThereIsMoreForADeviceThatLags) {
  feed following{sequence{4}};

  EXPECT_FALSE(following.offer(sequence{5}, false));
  EXPECT_FALSE(following.is_caught_up());
  EXPECT_FALSE(following.offer(sequence{6}, true));
  EXPECT_TRUE(following.wants_page());
}

TEST(Feed, PushesNothingLiveWhileAPageIsRead) {
  feed following{sequence{4}};
  following.know(sequence{6});
  following.page_begins();

  EXPECT_FALSE(following.offer(sequence{5}, true));
  EXPECT_FALSE(following.wants_page());
  EXPECT_TRUE(following.is_reading());
}

TEST(Feed, ReadsAnotherPageForWhatCameMeanwhile) {
  feed following{sequence{4}};
  following.know(sequence{5});
  following.page_begins();
  following.offer(sequence{6}, true);

  EXPECT_TRUE(following.page_event(sequence{5}));
  following.page_ends(sequence{5});

  EXPECT_TRUE(following.wants_page());
}

TEST(Feed, LearnsFromAPageHowFarTheTrackReaches) {
  feed following{sequence{4}};
  following.look();
  EXPECT_TRUE(following.wants_page());
  following.page_begins();

  following.page_ends(sequence{9});

  EXPECT_FALSE(following.is_caught_up());
  EXPECT_TRUE(following.wants_page());
}

TEST(Feed, PushesNothingLiveWhileItLooks) {
  feed following{sequence{4}};
  following.look();

  EXPECT_FALSE(following.offer(sequence{5}, true));
}

TEST(Feed, IsStillWhenALookFindsNothing) {
  feed following{sequence{4}};
  following.look();
  following.page_begins();
  following.page_ends(sequence{4});

  EXPECT_FALSE(following.wants_page());
  EXPECT_TRUE(following.offer(sequence{5}, true));
}

TEST(Feed, TakesOnlyTheNextOutOfAPage) {
  feed following{sequence{4}};
  following.know(sequence{9});
  following.page_begins();

  EXPECT_FALSE(following.page_event(sequence{4}));
  EXPECT_FALSE(following.page_event(sequence{6}));
  EXPECT_TRUE(following.page_event(sequence{5}));
}

TEST(Feed, TriesAgainAfterAPageFailed) {
  feed following{sequence{4}};
  following.know(sequence{5});
  following.page_begins();

  following.page_failed();

  EXPECT_TRUE(following.wants_page());
}

TEST(Feed, LooksAgainAfterAPageFailed) {
  feed following{sequence{4}};
  following.look();
  following.page_begins();

  following.page_failed();

  EXPECT_TRUE(following.wants_page());
}

/// A track that grows, its live events, which may be late or lost, and pages that are read some
/// time before they arrive.
class random_reader {
 public:
  explicit random_reader(std::uint64_t seed) : random_(seed) {}

  void run() {
    for (int step = 0; step < 500; ++step)
      act(draw(6));
    keeps_up_ = true;
    following_.look();
    for (int step = 0; step < 500; ++step)
      act(1 + draw(5));
    EXPECT_EQ(following_.pushed().value, recorded_);
  }

 private:
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }

  void act(std::uint64_t what) {
    switch (what) {
      case 0:
        live_.push_back(++recorded_);
        if (draw(10) == 0) live_.pop_back();
        if (draw(10) == 0) keeps_up_ = !keeps_up_;
        return;
      case 1:
        return hear_live();
      case 2:
        return begin_page();
      case 3:
        return end_page();
      case 4:
        if (draw(10) == 0 && recorded_ > 0) following_.know(sequence{1 + draw(recorded_)});
        return;
      default:
        return hear_live();
    }
  }

  void hear_live() {
    if (live_.empty()) return;
    const sequence seq{live_.front()};
    live_.erase(live_.begin());
    if (following_.offer(seq, keeps_up_)) receive(seq);
  }

  void begin_page() {
    if (!following_.wants_page() || !keeps_up_) return;
    following_.page_begins();
    page_ = {following_.pushed().value, recorded_};
  }

  void end_page() {
    if (!page_) return;
    const auto [after, head] = *std::exchange(page_, std::nullopt);
    if (draw(10) == 0) return following_.page_failed();
    for (std::uint64_t seq = after + 1; seq <= std::min(head, after + 4); ++seq) {
      if (following_.page_event(sequence{seq})) receive(sequence{seq});
    }
    following_.page_ends(sequence{head});
  }

  void receive(sequence seq) {
    EXPECT_EQ(seq.value, received_ + 1);
    received_ = seq.value;
  }

  std::mt19937_64 random_;
  feed following_;
  std::vector<std::uint64_t> live_;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> page_;
  std::uint64_t recorded_ = 0;
  std::uint64_t received_ = 0;
  bool keeps_up_ = true;
};

TEST(Feed, GivesEveryEventOnceAndInOrderWhateverCrosses) {
  const char* given = std::getenv("FRONTDESK_SEED");
  const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t last = given != nullptr ? first : 300;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("to repeat it: FRONTDESK_SEED=" + std::to_string(seed));
    random_reader{seed}.run();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace frontdesk
