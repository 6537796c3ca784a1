#include "storage/apply.hpp"

#include "storage/layout.hpp"
#include "wire/record.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using testing::ElementsAre;

constexpr tenant_id shop{3};
constexpr conversation_id talk{0x77};
constexpr conversation_name name{shop, talk};
constexpr person_id ada{person_kind::visitor, 0xada};
constexpr device_id phone{1, 2};

event hello() {
  event e;
  e.conversation = talk;
  e.seq = sequence{1};
  e.author = ada;
  e.text = "hello";
  return e;
}

head opened() {
  head h;
  h.tenant = shop;
  h.conversation = talk;
  h.visitor = {ada, "Ada"};
  h.visible = sequence{1};
  return h;
}

TEST(Apply, PutsEachRecordUnderItsKeyInTheBatchsOrder) {
  const post_window window{ada, phone, {}};
  const index_row row{index_kind::open, shop, {}, {}, 0, talk, false};
  const cursor at{sequence{1}, sequence{1}};
  const batch what{{event_record{shop, hello()}, opened(), window_record{shop, talk, window},
                    cursor_record{shop, talk, ada, at}, row, number_record{shop, 12}}};

  EXPECT_THAT(apply(what),
              ElementsAre(write{family::log, event_key(shop, hello()), to_bytes(hello())},
                          write{family::head, head_key(name), to_bytes(opened())},
                          write{family::dedupe, window_key(name, ada, phone), to_bytes(window)},
                          write{family::cursor, cursor_key(name, ada), to_bytes(at)},
                          write{family::index, index_key(row), ""},
                          write{family::meta, number_key(shop), number_to_bytes(12)}));
}

TEST(Apply, PutsTheDirectorysRecords) {
  const tenant owner{shop, "shop", timestamp{5}};
  inbox door;
  door.tenant = shop;
  door.id = inbox_id{1};
  agent bob;
  bob.tenant = shop;
  bob.id = {person_kind::agent, 1};

  EXPECT_THAT(apply(batch{{owner, door, bob}}),
              ElementsAre(write{family::directory, key_of(owner), to_bytes(owner)},
                          write{family::directory, key_of(door), to_bytes(door)},
                          write{family::directory, key_of(bob), to_bytes(bob)}));
}

TEST(Apply, PutsAMessageIntoQuarantineAndTakesItAway) {
  quarantined poison;
  poison.id = quarantine_id{3};
  poison.tenant = shop;

  EXPECT_THAT(apply(batch{{quarantined_record{poison, false}, quarantined_record{poison, true}}}),
              ElementsAre(write{family::meta, quarantined_key(shop, poison.id), to_bytes(poison)},
                          write{family::meta, quarantined_key(shop, poison.id), {}, true}));
}

TEST(Apply, PutsAnEntryOfTheAuditAndTakesRangesAway) {
  audit_entry deed;
  deed.number = audit_number{3};

  EXPECT_THAT(apply(batch{{deed, audit_trim{audit_number{3}}}}),
              ElementsAre(write{family::audit, audit_key(deed.number), to_bytes(deed)},
                          write{family::audit, audit_key({}), {}, true, audit_key(deed.number)}));
}

TEST(Apply, TakesRemovedIndexRowsAway) {
  const index_row gone{index_kind::open, shop, {}, {}, 0, talk, true};

  EXPECT_THAT(apply(batch{{gone}}), ElementsAre(write{family::index, index_key(gone), "", true}));
}

TEST(Apply, MakesTheSameRowsOfABatchThatTravelled) {
  const batch what{{event_record{shop, hello()}, opened(), number_record{shop, 12}}};

  const auto travelled = batch_from_bytes(to_bytes(what));

  ASSERT_TRUE(travelled);
  EXPECT_EQ(apply(*travelled), apply(what));
}

}  // namespace
}  // namespace frontdesk
