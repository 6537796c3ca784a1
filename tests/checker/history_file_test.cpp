#include "tests/checker/history_file.hpp"

#include "tests/checker/random_desk.hpp"
#include "tests/checker/story.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <string>
#include <utility>

namespace frontdesk::checker {

namespace {

std::string written(const history& seen) {
  std::ostringstream out;
  EXPECT_TRUE(write_history(seen, out));
  return out.str();
}

/// The fault of a file as "line: sentence", empty if there is none.
std::string fault_of(const std::string& text) {
  std::istringstream in{text};
  history seen;
  const auto fault = read_history(in, seen);
  return fault ? std::to_string(fault->line) + ": " + fault->sentence : "";
}

/// The fault of a file with one observation.
std::string fault_of_line(const std::string& line) {
  return fault_of(std::string{history_header} + "\n" + line + "\n");
}

}  // namespace

TEST(HistoryFile, HasALineForEachObservation) {
  story told;
  told.sends("v1/phone", 1, "a").acks("v1/phone", 1, "a", 1);
  told.refuses("v1/phone", 2, "a", refusal_kind::final);
  told.shows_own("v1/phone", 1, 1, "a").delivers("a1/desk", 1, "a");
  told.stores(1, "v1/phone", 1, "a").stores_system_event(2, "a");
  told.in("c1", track_kind::internal).starts("a1/desk", 3);
  told.restarts("a1/desk", positions_kind::dropped).catches_up("a1/desk");
  told.tells("a1/desk", "v1", cursor_kind::read, 1).deletes(1);

  EXPECT_EQ(
      written(told.told()),
      R"({"kind":"history","version":1}
{"kind":"post_sent","conversation":"c1","track":"public","person":"v1","device":"phone","n":1,)"
      R"("hash":"af63dc4c8601ec8c","at":1}
{"kind":"post_acked","conversation":"c1","track":"public","person":"v1","device":"phone","n":1,)"
      R"("hash":"af63dc4c8601ec8c","seq":1,"at":2}
{"kind":"post_refused","conversation":"c1","track":"public","person":"v1","device":"phone","n":2,)"
      R"("hash":"af63dc4c8601ec8c","refusal":"final","at":3}
{"kind":"event_shown","reader_person":"v1","reader_device":"phone","conversation":"c1",)"
      R"("track":"public","seq":1,"hash":"af63dc4c8601ec8c","person":"v1","device":"phone","n":1,)"
      R"("at":4}
{"kind":"event_delivered","reader_person":"a1","reader_device":"desk","conversation":"c1",)"
      R"("track":"public","seq":1,"hash":"af63dc4c8601ec8c","at":5}
{"kind":"event_stored","conversation":"c1","track":"public","seq":1,"hash":"af63dc4c8601ec8c",)"
      R"("person":"v1","device":"phone","n":1}
{"kind":"event_stored","conversation":"c1","track":"public","seq":2,"hash":"af63dc4c8601ec8c",)"
      R"("system":true}
{"kind":"reader_started","reader_person":"a1","reader_device":"desk","conversation":"c1",)"
      R"("track":"internal","after":3,"at":6}
{"kind":"reader_restarted","reader_person":"a1","reader_device":"desk","positions":"dropped",)"
      R"("at":7}
{"kind":"reader_caught_up","reader_person":"a1","reader_device":"desk","conversation":"c1",)"
      R"("track":"internal","at":8}
{"kind":"cursor_reported","reader_person":"a1","reader_device":"desk","person":"v1",)"
      R"("conversation":"c1","track":"internal","cursor":"read","seq":1,"at":9}
{"kind":"message_deleted","conversation":"c1","track":"internal","seq":1,"at":10}
)");
}

TEST(HistoryFile, ReadsBackWhatItWrote) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const history seen = random_honest_history(seed, 500).bound();
    std::istringstream in{written(seen)};

    history read;
    ASSERT_FALSE(read_history(in, read)) << "seed " << seed;

    ASSERT_EQ(written(read), written(seen)) << "seed " << seed;
  }
}

TEST(HistoryFile, CarriesAnyNameAndNumber) {
  history seen;
  const auto conversation = seen.conversation("a \"quoted\" \\ name\n\x01 包裹 📦");
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr auto earliest = std::numeric_limits<std::int64_t>::min();
  seen.add(message_deleted{conversation, track_kind::public_, {most}, {earliest}});
  std::istringstream in{written(seen)};

  history read;
  ASSERT_FALSE(read_history(in, read));

  const auto& deleted = std::get<message_deleted>(read.observations().at(0));
  EXPECT_EQ(read.name_of(deleted.conversation), seen.name_of(conversation));
  EXPECT_EQ(deleted.seq.value, most);
  EXPECT_EQ(deleted.at.value, earliest);
}

TEST(HistoryFile, CarriesTheLongestNames) {
  const std::string longest(history::name_bytes_max, '\x01');
  history seen;
  const auto conversation = seen.conversation(longest);
  const auto device = seen.device(longest, longest);
  seen.add(event_shown{device, {conversation, {}, {1}, authorship{device, {1}}, {}}, {}});
  std::istringstream in{written(seen)};

  history read;

  EXPECT_FALSE(read_history(in, read));
  EXPECT_EQ(written(read), written(seen));
}

TEST(HistoryFile, IsReadAsOtherLanguagesWriteIt) {
  const std::string line =
      "{ \"at\": 3, \"kind\": \"message_deleted\", \"seq\": 1,\t\"track\": \"public\", "
      "\"conversation\": \"\\u5305\\ud83d\\udce6\\/\\t\" }\r\n";
  std::istringstream in{std::string{history_header} + "\r\n" + line};

  history read;
  ASSERT_FALSE(read_history(in, read));

  EXPECT_EQ(read.name_of(conversation_id{0}), "包📦/\t");
}

TEST(HistoryFile, AddsToWhatWasReadBefore) {
  story visitor;
  visitor.sends("v1/phone", 1, "hello").acks("v1/phone", 1, "hello", 1);
  story desk;
  desk.stores(1, "v1/phone", 1, "hello");
  std::istringstream first{written(desk.told())};
  std::istringstream second{written(visitor.told())};

  history whole;
  ASSERT_FALSE(read_history(first, whole));
  ASSERT_FALSE(read_history(second, whole));

  EXPECT_EQ(check(whole).seen.acked, 1u);
  EXPECT_TRUE(check(whole).is_clean());
}

TEST(HistoryFile, MayHoldNoObservations) {
  EXPECT_EQ(fault_of(std::string{history_header} + "\n"), "");
}

TEST(HistoryFile, BeginsWithItsHeader) {
  EXPECT_EQ(fault_of(""), "1: the line does not end");
  EXPECT_EQ(fault_of("{\"kind\":\"history\",\"version\":2}\n"), "1: only version 1 is known");
  EXPECT_EQ(fault_of("{\"kind\":\"story\",\"version\":1}\n"),
            "1: the first line is not the header of a history");
}

TEST(HistoryFile, RefusesALineThatWasCutOff) {
  const std::string whole = written(random_honest_history(1, 50).bound());
  const std::string header = std::string{history_header} + "\n";
  const std::size_t second_line = whole.find('\n', header.size()) + 1;

  for (std::size_t end = header.size() + 1; end < second_line; ++end)
    ASSERT_EQ(fault_of(whole.substr(0, end)), "2: the line does not end") << end;
}

TEST(HistoryFile, RefusesALineWithoutEnd) {
  EXPECT_EQ(fault_of_line(std::string(line_bytes_max + 1, ' ')), "2: longer than 16384 bytes");
  EXPECT_EQ(fault_of_line(std::string(line_bytes_max, ' ')), "2: not a JSON object");
}

TEST(HistoryFile, RefusesAFileThatCannotBeRead) {
  std::istringstream in;
  in.setstate(std::ios::failbit);

  history read;
  const auto fault = read_history(in, read);

  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->sentence, "the file cannot be read");
}

TEST(HistoryFile, SaysWhenItCouldNotBeWritten) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);

  EXPECT_FALSE(write_history(history{}, out));
}

TEST(HistoryFile, RefusesWhatIsNotInTheFormat) {
  const std::string place = R"("conversation":"c1","track":"public")";
  const std::string deleted = R"({"kind":"message_deleted",)" + place;
  const std::string stored =
      R"({"kind":"event_stored",)" + place + R"(,"seq":1,"hash":"00000000000000aa")";
  ASSERT_EQ(fault_of_line(deleted + R"(,"seq":1,"at":-1})"), "");
  ASSERT_EQ(fault_of_line(stored + R"(,"system":true})"), "");

  const std::pair<std::string, std::string> broken[] = {
      {"", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"{}", "a key is broken"},
      {R"({"kind":"gossip"})", "\"gossip\" is no kind of observation"},
      {deleted + R"(,"seq":1})", "\"at\" is missing"},
      {deleted + R"(,"seq":1,"at":1)", "the object does not end"},
      {deleted + R"(,"seq":1,"at":1}{)", "something follows the object"},
      {deleted + R"(,"seq":1,"at":1,})", "a key is broken"},
      {deleted + R"(,"seq":1,"at":1,"n":1})", "\"n\" does not belong here"},
      {deleted + R"(,"seq":1,"seq":1,"at":1})", "\"seq\" stands twice"},
      {deleted + R"(,"seq":-1,"at":1})", "\"seq\" is out of range"},
      {deleted + R"(,"seq":18446744073709551616,"at":1})", "\"seq\" is out of range"},
      {deleted + R"(,"seq":"1","at":1})", "\"seq\" has a value of the wrong kind"},
      {deleted + R"(,"seq":01,"at":1})", "\"seq\" has neither a string, an integer nor true"},
      {deleted + R"(,"seq":1.5,"at":1})", "the object does not end"},
      {deleted + R"(,"seq":null,"at":1})", "\"seq\" has neither a string, an integer nor true"},
      {stored + "}", "\"system\" is missing"},
      {stored + R"(,"system":true,"n":1})", "\"person\" is missing"},
      {stored + R"(,"person":"v1","device":"d","n":1,"system":true})",
       "\"system\" does not belong here"},
      {stored + R"(,"person":"","device":"d","n":1})",
       "\"person\" is not a name of 1 to 256 bytes"},
      {R"({"kind":"message_deleted","track":"secret","conversation":"c","seq":1,"at":1})",
       "\"track\" is neither public nor internal"},
      {R"({"kind":"event_stored",)" + place + R"(,"seq":1,"hash":"AA","system":true})",
       "\"hash\" is not 16 lower-case hexadecimal digits"},
      {R"({"kind":"\ud83d"})", "\"kind\" has neither a string, an integer nor true"},
      {R"({"kind":"\udce6"})", "\"kind\" has neither a string, an integer nor true"},
      {R"({"kind":"\ud83d\u0041"})", "\"kind\" has neither a string, an integer nor true"},
      {R"({"kind":"\x41"})", "\"kind\" has neither a string, an integer nor true"},
      {"{\"kind\":\"a\tb\"}", "\"kind\" has neither a string, an integer nor true"},
  };
  for (const auto& [line, fault] : broken)
    EXPECT_EQ(fault_of_line(line), "2: " + fault) << line;
}

}  // namespace frontdesk::checker
