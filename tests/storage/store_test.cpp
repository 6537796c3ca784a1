#include "storage/store.hpp"

#include "tests/storage/twins.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::Pair;

template <class Twin>
class Store : public testing::Test {
 protected:
  using rows = std::vector<std::pair<std::string, std::string>>;

  store& kept() { return twin_.kept(); }

  void writes(const write_set& set, durability until = durability::synced) {
    ASSERT_TRUE(kept().write_all(set, until));
    twin_.settles();
  }

  // Keys of one letter, each with itself as value.
  void writes_letters(const std::string& letters) {
    write_set set;
    for (const char c : letters) {
      set.push_back({family::head, std::string{c}, std::string{c}});
    }
    writes(set);
  }

  rows shown(const key_range& range, std::size_t most = 100) {
    rows found;
    EXPECT_TRUE(kept().scan(range, [&](auto key, auto value) {
      found.emplace_back(key, value);
      return found.size() < most;
    }));
    return found;
  }

  std::string letters(const key_range& range, std::size_t most = 100) {
    std::string found;
    for (const auto& [key, value] : shown(range, most)) {
      EXPECT_EQ(key, value);
      found += key;
    }
    return found;
  }

  std::optional<std::string> value(family where, std::string_view key) {
    return kept().get(where, key).value();
  }

  Twin twin_;
};

using all_stores = testing::Types<in_memory, on_disk, in_write_buffers>;
TYPED_TEST_SUITE(Store, all_stores, twin_names);

TYPED_TEST(Store, GivesBackWhatWasWrittenInItsFamily) {
  this->writes({{family::head, "k", "a head"}, {family::log, "k", "an event"}});

  EXPECT_EQ(this->value(family::head, "k"), "a head");
  EXPECT_EQ(this->value(family::log, "k"), "an event");
  EXPECT_EQ(this->value(family::cursor, "k"), std::nullopt);
  EXPECT_EQ(this->value(family::head, "l"), std::nullopt);
}

TYPED_TEST(Store, TellsAnEmptyValueFromNone) {
  this->writes({{family::index, "k", ""}});

  EXPECT_EQ(this->value(family::index, "k"), "");
}

TYPED_TEST(Store, TakesRowsAway) {
  this->writes({{family::index, "k", "v"}});

  this->writes({{family::index, "k", "", true}, {family::index, "never there", "", true}});

  EXPECT_EQ(this->value(family::index, "k"), std::nullopt);
}

TYPED_TEST(Store, LetsTheLaterRowOfASetWin) {
  this->writes({{family::head, "a", "1"},
                {family::head, "a", "2"},
                {family::head, "b", "1"},
                {family::head, "b", "", true},
                {family::head, "c", "", true},
                {family::head, "c", "1"}});

  EXPECT_THAT(this->shown({family::head, "", ""}), ElementsAre(Pair("a", "2"), Pair("c", "1")));
}

TYPED_TEST(Store, KeepsKeysAndValuesOfAnyBytes) {
  const std::string odd("\0\xff\x01\n", 4);

  this->writes({{family::log, odd, odd}});

  EXPECT_EQ(this->value(family::log, odd), odd);
  EXPECT_THAT(this->shown({family::log, "", ""}), ElementsAre(Pair(odd, odd)));
}

TYPED_TEST(Store, OrdersKeysAsUnsignedBytes) {
  this->writes({{family::log, "\xff", ""}, {family::log, "\x01", ""}, {family::log, "\x7f", ""}});

  EXPECT_THAT(this->shown({family::log, "", ""}),
              ElementsAre(Pair("\x01", ""), Pair("\x7f", ""), Pair("\xff", "")));
}

TYPED_TEST(Store, ShowsARangeWithoutItsEnd) {
  this->writes_letters("abcdef");

  EXPECT_EQ(this->letters({family::head, "b", "e"}), "bcd");
  EXPECT_EQ(this->letters({family::head, "bb", "dd"}), "cd");
  EXPECT_EQ(this->letters({family::head, "", ""}), "abcdef");
  EXPECT_EQ(this->letters({family::head, "e", ""}), "ef");
}

TYPED_TEST(Store, ShowsARangeBackwards) {
  this->writes_letters("abcdef");

  EXPECT_EQ(this->letters({family::head, "b", "e", true}), "dcb");
  EXPECT_EQ(this->letters({family::head, "bb", "dd", true}), "dc");
  EXPECT_EQ(this->letters({family::head, "", "", true}), "fedcba");
  EXPECT_EQ(this->letters({family::head, "x", "", true}), "");
}

TYPED_TEST(Store, ShowsNothingOfAnEmptyRange) {
  this->writes_letters("abc");

  for (const bool backwards : {false, true}) {
    EXPECT_EQ(this->letters({family::head, "b", "b", backwards}), "");
    EXPECT_EQ(this->letters({family::head, "c", "a", backwards}), "");
    EXPECT_EQ(this->letters({family::log, "", "", backwards}), "");
  }
}

TYPED_TEST(Store, EndsAScanWhenItIsTold) {
  this->writes_letters("abcdef");

  EXPECT_EQ(this->letters({family::head, "", ""}, 2), "ab");
  EXPECT_EQ(this->letters({family::head, "", "", true}, 2), "fe");
}

TYPED_TEST(Store, ShowsRowsThatWereOverwrittenOnce) {
  for (int i = 0; i < 3; ++i) {
    this->writes({{family::head, "a", std::to_string(i)}, {family::head, "b", "", i % 2 == 0}});
  }

  EXPECT_THAT(this->shown({family::head, "", ""}), ElementsAre(Pair("a", "2")));
}

TYPED_TEST(Store, TakesARangeAwayAndNothingBeside) {
  this->writes_letters("abcdef");

  this->writes({{family::head, "b", "", true, "e"}, {family::head, "c", "c"}});

  EXPECT_EQ(this->letters({family::head, "", ""}), "acef") << "later rows hold over earlier ones";
  this->writes({{family::head, "x", "", true, "z"}});
  EXPECT_EQ(this->letters({family::head, "", ""}), "acef");
}

TYPED_TEST(Store, TakesBufferedWritesAndEmptySets) {
  this->writes({{family::cursor, "k", "v"}}, durability::buffered);
  this->writes({});

  EXPECT_EQ(this->value(family::cursor, "k"), "v");
  EXPECT_TRUE(this->kept().is_healthy());
}

}  // namespace
}  // namespace frontdesk
