#include "bench/corpus.hpp"

#include <gmock/gmock.h>

namespace frontdesk::bench {
namespace {

using testing::HasSubstr;

std::vector<dialogue> read(std::string_view text) {
  return std::get<std::vector<dialogue>>(dialogues_of(text));
}

std::string complaint(std::string_view text) {
  const auto read = dialogues_of(text);
  const auto* const why = std::get_if<std::string>(&read);
  return why == nullptr ? std::string() : *why;
}

TEST(Corpus, ReadsALineForEachDialogue) {
  const auto all =
      read(R"({"id":"d1","turns":[{"by":"visitor","text":"你好"},{"by":"agent","text":"您好！"}]})"
           "\n\n"
           R"({"turns":[{"by":"visitor","text":"hi","lang":"en"}]})");

  ASSERT_EQ(all.size(), 2U);
  ASSERT_EQ(all[0].turns.size(), 2U);
  EXPECT_EQ(all[0].turns[0].text, "你好");
  EXPECT_FALSE(all[0].turns[0].is_agents);
  EXPECT_TRUE(all[0].turns[1].is_agents);
}

TEST(Corpus, LetsAVisitorOpen) {
  const auto all = read(R"({"turns":[{"by":"agent","text":"hello"}]})");

  ASSERT_EQ(all[0].turns.size(), 2U);
  EXPECT_FALSE(all[0].turns[0].is_agents);
  EXPECT_EQ(all[0].turns[1].text, "hello");
}

TEST(Corpus, NamesTheLineThatIsNone) {
  const std::string good = R"({"turns":[{"by":"visitor","text":"hi"}]})";

  EXPECT_THAT(complaint(good + "\n{\"turns\":[]}"), HasSubstr("Line 2"));
  EXPECT_THAT(complaint("not json"), HasSubstr("no turns"));
  EXPECT_THAT(complaint("[]"), HasSubstr("no turns"));
  EXPECT_THAT(complaint(R"({"turns":[{"by":"bot","text":"hi"}]})"), HasSubstr("nobody"));
  EXPECT_THAT(complaint(R"({"turns":[7]})"), HasSubstr("nobody"));
  EXPECT_THAT(complaint(R"({"turns":[{"by":"agent","text":" \n"}]})"), HasSubstr("empty"));
  EXPECT_THAT(complaint(R"({"turns":[{"by":"agent"}]})"), HasSubstr("empty"));
  EXPECT_THAT(complaint(R"({"turns":[{"by":"agent","text":")" + std::string(32769, 'x') + "\"}]}"),
              HasSubstr("too long"));
  EXPECT_THAT(complaint("\n \n"), HasSubstr("no dialogue"));
}

TEST(Corpus, ReadsSoManyTurnsAtMost) {
  std::string line = R"({"turns":[{"by":"visitor","text":"hi"})";
  for (std::size_t i = 0; i < turns_max + 5; ++i)
    line += R"(,{"by":"agent","text":"hi"})";

  EXPECT_EQ(read(line + "]}").at(0).turns.size(), turns_max);
}

}  // namespace
}  // namespace frontdesk::bench
