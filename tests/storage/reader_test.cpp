#include "storage/reader.hpp"

#include "model/limits.hpp"
#include "storage/layout.hpp"
#include "tests/storage/kept_desk.hpp"
#include "tests/storage/twins.hpp"
#include "wire/record.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

using kept::desk;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr person_id eve{person_kind::visitor, 0xe4e};

template <class Twin>
class Reader : public testing::Test {
 protected:
  reader& reads() {
    twin_.settles();
    return desk_.reads();
  }

  std::vector<std::uint64_t> seqs(std::uint64_t conversation, const page_range& range) {
    std::vector<std::uint64_t> found;
    const auto page = reads().read_page(desk::name(conversation), range);
    for (const event& e : page.value()) {
      EXPECT_EQ(e.where, range.where);
      found.push_back(e.seq.value);
    }
    return found;
  }

  static std::vector<std::uint64_t> ids(const std::vector<conversation_row>& rows) {
    std::vector<std::uint64_t> found;
    std::ranges::transform(rows, std::back_inserter(found),
                           [](const auto& row) { return row.at.conversation.value; });
    return found;
  }

  list_page lists(index_kind view, std::size_t limit = 0, const std::string& after = {}) {
    return reads().read_list(desk::shop, {view, desk::team, desk::bob, after, limit}).value();
  }

  void overwrites(write row) {
    ASSERT_TRUE(twin_.kept().write_all({std::move(row)}, durability::synced));
  }

  Twin twin_;
  desk desk_{twin_.kept()};
};

TYPED_TEST_SUITE(Reader, twins, twin_names);

TYPED_TEST(Reader, FindsNoHeadWhereNoConversationIs) {
  const auto found = this->reads().read_head(desk::name(1));

  ASSERT_TRUE(found);
  EXPECT_FALSE(found->exists());
}

TYPED_TEST(Reader, ReadsTheHeadThatWasWrittenLast) {
  this->desk_.opens(1, desk::ada, 100);
  const head assigned = this->desk_.is_assigned(1, desk::bob, 200);

  EXPECT_EQ(this->reads().read_head(desk::name(1)).value(), assigned);
}

TYPED_TEST(Reader, ReadsTheEventsAfterASeq) {
  this->desk_.opens(1, desk::ada, 100);
  this->desk_.says(1, track::visible, "and now?", 4);

  EXPECT_THAT(this->seqs(1, {track::visible, sequence{0}, {}, 10}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(this->seqs(1, {track::visible, sequence{2}, {}, 2}), ElementsAre(3, 4));
  EXPECT_THAT(this->seqs(1, {track::visible, sequence{5}, {}, 10}), IsEmpty());
}

TYPED_TEST(Reader, ReadsTheLastEventsBeforeASeqOldestFirst) {
  this->desk_.opens(1, desk::ada, 100);
  this->desk_.says(1, track::visible, "and now?", 4);

  EXPECT_THAT(this->seqs(1, {track::visible, {}, sequence{5}, 2}), ElementsAre(3, 4));
  EXPECT_THAT(this->seqs(1, {track::visible, {}, sequence{99}, 2}), ElementsAre(4, 5));
  EXPECT_THAT(this->seqs(1, {track::visible, sequence{2}, sequence{5}, 9}), ElementsAre(3, 4));
  EXPECT_THAT(this->seqs(1, {track::visible, {}, sequence{1}, 9}), IsEmpty());
}

TYPED_TEST(Reader, KeepsTheTracksApart) {
  this->desk_.opens(1, desk::ada, 100);
  this->desk_.says(1, track::internal, "a difficult one", 2);

  EXPECT_THAT(this->seqs(1, {track::visible, {}, {}, 10}), ElementsAre(1));
  EXPECT_THAT(this->seqs(1, {track::internal, {}, {}, 10}), ElementsAre(1, 2));
  EXPECT_THAT(this->seqs(1, {track::visible, {}, sequence{9}, 10}), ElementsAre(1));
}

TYPED_TEST(Reader, KeepsNeighboursApart) {
  this->desk_.opens(1, desk::ada, 100);
  this->desk_.opens(2, desk::ada, 100);

  EXPECT_THAT(this->seqs(1, {track::visible, {}, {}, 10}), ElementsAre(1));
  EXPECT_THAT(this->seqs(2, {track::visible, {}, sequence{9}, 10}), ElementsAre(1));
  EXPECT_THAT(this->seqs(3, {track::visible, {}, sequence{9}, 10}), IsEmpty());
}

TYPED_TEST(Reader, BoundsAPageByEvents) {
  this->desk_.opens(1, desk::ada, 100);
  this->desk_.says(1, track::visible, "again", limits::page_events_max + 50);

  EXPECT_THAT(this->seqs(1, {track::visible, {}, {}, 0}), SizeIs(limits::page_events_max));
  EXPECT_THAT(this->seqs(1, {track::visible, {}, {}, 9'999}), SizeIs(limits::page_events_max));
  EXPECT_THAT(this->seqs(1, {track::visible, {}, {}, 3}), SizeIs(3));
}

TYPED_TEST(Reader, BoundsAPageByBytesButShowsOneEventAlways) {
  const std::string longest(limits::text_bytes_max, 'x');
  this->desk_.opens(1, desk::ada, 100);
  this->desk_.says(1, track::visible, longest, 20);

  const std::size_t fit = this->seqs(1, {track::visible, sequence{1}, {}, 20}).size();

  EXPECT_LE(fit * longest.size(), limits::page_bytes_max);
  EXPECT_GE((fit + 2) * longest.size(), limits::page_bytes_max);
  EXPECT_THAT(this->seqs(1, {track::visible, {}, sequence{22}, 20}), SizeIs(fit));
}

TYPED_TEST(Reader, RefusesATrackWithAHole) {
  this->desk_.opens(1, desk::ada, 100);
  this->desk_.says(1, track::visible, "one more", 4);
  event third;
  third.conversation = conversation_id{1};
  third.seq = sequence{3};
  this->overwrites({family::log, event_key(desk::shop, third), "", true});

  for (const page_range range :
       {page_range{track::visible, {}, {}, 9}, page_range{track::visible, sequence{2}, {}, 9},
        page_range{track::visible, {}, sequence{6}, 9}}) {
    const auto page = this->reads().read_page(desk::name(1), range);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, fault_code::storage_failed);
  }
  EXPECT_THAT(this->seqs(1, {track::visible, {}, {}, 2}), ElementsAre(1, 2));
}

TYPED_TEST(Reader, ServesNoValueThatCannotBeRead) {
  this->desk_.opens(1, desk::ada, 100);
  const device_id phone{1, 2};
  event first;
  first.conversation = conversation_id{1};
  first.seq = sequence{1};
  const conversation_name name = desk::name(1);
  for (const write& row : {write{family::head, head_key(name), "?"},
                           write{family::log, event_key(desk::shop, first), "?"},
                           write{family::dedupe, window_key(name, desk::ada, phone), "?"},
                           write{family::cursor, cursor_key(name, desk::ada), "?"},
                           write{family::meta, number_key(desk::shop), "?"},
                           write{family::directory, key_of(tenant{desk::shop, "", {}}), "?"}}) {
    this->overwrites(row);
  }
  reader& r = this->reads();
  const auto failed = [](const auto& answer) {
    return !answer.ok() && answer.error().code == fault_code::storage_failed;
  };

  EXPECT_TRUE(failed(r.read_head(name)));
  EXPECT_TRUE(failed(r.read_page(name, {})));
  EXPECT_TRUE(failed(r.read_window(name, desk::ada, phone)));
  EXPECT_TRUE(failed(r.read_cursor(name, desk::ada)));
  EXPECT_TRUE(failed(r.last_number(desk::shop)));
  EXPECT_TRUE(failed(r.read_directory()));
  EXPECT_TRUE(failed(r.visitor_roster({desk::shop, desk::ada})));
  EXPECT_TRUE(failed(r.open_heads(desk::shop, 10)));
  EXPECT_TRUE(failed(r.read_list(desk::shop, {})));
  EXPECT_TRUE(failed(r.each_conversation(desk::shop, [](const head&) { return true; })));
}

TYPED_TEST(Reader, ServesNoValueThatLiesUnderAnotherKey) {
  const head one = this->desk_.opens(1, desk::ada, 100);
  event stray;
  stray.conversation = conversation_id{5};
  stray.seq = sequence{2};
  event second = stray;
  second.conversation = conversation_id{1};
  this->overwrites({family::head, head_key(desk::name(2)), to_bytes(one)});
  this->overwrites({family::log, event_key(desk::shop, second), to_bytes(stray)});
  const post_window window{desk::ada, device_id{1, 2}, {}};
  this->overwrites(
      {family::dedupe, window_key(desk::name(1), eve, window.device), to_bytes(window)});

  EXPECT_FALSE(this->reads().read_head(desk::name(2)));
  EXPECT_FALSE(this->reads().read_page(desk::name(1), {}));
  EXPECT_FALSE(this->reads().read_window(desk::name(1), eve, window.device));
  EXPECT_FALSE(this->reads().each_conversation(desk::shop, [](const head&) { return true; }));
}

TYPED_TEST(Reader, MissesAHeadThatAnIndexNames) {
  this->desk_.opens(1, desk::ada, 100);
  this->overwrites({family::head, head_key(desk::name(1)), "", true});

  EXPECT_FALSE(this->reads().open_heads(desk::shop, 10));
}

TYPED_TEST(Reader, ReadsTheAnswersOfADevice) {
  const device_id phone{1, 2};
  const post_answer answer{post_number{1}, 77, sequence{1}, track::visible, timestamp{5}};
  const post_window window{desk::ada, phone, {answer}};
  this->desk_.records(batch{{window_record{desk::shop, conversation_id{1}, window}}});

  EXPECT_EQ(this->reads().read_window(desk::name(1), desk::ada, phone).value(), window);
  EXPECT_EQ(this->reads().read_window(desk::name(1), desk::ada, device_id{1, 3}).value(),
            (post_window{desk::ada, device_id{1, 3}, {}}));
  EXPECT_EQ(this->reads().read_window(desk::name(1), eve, phone).value(),
            (post_window{eve, phone, {}}));
}

TYPED_TEST(Reader, ReadsCursors) {
  this->desk_.has_read(1, desk::ada, 7);

  EXPECT_EQ(this->reads().read_cursor(desk::name(1), desk::ada).value(),
            (cursor{sequence{7}, sequence{7}}));
  EXPECT_EQ(this->reads().read_cursor(desk::name(1), desk::bob).value(), cursor{});
}

TYPED_TEST(Reader, ShowsAVisitorTheirConversationsNewestOpeningLast) {
  this->desk_.opens(9, desk::ada, 100);
  this->desk_.opens(5, eve, 150);
  this->desk_.opens(3, desk::ada, 200);
  this->desk_.is_closed(9, 300);
  this->desk_.has_read(3, desk::ada, 1);
  this->desk_.is_assigned(3, desk::bob, 400);
  this->desk_.has_read(3, desk::bob, 2);

  const auto roster = this->reads().visitor_roster({desk::shop, desk::ada}).value();

  EXPECT_THAT(this->ids(roster), ElementsAre(9, 3));
  EXPECT_EQ(roster[1].own.read, sequence{1});
  EXPECT_EQ(roster[1].peer.read, sequence{2});
  EXPECT_EQ(roster[0].own, cursor{});
}

TYPED_TEST(Reader, ShowsAVisitorTheNewestOnesOnly) {
  batch many;
  head last;
  for (std::uint64_t i = 1; i <= limits::roster_max + 5; ++i) {
    head h;
    h.tenant = desk::shop;
    h.conversation = conversation_id{2 * limits::roster_max - i};
    h.visitor.person = desk::ada;
    h.visible = sequence{1};
    h.opened_at = timestamp{static_cast<std::int64_t>(i)};
    many.records.emplace_back(h);
    for (const index_row& row : index_changes({}, h)) {
      many.records.emplace_back(row);
    }
    last = h;
  }
  this->desk_.records(many);

  const auto roster = this->reads().visitor_roster({desk::shop, desk::ada}).value();

  ASSERT_THAT(roster, SizeIs(limits::roster_max));
  EXPECT_EQ(roster.front().at.opened_at, timestamp{6});
  EXPECT_EQ(roster.back().at, last);
}

TYPED_TEST(Reader, ShowsAnAgentTheOpenConversationsThatAreTheirs) {
  for (const std::uint64_t i : {1, 2, 3}) {
    this->desk_.opens(i, desk::ada, 100);
    this->desk_.is_assigned(i, desk::bob, 200);
  }
  this->desk_.is_closed(1, 300);
  this->desk_.is_queued_again(2, 300);
  this->desk_.has_read(3, desk::ada, 1);

  const auto roster = this->reads().agent_roster({desk::shop, desk::bob}).value();

  EXPECT_THAT(this->ids(roster), ElementsAre(3));
  EXPECT_EQ(roster[0].peer.read, sequence{1});
  EXPECT_THAT(this->reads().agent_roster({tenant_id{4}, desk::bob}).value(), IsEmpty());
}

TYPED_TEST(Reader, ListsTheClosedLatestFirst) {
  for (const std::uint64_t i : {1, 2, 3, 4}) {
    this->desk_.opens(i, desk::ada, 100);
  }
  this->desk_.is_closed(3, 500);
  this->desk_.is_closed(1, 600);
  this->desk_.is_closed(4, 700);
  this->desk_.is_queued_again(1, 800);

  EXPECT_THAT(this->ids(this->lists(index_kind::closed).rows), ElementsAre(4, 3));
  EXPECT_THAT(this->ids(this->lists(index_kind::open).rows), ElementsAre(1, 2));
}

TYPED_TEST(Reader, ListsATeamsQueueLongestWaitingFirst) {
  this->desk_.opens(5, desk::ada, 300);
  this->desk_.opens(6, desk::ada, 100);
  this->desk_.opens(7, desk::ada, 200);
  this->desk_.is_assigned(7, desk::bob, 400);

  EXPECT_THAT(this->ids(this->lists(index_kind::queue).rows), ElementsAre(6, 5));
  const auto other =
      this->reads().read_list(desk::shop, {index_kind::queue, team_id{2}, {}, {}, 0});
  EXPECT_THAT(other.value().rows, IsEmpty());
}

TYPED_TEST(Reader, PagesThroughListsWithoutLossOrRepeat) {
  for (std::uint64_t i = 1; i <= 7; ++i) {
    this->desk_.opens(i, desk::ada, 100);
  }
  for (std::uint64_t i = 1; i <= 4; ++i) {
    this->desk_.opens(10 + i, desk::ada, 100);
    this->desk_.is_closed(10 + i, 500);
  }
  const auto pages = [&](index_kind view, std::size_t limit) {
    std::vector<std::vector<std::uint64_t>> found;
    std::string after;
    do {
      const list_page page = this->lists(view, limit, after);
      found.push_back(this->ids(page.rows));
      after = page.after;
    } while (!after.empty());
    return found;
  };

  EXPECT_THAT(pages(index_kind::open, 3),
              ElementsAre(ElementsAre(1, 2, 3), ElementsAre(4, 5, 6), ElementsAre(7)));
  EXPECT_THAT(pages(index_kind::queue, 4),
              ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(5, 6, 7)));
  EXPECT_THAT(pages(index_kind::closed, 2), ElementsAre(ElementsAre(14, 13), ElementsAre(12, 11)));
}

TYPED_TEST(Reader, BoundsAPageOfAList) {
  for (std::uint64_t i = 1; i <= limits::summaries_per_frame_max + 1; ++i) {
    this->desk_.opens(i, desk::ada, 100);
  }

  const list_page page = this->lists(index_kind::open, 9'999);

  EXPECT_THAT(page.rows, SizeIs(limits::summaries_per_frame_max));
  EXPECT_THAT(this->ids(this->lists(index_kind::open, 0, page.after).rows),
              ElementsAre(limits::summaries_per_frame_max + 1));
}

TYPED_TEST(Reader, RefusesAPlaceThatNoPageGave) {
  this->desk_.opens(1, desk::ada, 100);
  const auto verdict = [&](index_kind view, const std::string& after) {
    const auto page = this->reads().read_list(desk::shop, {view, desk::team, desk::bob, after, 10});
    return page ? fault_code::none : page.error().code;
  };

  for (const std::string after : {"0", "00", "000000000000000g", "000000000000000A",
                                  "00000000000000000", "000000000000000000"}) {
    EXPECT_EQ(verdict(index_kind::open, after), fault_code::bad_value) << after;
  }
  EXPECT_EQ(verdict(index_kind::open, "0000000000000000"), fault_code::none);
  EXPECT_EQ(verdict(index_kind::closed, "0000000000000000"), fault_code::bad_value);
  EXPECT_EQ(verdict(index_kind::member, ""), fault_code::bad_value);
  EXPECT_EQ(verdict(index_kind::assignee, ""), fault_code::bad_value);
}

TYPED_TEST(Reader, DoesNotShowWhatHasLeftAListSince) {
  head moved = this->desk_.opens(1, desk::ada, 100);
  this->desk_.opens(2, desk::ada, 100);
  moved.status = conversation_status::closed;
  this->desk_.records(batch{{moved}});

  EXPECT_THAT(this->ids(this->lists(index_kind::open).rows), ElementsAre(2));
  EXPECT_THAT(this->ids(this->lists(index_kind::queue).rows), ElementsAre(2));
  EXPECT_THAT(this->reads().open_heads(desk::shop, 10).value(), SizeIs(1));
}

TYPED_TEST(Reader, ReadsTheHeadsOfWhatIsOpen) {
  for (std::uint64_t i = 1; i <= 5; ++i) {
    this->desk_.opens(i, desk::ada, 100);
  }
  this->desk_.is_closed(2, 200);

  EXPECT_THAT(this->reads().open_heads(desk::shop, 100).value(), SizeIs(4));
  EXPECT_THAT(this->reads().open_heads(desk::shop, 3).value(), SizeIs(3));
  EXPECT_THAT(this->reads().open_heads(tenant_id{4}, 100).value(), IsEmpty());
}

TYPED_TEST(Reader, ReadsTheDirectory) {
  const tenant owner{desk::shop, "shop", timestamp{5}};
  inbox door;
  door.tenant = desk::shop;
  door.id = inbox_id{1};
  door.widget_key = "wk";
  agent bob;
  bob.tenant = desk::shop;
  bob.id = desk::bob;
  bob.email = "bob@shop.example";
  this->desk_.records(batch{{owner, door, bob}});

  const directory found = this->reads().read_directory().value();

  EXPECT_EQ(*found.find(desk::shop), owner);
  EXPECT_EQ(*found.inbox_by_widget_key("wk"), door);
  EXPECT_EQ(*found.agent_by_email(desk::shop, bob.email), bob);
}

TYPED_TEST(Reader, ReadsTheLastNumberOfATenant) {
  EXPECT_EQ(this->reads().last_number(desk::shop).value(), 0U);

  this->desk_.records(batch{{number_record{desk::shop, 41}}});

  EXPECT_EQ(this->reads().last_number(desk::shop).value(), 41U);
  EXPECT_EQ(this->reads().last_number(tenant_id{4}).value(), 0U);
}

TYPED_TEST(Reader, ReadsTheQuarantineOfATenant) {
  quarantined poison;
  poison.tenant = desk::shop;
  for (const std::uint64_t id : {300U, 2U}) {
    poison.id = quarantine_id{id};
    this->desk_.records(batch{{quarantined_record{poison, false}}});
  }

  const auto found = this->reads().read_quarantine(desk::shop).value();

  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.front().id, quarantine_id{2});
  EXPECT_EQ(found.back().id, quarantine_id{300});
  EXPECT_TRUE(this->reads().read_quarantine(tenant_id{4}).value().empty());
}

TEST(ReaderOfAHistory, ReadsItWhereThereIsOneThatIsSound) {
  memory_store kept;
  const auto is = [&](const std::string& bytes) {
    EXPECT_TRUE(kept.write_all({{family::meta, history_key(), bytes}}, durability::synced));
  };
  const std::string id(32, 'a');

  EXPECT_EQ(reader{kept}.history_id().value(), "");
  is(history_to_bytes(id));
  EXPECT_EQ(reader{kept}.history_id().value(), id);
  is("?");
  EXPECT_FALSE(reader{kept}.history_id());
}

TYPED_TEST(Reader, ShowsEveryConversationOfATenantAndMayReadMeanwhile) {
  const std::size_t many = 600;
  for (std::uint64_t i = 1; i <= many; ++i) {
    this->desk_.opens(i, desk::ada, 100);
  }
  reader& r = this->reads();
  std::uint64_t last = 0;
  const auto show = [&](const head& h) {
    EXPECT_EQ(h.conversation.value, last + 1);
    EXPECT_TRUE(r.read_page(desk::name(h.conversation.value), {}));
    last = h.conversation.value;
    return last != 500;
  };

  ASSERT_TRUE(r.each_conversation(desk::shop, show));
  EXPECT_EQ(last, 500U);
  ASSERT_TRUE(r.each_conversation(desk::shop, [&](const head& h) {
    last = h.conversation.value;
    return true;
  }));
  EXPECT_EQ(last, many);
}

}  // namespace
}  // namespace frontdesk
