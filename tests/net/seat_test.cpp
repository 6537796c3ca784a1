#include "net/identity/seat.hpp"

#include "model/limits.hpp"
#include "tests/net/fake_desk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace frontdesk {
namespace {

constexpr timestamp now{1'767'225'600'000};

class Seat : public testing::Test {
 protected:
  const seat_key key_ = seat_key::from_secret(test_secret);
  const std::string seat_ = key_.give(now);
};

TEST_F(Seat, IsKnownAgainAlsoByTheNextProcess) {
  const auto number = key_.number_of(seat_, now);
  ASSERT_TRUE(number);
  EXPECT_EQ(seat_key::from_secret(test_secret).number_of(seat_, now), number);
  EXPECT_NE(key_.number_of(key_.give(now), now), number) << "each has its own";
}

TEST_F(Seat, FitsTheNameOfASubprotocol) {
  EXPECT_EQ(seat_.size(), 56U);
  EXPECT_TRUE(std::ranges::all_of(
      seat_, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }));
}

TEST_F(Seat, EndsAfterItsTime) {
  EXPECT_TRUE(key_.number_of(seat_, timestamp{now.value + limits::seat_life.count()}));
  EXPECT_FALSE(key_.number_of(seat_, timestamp{now.value + limits::seat_life.count() + 1000}));
}

TEST_F(Seat, IsOursInEveryDigit) {
  for (std::size_t i = 0; i < seat_.size(); ++i) {
    std::string other = seat_;
    other[i] = other[i] == '0' ? '1' : '0';
    EXPECT_FALSE(key_.number_of(other, now)) << i;
  }
  EXPECT_FALSE(seat_key::from_secret("another secret that is long enough").number_of(seat_, now));
}

TEST_F(Seat, IsNothingElse) {
  for (const std::string& text :
       {std::string(), seat_.substr(1), seat_ + "0", seat_ + seat_, std::string(56, 'g')}) {
    EXPECT_FALSE(key_.number_of(text, now)) << text;
  }
}

}  // namespace
}  // namespace frontdesk
