#include "net/hello_gate.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using guests = hello_gate::guests;

constexpr rate::moment start{1000s};

/// How many of so many come in.
unsigned let_in(hello_gate& gate, guests who, unsigned count, rate::moment now) {
  unsigned in = 0;
  for (unsigned i = 0; i < count; ++i) {
    in += gate.ask(who, now) ? 0 : 1;
  }
  return in;
}

TEST(HelloGate, LetsInWhatTheNodeCarriesInItsPatience) {
  hello_gate gate(1000);
  EXPECT_EQ(let_in(gate, guests::seated, 5000, start), 2000U);
  EXPECT_EQ(let_in(gate, guests::seated, 5000, start + 100ms), 100U);
}

TEST(HelloGate, KeepsHalfForThoseWhoHadASeat) {
  hello_gate gate(1000);
  EXPECT_EQ(let_in(gate, guests::fresh, 5000, start), 1001U + 62U)
      << "half of the bucket, and their own share";
  EXPECT_EQ(let_in(gate, guests::seated, 5000, start), 999U);
}

TEST(HelloGate, NeverStarvesStrangers) {
  hello_gate gate(1000);
  let_in(gate, guests::seated, 5000, start);
  let_in(gate, guests::fresh, 5000, start);

  unsigned fresh = 0;
  unsigned seated = 0;
  for (auto now = start; now < start + 10s; now += 10ms) {
    seated += let_in(gate, guests::seated, 50, now);
    fresh += let_in(gate, guests::fresh, 50, now);
  }

  EXPECT_NEAR(seated, 10'000, 20);
  EXPECT_NEAR(fresh, 10'000 * limits::fresh_share, 10);
}

TEST(HelloGate, GivesEachWhoIsRefusedAMomentOfItsOwn) {
  hello_gate gate(1000);
  let_in(gate, guests::seated, 2000, start);
  std::multiset<std::chrono::milliseconds> waits;
  for (int i = 0; i < 3000; ++i) {
    waits.insert(gate.ask(guests::seated, start).value());
  }

  EXPECT_GE(*waits.begin(), limits::reconnect_pause);
  EXPECT_LE(*waits.rbegin(), limits::reconnect_pause + 3s + 250ms);
  for (const auto at : waits) {
    EXPECT_LT(std::distance(waits.lower_bound(at), waits.upper_bound(at + 99ms)), 200);
  }
}

TEST(HelloGate, PutsStrangersWhoAreRefusedFurtherApart) {
  hello_gate gate(1000);
  let_in(gate, guests::fresh, 5000, start);
  std::chrono::milliseconds last{0};
  for (int i = 0; i < 100; ++i) {
    last = gate.ask(guests::fresh, start).value();
  }
  EXPECT_GT(last, 2s);
  for (int i = 0; i < 100'000; ++i) {
    last = gate.ask(guests::fresh, start).value();
  }
  EXPECT_LE(last, limits::reconnect_window_max + 250ms);
}

TEST(HelloGate, RefusesAllWhileHellosWaitForTheirAnswer) {
  hello_gate gate(10);
  std::vector<hello_gate::greeting> under_way;
  for (int i = 0; i < 20; ++i) {
    under_way.emplace_back(gate);
  }
  EXPECT_TRUE(gate.ask(guests::seated, start));
  EXPECT_TRUE(gate.ask(guests::fresh, start));

  under_way.pop_back();
  EXPECT_FALSE(gate.ask(guests::seated, start));

  under_way.clear();
  EXPECT_EQ(gate.greetings_count(), 0U);
}

TEST(HelloGate, RefusesAllWhileAThreadIsTooLate) {
  hello_gate gate(1000);
  gate.note_lag(limits::hello_backlog_max, start);
  EXPECT_TRUE(gate.ask(guests::seated, start));

  gate.note_lag(limits::hello_backlog_max / 2, start);
  EXPECT_FALSE(gate.ask(guests::seated, start));
  EXPECT_EQ(let_in(gate, guests::fresh, 1000, start), 62U) << "only their own share";

  gate.note_lag(limits::hello_backlog_max, start);
  EXPECT_FALSE(gate.ask(guests::seated, start + 1s)) << "nothing is known of now";
}

TEST(HelloGate, WithoutARateLetsAllIn) {
  hello_gate gate(0);
  gate.note_lag(1h, start);
  EXPECT_EQ(let_in(gate, guests::fresh, 100'000, start), 100'000U);
}

}  // namespace
}  // namespace frontdesk
