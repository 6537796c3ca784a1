#include "node/log_book.hpp"

#include <gtest/gtest.h>

using namespace frontdesk;

TEST(LogBook, WritesFieldsBehindTheEvent) {
  EXPECT_EQ(log_line(log_format::console, log_level::info, "listening",
                     {{"port", "8080"}, {"why", "it was asked"}}, 0),
            "listening port=8080 why=\"it was asked\"");
}

TEST(LogBook, WritesALineOfJson) {
  EXPECT_EQ(log_line(log_format::json, log_level::warning, "store", {{"said", "a \"word\""}}, 7),
            R"({"time":7,"level":"warning","event":"store","said":"a \"word\""})");
}

TEST(LogBook, LetsNothingFromOutsideBeginALine) {
  EXPECT_EQ(log_line(log_format::console, log_level::error, "store", {{"said", "a\nb"}}, 0),
            "store said=\"a b\"");
}

TEST(LogBook, WritesBytesThatAreNotTextAsQuestionMarks) {
  EXPECT_EQ(log_line(log_format::json, log_level::error, "store", {{"said", "a\xff"}}, 7),
            R"({"time":7,"level":"error","event":"store","said":"a?"})");
}

TEST(LogBook, LeavesOutFieldsWithoutAName) {
  EXPECT_EQ(log_line(log_format::console, log_level::error, "failed", {{"", "x"}, {"id", "1"}}, 0),
            "failed id=1");
  EXPECT_EQ(log_line(log_format::json, log_level::error, "failed", {{"", "x"}}, 7),
            R"({"time":7,"level":"error","event":"failed"})");
  log_book log(log_level::error, log_format::console);
  log.info("failed", {{"", "x"}});
  EXPECT_TRUE(log.recent().after(0).at(0).fields.empty());
}

TEST(LogBook, RemembersWhatItLeavesOut) {
  log_book log(log_level::error, log_format::console);
  log.debug("looked");
  log.info("listening", {{"port", "8080"}});

  const auto kept = log.recent().after(0);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].name, "listening");
  EXPECT_EQ(kept[0].fields[0].second, "8080");
}
