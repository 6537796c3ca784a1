#include "storage/layout.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

constexpr tenant_id shop{0x01020304};
constexpr conversation_id talk{0x1112131415161718};
constexpr conversation_name name{shop, talk};
constexpr person_id ada{person_kind::visitor, 0x2122232425262728};
constexpr person_id bob{person_kind::agent, 0x3132333435363738};

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

event said(conversation_id where, track on, std::uint64_t seq) {
  event e;
  e.conversation = where;
  e.where = on;
  e.seq = sequence{seq};
  return e;
}

index_row row(index_kind kind) {
  return {kind, shop, bob, team_id{0x41424344}, 0x5152535455565758, talk, false};
}

TEST(Layout, KeepsTheBytesOfAConversationsKeys) {
  const device_id phone{0x6162636465666768, 0x7172737475767778};

  EXPECT_EQ(hex(event_key(shop, said(talk, track::visible, 0x8182838485868788))),
            "01020304"
            "1112131415161718"
            "01"
            "8182838485868788");
  EXPECT_EQ(hex(event_key(shop, said(talk, track::internal, 1))),
            "01020304"
            "1112131415161718"
            "02"
            "0000000000000001");
  EXPECT_EQ(hex(head_key(name)),
            "01020304"
            "1112131415161718");
  EXPECT_EQ(hex(window_key(name, ada, phone)),
            "01020304"
            "1112131415161718"
            "012122232425262728"
            "6162636465666768"
            "7172737475767778");
  EXPECT_EQ(hex(cursor_key(name, bob)),
            "01020304"
            "023132333435363738"
            "1112131415161718");
}

TEST(Layout, KeepsTheBytesOfIndexKeys) {
  EXPECT_EQ(hex(index_key(row(index_kind::member))),
            "01020304"
            "01"
            "023132333435363738"
            "5152535455565758"
            "1112131415161718");
  EXPECT_EQ(hex(index_key(row(index_kind::assignee))),
            "01020304"
            "02"
            "023132333435363738"
            "1112131415161718");
  EXPECT_EQ(hex(index_key(row(index_kind::queue))),
            "01020304"
            "03"
            "41424344"
            "5152535455565758"
            "1112131415161718");
  EXPECT_EQ(hex(index_key(row(index_kind::open))),
            "01020304"
            "04"
            "1112131415161718");
  EXPECT_EQ(hex(index_key(row(index_kind::closed))),
            "01020304"
            "05"
            "5152535455565758"
            "1112131415161718");
}

TEST(Layout, KeepsTheBytesOfDirectoryKeys) {
  inbox door;
  door.tenant = shop;
  door.id = inbox_id{0x41424344};
  agent someone;
  someone.tenant = shop;
  someone.id = bob;

  EXPECT_EQ(hex(key_of(tenant{shop, "shop", {}})),
            "01020304"
            "01");
  EXPECT_EQ(hex(key_of(door)),
            "01020304"
            "02"
            "41424344");
  EXPECT_EQ(hex(key_of(someone)),
            "01020304"
            "03"
            "023132333435363738");
}

TEST(Layout, KeepsTheBytesOfMetaKeys) {
  EXPECT_EQ(hex(format_key()), "0000000001");
  EXPECT_EQ(hex(history_key()), "0000000002");
  EXPECT_EQ(hex(position_key(shard_id{0x3f})), "0000000003003f");
  EXPECT_EQ(hex(number_key(shop)), "0102030404");
  EXPECT_EQ(hex(quarantined_key(shop, quarantine_id{0x0a})), "0102030405000000000000000a");
}

TEST(Layout, KeepsTheBytesOfAuditKeys) {
  EXPECT_EQ(hex(audit_key(audit_number{0x0102})), "0000000000000102");
  EXPECT_EQ(number_of_audit_key(audit_key(audit_number{0x0102})), audit_number{0x0102});
  EXPECT_FALSE(number_of_audit_key("short"));
}

TEST(Layout, KeepsTheBytesOfMetaValues) {
  EXPECT_EQ(hex(to_bytes(shard_position{epoch{0x0102}, log_index{0x0304}})),
            "01"
            "0000000000000102"
            "0000000000000304");
  EXPECT_EQ(hex(number_to_bytes(0x0506)), "010000000000000506");
  EXPECT_EQ(history_to_bytes("00112233445566778899aabbccddeeff"),
            "\x01"
            "00112233445566778899aabbccddeeff");
}

TEST(Layout, ReadsMetaValuesBack) {
  const shard_position position{epoch{7}, log_index{9}};
  const std::string history = "00112233445566778899aabbccddeeff";

  EXPECT_EQ(position_from_bytes(to_bytes(position)), position);
  EXPECT_EQ(number_from_bytes(number_to_bytes(42)), 42U);
  EXPECT_EQ(history_from_bytes(history_to_bytes(history)), history);
}

TEST(Layout, RefusesMetaValuesThatAreNotOfTheirForm) {
  const std::string position = to_bytes(shard_position{});
  const std::string number = number_to_bytes(1);

  EXPECT_FALSE(position_from_bytes(""));
  EXPECT_FALSE(position_from_bytes(position + '\0'));
  EXPECT_FALSE(position_from_bytes("\x02" + position.substr(1)));
  EXPECT_FALSE(number_from_bytes(number.substr(1)));
  EXPECT_FALSE(number_from_bytes("\x02" + number.substr(1)));
  EXPECT_FALSE(history_from_bytes(history_to_bytes(std::string(31, 'a'))));
  EXPECT_FALSE(history_from_bytes(history_to_bytes(std::string(32, 'A'))));
}

TEST(Layout, OrdersKeysAsTheirValues) {
  const std::vector<std::uint64_t> ascending{0,      1,          0x7f,       0x80,       0xff,
                                             0x0100, 0x7fffffff, 0x80000000, 1ULL << 63U};

  const auto is_ordered = [&](auto key_of_value) {
    std::vector<std::string> keys;
    std::ranges::transform(ascending, std::back_inserter(keys), key_of_value);
    return std::ranges::is_sorted(keys) && std::ranges::adjacent_find(keys) == keys.end();
  };

  EXPECT_TRUE(is_ordered([](auto v) { return event_key(shop, said(talk, track::visible, v)); }));
  EXPECT_TRUE(is_ordered([](auto v) { return head_key({shop, conversation_id{v}}); }));
  EXPECT_TRUE(is_ordered([](auto v) {
    index_row closed = row(index_kind::closed);
    closed.order = v;
    return index_key(closed);
  }));
}

bool holds(const key_range& range, const std::string& key) {
  return key >= range.from && (range.to.empty() || key < range.to);
}

TEST(Layout, RangesHoldTheEventsBetweenTwoSeqsOfOneTrack) {
  const auto visible = [](std::uint64_t seq) {
    return event_key(shop, said(talk, track::visible, seq));
  };
  const key_range between = visible_events(name, sequence{3}, sequence{6});
  const key_range rest = visible_events(name, sequence{3}, sequence{});

  EXPECT_FALSE(holds(between, visible(3)));
  EXPECT_TRUE(holds(between, visible(4)));
  EXPECT_TRUE(holds(between, visible(5)));
  EXPECT_FALSE(holds(between, visible(6)));
  EXPECT_TRUE(holds(rest, visible(UINT64_MAX)));
}

TEST(Layout, VisibleRangesHoldNoPrivateNote) {
  const key_range all = visible_events(name, sequence{}, sequence{});

  for (const std::uint64_t seq : {std::uint64_t{1}, std::uint64_t{77}, UINT64_MAX}) {
    EXPECT_FALSE(holds(all, event_key(shop, said(talk, track::internal, seq))));
  }
  EXPECT_TRUE(holds(internal_events(name, sequence{}, sequence{}),
                    event_key(shop, said(talk, track::internal, 1))));
}

TEST(Layout, RangesEndWhereTheNextConversationBegins) {
  const conversation_name last{tenant_id{UINT32_MAX}, conversation_id{UINT64_MAX}};
  const key_range of_last = visible_events(last, sequence{}, sequence{});
  const key_range of_talk = visible_events(name, sequence{}, sequence{});
  const conversation_id neighbour{talk.value + 1};

  EXPECT_FALSE(holds(of_talk, event_key(shop, said(neighbour, track::visible, 1))));
  EXPECT_TRUE(holds(of_last, event_key(last.tenant, said(last.conversation, track::visible, 1))));
}

TEST(Layout, RangesOfATenantHoldNobodyElses) {
  const key_range heads = heads_of(tenant_id{UINT32_MAX});
  const key_range queue = rows_beside(row(index_kind::queue));
  index_row other_team = row(index_kind::queue);
  other_team.team = team_id{other_team.team.value + 1};

  EXPECT_TRUE(heads.to.empty());
  EXPECT_FALSE(holds(heads_of(shop), head_key({tenant_id{shop.value + 1}, talk})));
  EXPECT_TRUE(holds(queue, index_key(row(index_kind::queue))));
  EXPECT_FALSE(holds(queue, index_key(other_team)));
}

TEST(Layout, ReadsConversationsOutOfIndexKeysOfTheirLengthOnly) {
  for (const auto kind : {index_kind::member, index_kind::assignee, index_kind::queue,
                          index_kind::open, index_kind::closed}) {
    const std::string key = index_key(row(kind));

    EXPECT_EQ(conversation_of_index_key(kind, key), talk);
    EXPECT_FALSE(conversation_of_index_key(kind, key + '\0'));
    EXPECT_FALSE(conversation_of_index_key(kind, key.substr(1)));
  }
}

TEST(Layout, TellsDirectoryKeysApart) {
  EXPECT_EQ(kind_of_directory_key(key_of(tenant{})), directory_kind::tenant);
  EXPECT_EQ(kind_of_directory_key(key_of(inbox{})), directory_kind::inbox);
  EXPECT_EQ(kind_of_directory_key(key_of(agent{})), directory_kind::agent);
  EXPECT_FALSE(kind_of_directory_key(""));
  EXPECT_FALSE(kind_of_directory_key(key_of(inbox{}) + '\0'));
  EXPECT_FALSE(kind_of_directory_key(head_key(name)));
}

}  // namespace
}  // namespace frontdesk
