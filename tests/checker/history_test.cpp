#include "bench/checker/history.hpp"

#include "bench/checker/checker.hpp"
#include "tests/checker/story.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <variant>

namespace frontdesk::checker {

TEST(History, GivesANameOneNumber) {
  history seen;

  const auto c1 = seen.conversation("c1");
  const auto phone = seen.device("v1", "phone");

  EXPECT_EQ(seen.conversation("c1"), c1);
  EXPECT_NE(seen.conversation("c2"), c1);
  EXPECT_EQ(seen.device("v1", "phone"), phone);
  EXPECT_NE(seen.device("v2", "phone"), phone);
  EXPECT_EQ(seen.person_of(phone), seen.person("v1"));
  EXPECT_EQ(seen.name_of(phone), "phone");
}

TEST(History, RefusesANameThatNoFileCouldCarry) {
  history seen;

  EXPECT_THROW(seen.conversation(""), std::invalid_argument);
  EXPECT_THROW(seen.device("v1", std::string(257, 'x')), std::invalid_argument);
  EXPECT_NO_THROW(seen.person(std::string(256, 'x')));
}

TEST(History, RefusesTheNumbersOfAnotherHistory) {
  history other;
  const auto c2 = (other.conversation("c1"), other.conversation("c2"));
  history seen;
  seen.conversation("c1");

  EXPECT_THROW(seen.add(message_deleted{c2, track_kind::public_, {1}, {}}), std::out_of_range);
  EXPECT_TRUE(seen.observations().empty());
}

TEST(History, RefusesAnUnknownAuthorOrReaderToo) {
  history seen;
  const auto c1 = seen.conversation("c1");
  const authorship nobody{device_id{9}, {1}};

  EXPECT_THROW(seen.add(event_stored{{c1, track_kind::public_, {1}, nobody, {}}}),
               std::out_of_range);
  EXPECT_THROW(seen.add(reader_restarted{device_id{9}, positions_kind::kept, {}}),
               std::out_of_range);
  EXPECT_TRUE(seen.observations().empty());
}

TEST(History, RefusesACursorOfAnUnknownPerson) {
  history seen;
  const auto c1 = seen.conversation("c1");
  const auto desk = seen.device("a1", "desk");

  EXPECT_THROW(
      seen.add(cursor_reported{.reader = desk, .person = person_id{9}, .conversation = c1}),
      std::out_of_range);
  EXPECT_TRUE(seen.observations().empty());
}

TEST(History, MergesByNames) {
  story visitor;
  visitor.in("c2").in("c1").sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);
  story desk;
  desk.in("c1").tells("a1/desk", "v1", cursor_kind::read, 1).stores(1, "v1/phone", 1, "hello");

  history whole = desk.told();
  whole.merge(visitor.told());

  EXPECT_EQ(whole.observations().size(), 4u);
  EXPECT_EQ(check(whole).text(), check(whole).summary());
  EXPECT_EQ(check(whole).seen.acked, 1u);
}

TEST(History, MergesTheOwnersOfCursors) {
  story desk;
  desk.stores_system_event(1, "opened").tells("a1/desk", "v1", cursor_kind::read, 1);
  history whole;
  whole.person("a stranger");

  whole.merge(desk.told());

  const auto& told = std::get<cursor_reported>(whole.observations().at(1));
  EXPECT_EQ(whole.name_of(told.person), "v1");
  EXPECT_EQ(whole.name_of(whole.person_of(told.reader)), "a1");
}

TEST(History, MergesTheLaterLifeOfADeviceBehindTheEarlier) {
  story earlier;
  earlier.stores_system_event(1, "opened").stores_system_event(2, "closed");
  earlier.shows("v1/phone", 1, "opened");
  story later;
  later.shows("v1/phone", 2, "closed").catches_up("v1/phone");

  history whole = earlier.told();
  whole.merge(later.told());

  EXPECT_TRUE(check(whole).is_clean()) << check(whole).text();
}

TEST(History, IsNotMergedWithItself) {
  history seen;

  EXPECT_THROW(seen.merge(seen), std::invalid_argument);
}

TEST(BodyHash, IsTheOneThatEveryLanguageHas) {
  EXPECT_EQ(hash_of("").value, 0xcbf29ce484222325u);
  EXPECT_EQ(hash_of("foobar").value, 0x85944171f73967e8u);
  EXPECT_EQ(hash_of("\xff").value, 0xaf64724c8602eb6eu);
}

}  // namespace frontdesk::checker
