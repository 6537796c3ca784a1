#include "net/admission.hpp"

#include "net/client_network.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using verdicts = admission::verdicts;

constexpr rate::moment start{1000s};

client_address at(const char* text) {
  return network_of(boost::asio::ip::make_address(text));
}

TEST(RateTable, GivesEachKeyItsOwnTokens) {
  rate_table rates(1, 2);
  EXPECT_FALSE(rates.take(1, start));
  EXPECT_FALSE(rates.take(1, start));
  EXPECT_TRUE(rates.take(1, start));
  EXPECT_FALSE(rates.take(2, start));
  EXPECT_FALSE(rates.take(1, start + 1s));
}

TEST(RateTable, SaysHowLongToWait) {
  rate_table rates(0.5, 1);
  EXPECT_FALSE(rates.take(1, start));
  const auto wait = rates.take(1, start);
  ASSERT_TRUE(wait);
  EXPECT_GE(*wait, 2000ms);
  EXPECT_LE(*wait, 2010ms);
  EXPECT_FALSE(rates.take(1, start + *wait));
}

TEST(RateTable, ForgetsWhoWasNotSeenForTheLongestTime) {
  rate_table rates(0.001, 1, 3);
  for (const std::uint64_t key : {1, 2, 3}) {
    EXPECT_FALSE(rates.take(key, start));
  }
  EXPECT_TRUE(rates.take(1, start)) << "seen again";
  EXPECT_FALSE(rates.take(4, start));
  EXPECT_EQ(rates.size(), 3U);
  EXPECT_TRUE(rates.take(1, start));
  EXPECT_TRUE(rates.take(3, start));
  EXPECT_FALSE(rates.take(2, start)) << "forgotten";
}

TEST(RateTable, StaysBoundedUnderAFloodOfAddresses) {
  rate_table rates(1, 1);
  for (std::uint64_t key = 0; key < 100'000; ++key) {
    rates.take(key, start);
  }
  EXPECT_EQ(rates.size(), rate_table::keys_max);
}

TEST(RateTable, OfRateZeroHasNoLimit) {
  rate_table rates(0, 0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(rates.take(1, start));
  }
}

TEST(Admission, CountsWhoIsInside) {
  admission door({});
  {
    auto pass = door.arrive(at("192.0.2.1"));
    EXPECT_EQ(pass.verdict(), verdicts::inside);
    EXPECT_EQ(door.connections_count(), 1U);
    EXPECT_EQ(door.handshakes_count(), 1U);
    pass.handshake_done();
    pass.handshake_done();
    EXPECT_EQ(door.handshakes_count(), 0U);
    const auto moved = std::move(pass);
    EXPECT_EQ(door.connections_count(), 1U);
  }
  EXPECT_EQ(door.connections_count(), 0U);
}

TEST(Admission, BoundsTheSilentOnesOfEachAddress) {
  admission door({.handshakes_per_address_max = 2});
  auto one = door.arrive(at("192.0.2.1"));
  auto two = door.arrive(at("192.0.2.1"));
  EXPECT_EQ(door.arrive(at("192.0.2.1")).verdict(), verdicts::refused);
  EXPECT_EQ(door.arrive(at("192.0.2.2")).verdict(), verdicts::inside);
  EXPECT_EQ(door.arrive(at("192.0.2.1"), false).verdict(), verdicts::inside) << "a proxy";
  one.handshake_done();
  EXPECT_EQ(door.arrive(at("192.0.2.1")).verdict(), verdicts::inside);
}

TEST(Admission, TellsSomeThatItIsFullAndDropsTheRest) {
  admission door({.connections_max = 1});
  const auto inside = door.arrive(at("192.0.2.1"));
  std::vector<admission::pass> refused;
  for (std::size_t i = 0; i < admission::refusals_max; ++i) {
    refused.push_back(door.arrive(at("192.0.2.2")));
    ASSERT_EQ(refused.back().verdict(), verdicts::refused);
  }
  EXPECT_EQ(door.arrive(at("192.0.2.2")).verdict(), verdicts::dropped);
  refused.pop_back();
  EXPECT_EQ(door.arrive(at("192.0.2.2")).verdict(), verdicts::refused);
  EXPECT_EQ(door.connections_count(), 1U);
}

TEST(ClientNetwork, IsAnAddressOrASubnet) {
  EXPECT_EQ(at("192.0.2.1"), at("::ffff:192.0.2.1"));
  EXPECT_NE(at("192.0.2.1"), at("192.0.2.2"));
  EXPECT_EQ(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace frontdesk
