#include "model/ids.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace frontdesk {
namespace {

constexpr person_name shopper{tenant_id{1}, {person_kind::visitor, 0x8badf00dcafe4242}};

TEST(IdText, OfAConversationIsSixteenHexDigits) {
  EXPECT_EQ(to_text(conversation_id{0x5c1f00d2a94be311}), "5c1f00d2a94be311");
  EXPECT_EQ(to_text(conversation_id{0xa}), "000000000000000a");
}

TEST(IdText, OfADeviceIsThirtyTwo) {
  EXPECT_EQ(to_text(device_id{0x123, 0xfedcba9876543210}), "0000000000000123fedcba9876543210");
}

TEST(IdText, OfAPersonNamesItsKind) {
  EXPECT_EQ(to_text(person_id{person_kind::visitor, 255}), "visitor:00000000000000ff");
  EXPECT_EQ(to_text(person_id{person_kind::agent, 7}), "agent:0000000000000007");
  EXPECT_EQ(to_text(the_system), "system");
  EXPECT_EQ(to_text(person_id{}), "");
}

TEST(IdText, IsReadBack) {
  std::uint64_t bits = 1;
  for (int i = 0; i < 1000; ++i) {
    bits = mixed(bits);
    const conversation_id conversation{bits};
    const device_id device{bits, mixed(~bits)};
    const person_id visitor{person_kind::visitor, bits};
    const person_id agent{person_kind::agent, bits};
    EXPECT_EQ(conversation_from_text(to_text(conversation)), conversation);
    EXPECT_EQ(device_from_text(to_text(device)), device);
    EXPECT_EQ(person_from_text(to_text(visitor)), visitor);
    EXPECT_EQ(person_from_text(to_text(agent)), agent);
  }
  EXPECT_EQ(person_from_text("system"), the_system);
}

TEST(IdText, OfHalfADeviceIsRead) {
  EXPECT_EQ(device_from_text("00000000000000000000000000000001"), (device_id{0, 1}));
  EXPECT_EQ(device_from_text("00000000000000010000000000000000"), (device_id{1, 0}));
}

TEST(IdText, OfAnotherFormIsNoConversation) {
  const std::vector<std::string> bad = {
      "",
      "0000000000000000",
      "5c1f00d2a94be31",
      "5c1f00d2a94be3111",
      "5C1F00D2A94BE311",
      "5c1f00d2a94be31g",
      "5c1f00d2a94be31/",
      "5c1f00d2a94be31:",
      "5c1f00d2a94be31`",
      " 5c1f00d2a94be31",
      "5c1f00d2a94be31\n",
      "-c1f00d2a94be311",
      "+c1f00d2a94be311",
      "0x1f00d2a94be311",
      std::string("5c1f00d2a94be31\0", 16),
  };
  for (const std::string& text : bad) {
    EXPECT_EQ(conversation_from_text(text), std::nullopt) << text;
  }
}

TEST(IdText, OfAnotherFormIsNoDevice) {
  const std::vector<std::string_view> bad = {
      "",
      "0000000000000000",
      "00000000000000000000000000000000",
      "0123456789abcdeffedcba987654321",
      "0123456789abcdeffedcba98765432100",
      "0123456789ABCDEFFEDCBA9876543210",
      "0123456789abcde-fedcba9876543210",
      "01234567-89ab-cdef-fedc-ba9876543210",
  };
  for (const std::string_view text : bad) {
    EXPECT_EQ(device_from_text(text), std::nullopt) << text;
  }
}

TEST(IdText, OfAnotherFormIsNoPerson) {
  const std::vector<std::string_view> bad = {
      "",
      "nobody",
      "System",
      "system:",
      "system:0000000000000000",
      "visitor",
      "visitor:",
      "visitor:0000000000000000",
      "visitor:00000000000000FF",
      "visitor:ff",
      "visitor: 0000000000000ff",
      "visitor00000000000000ff",
      "Visitor:00000000000000ff",
      "agent:0000000000000000",
      "agents:00000000000000ff",
      "agent:00000000000000ff ",
      "bot:00000000000000ff",
      "00000000000000ff",
  };
  for (const std::string_view text : bad) {
    EXPECT_EQ(person_from_text(text), std::nullopt) << text;
  }
}

TEST(OpeningId, IsTheSameOnEveryDevice) {
  EXPECT_EQ(opening_id(shopper, inbox_id{3}, 5), opening_id(shopper, inbox_id{3}, 5));
}

// Stored conversations were found by these ids, so the computation never changes.
TEST(OpeningId, IsTheSameForEver) {
  EXPECT_EQ(to_text(opening_id(shopper, inbox_id{3}, 1)), "92c800391722f682");
  EXPECT_EQ(to_text(opening_id(shopper, inbox_id{3}, 2)), "90e7a175a1282306");
  EXPECT_EQ(to_text(opening_id({tenant_id{2}, shopper.person}, inbox_id{3}, 1)),
            "94d3ba8349cfe461");
}

TEST(OpeningId, LiesInItsTenantsShard) {
  for (std::uint32_t tenant = 1; tenant < 200; ++tenant) {
    const conversation_id id = opening_id({tenant_id{tenant}, shopper.person}, inbox_id{3}, 1);
    EXPECT_EQ(shard_of(id), shard_of(tenant_id{tenant}));
    EXPECT_LT(shard_of(id).value, 64);
  }
}

TEST(OpeningId, DiffersWithEachOfItsParts) {
  std::set<conversation_id> ids;
  std::size_t count = 0;
  for (std::uint32_t tenant = 1; tenant <= 5; ++tenant) {
    for (std::uint64_t visitor = 1; visitor <= 20; ++visitor) {
      for (std::uint32_t place = 1; place <= 100; ++place) {
        const person_name name{tenant_id{tenant}, {person_kind::visitor, visitor}};
        ids.insert(opening_id(name, inbox_id{place % 10 + 1}, place / 10 + 1));
        ++count;
      }
    }
  }
  EXPECT_EQ(ids.size(), count);
  EXPECT_FALSE(ids.contains(conversation_id{}));
}

TEST(OpeningId, DoesNotTakeAnInboxForAnOrdinal) {
  EXPECT_NE(opening_id(shopper, inbox_id{1}, 2), opening_id(shopper, inbox_id{2}, 1));
}

TEST(Shard, IsTheHighestSixBitsOfAConversation) {
  EXPECT_EQ(shard_of(conversation_id{0xffffffffffffffff}), shard_id{63});
  EXPECT_EQ(shard_of(conversation_id{0x0400000000000000}), shard_id{1});
  EXPECT_EQ(shard_of(conversation_id{0x03ffffffffffffff}), shard_id{0});
}

TEST(Shard, OfTenantsIsSpread) {
  std::set<shard_id> shards;
  for (std::uint32_t tenant = 1; tenant <= 1000; ++tenant)
    shards.insert(shard_of(tenant_id{tenant}));

  EXPECT_EQ(shards.size(), 64U);
}

// Tenants' data lies in their shard, so this never changes either.
TEST(Shard, OfATenantIsTheSameForEver) {
  EXPECT_EQ(shard_of(tenant_id{1}), shard_id{36});
  EXPECT_EQ(shard_of(tenant_id{2}), shard_id{37});
}

TEST(Id, OfZeroIsNone) {
  EXPECT_FALSE(conversation_id{});
  EXPECT_FALSE(device_id{});
  EXPECT_FALSE(person_id{});
  EXPECT_TRUE(conversation_id{1});
  EXPECT_TRUE((device_id{0, 1}));
  EXPECT_TRUE((device_id{1, 0}));
  EXPECT_TRUE(the_system);
}

TEST(Id, CanBeKeptInHashTables) {
  std::unordered_set<person_name> names;
  std::unordered_set<std::size_t> hashes;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    for (const auto kind : {person_kind::visitor, person_kind::agent}) {
      const person_name name{tenant_id{1}, {kind, i}};
      names.insert(name);
      hashes.insert(std::hash<person_name>{}(name));
    }
  }
  EXPECT_EQ(names.size(), 2000U);
  EXPECT_EQ(hashes.size(), 2000U);
}

TEST(Sequence, IsFollowedByTheNext) {
  EXPECT_EQ(next(sequence{}), sequence{1});
  EXPECT_EQ(next(post_number{41}), post_number{42});
}

TEST(Incarnation, OfALaterOwnerIsGreaterWhateverItsCount) {
  EXPECT_LT((incarnation{epoch{1}, 900}), (incarnation{epoch{2}, 1}));
  EXPECT_LT((incarnation{epoch{2}, 1}), (incarnation{epoch{2}, 2}));
}

}  // namespace
}  // namespace frontdesk
