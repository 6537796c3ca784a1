#include "model/chat.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::string_literals;
using enum fault_code;

std::uint32_t hash_of(track where, std::string text) {
  post said;
  said.where = where;
  said.text = std::move(text);
  return content_hash(said);
}

struct text_row {
  std::string text;
  fault_code fault;
};

TEST(TextFault, SaysWhyATextMayNotBePosted) {
  const std::vector<text_row> rows = {
      {"x", none},
      {" x ", none},
      {"where is my parcel?", none},
      {"two\r\nlines\tand a tab", none},
      {"在哪里 🙂 é", none},
      {"\u200b", none},
      {"", empty_text},
      {" ", empty_text},
      {"\t", empty_text},
      {" \r\n\t ", empty_text},
      {"\0"s, text_not_clean},
      {"a\0b"s, text_not_clean},
      {"a\x01", text_not_clean},
      {"\x1b[31mred", text_not_clean},
      {"form\ffeed", text_not_clean},
      {"vertical\vtab", text_not_clean},
      {"a\bb", text_not_clean},
      {"a\x1f", text_not_clean},
      {"a\x7f", text_not_clean},
      {std::string(limits::text_bytes_max, 'x'), none},
      {std::string(limits::text_bytes_max, '\n'), empty_text},
      {std::string(limits::text_bytes_max + 1, 'x'), text_too_long},
      {std::string(limits::text_bytes_max + 1, ' '), text_too_long},
      {std::string(limits::text_bytes_max + 1, '\0'), text_too_long},
  };
  for (const text_row& row : rows) {
    EXPECT_EQ(text_fault(row.text), row.fault) << row.text.substr(0, 40);
  }
}

TEST(CutText, KeepsWhatFits) {
  EXPECT_EQ(cut_text("", 0), "");
  EXPECT_EQ(cut_text("", 5), "");
  EXPECT_EQ(cut_text("parcel", 6), "parcel");
  EXPECT_EQ(cut_text("parcel", 600), "parcel");
  EXPECT_EQ(cut_text("parcel", 3), "par");
  EXPECT_EQ(cut_text("parcel", 0), "");
}

TEST(CutText, CutsNoCharacter) {
  const std::vector<std::string_view> characters = {"x", "é", "中", "🙂"};
  for (const std::string_view character : characters) {
    std::string text;
    for (int i = 0; i < 5; ++i)
      text += character;
    for (std::size_t bytes_max = 0; bytes_max <= text.size() + 1; ++bytes_max) {
      const std::size_t fit = std::min(bytes_max, text.size()) / character.size();
      EXPECT_EQ(cut_text(text, bytes_max), text.substr(0, fit * character.size()))
          << character << " at " << bytes_max;
    }
  }
}

TEST(CutText, IsAPrefixOfMixedText) {
  const std::string text = "aé中🙂b";
  const std::vector<std::string_view> prefixes = {
      "", "a", "a", "aé", "aé", "aé", "aé中", "aé中", "aé中", "aé中", "aé中🙂", "aé中🙂b"};
  for (std::size_t bytes_max = 0; bytes_max < prefixes.size(); ++bytes_max) {
    EXPECT_EQ(cut_text(text, bytes_max), prefixes[bytes_max]) << bytes_max;
  }
}

TEST(ContentHash, DiffersWithTextAndTrack) {
  const std::vector<std::string> texts = {
      "",
      "\0"s,
      "\0\0"s,
      " ",
      "a",
      "b",
      "ab",
      "ba",
      "abcdefgh",
      "abcdefgi",
      "bbcdefgh",
      "abcdefgha",
      "abcdefgh\0"s,
      "abcdefghabcdefgh",
      "hgfedcba",
      "abcdefgh ",
      "Abcdefgh",
  };
  std::set<std::uint32_t> hashes;
  for (const std::string& text : texts) {
    hashes.insert(hash_of(track::visible, text));
    hashes.insert(hash_of(track::internal, text));
  }
  EXPECT_EQ(hashes.size(), 2 * texts.size());
}

TEST(ContentHash, NoticesEveryBit) {
  const std::string text = "where is my parcel? it was due on tuesday";
  const std::uint32_t hash = hash_of(track::visible, text);
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    EXPECT_NE(hash_of(track::visible, other), hash) << bit;
  }
}

// Hashes lie in stored windows: were they computed otherwise, every repeated post would be a
// conflict.
TEST(ContentHash, IsTheSameForEver) {
  EXPECT_EQ(hash_of(track::visible, ""), 1581361928U);
  EXPECT_EQ(hash_of(track::visible, "where is my parcel?"), 1264434576U);
  EXPECT_EQ(hash_of(track::internal, "where is my parcel?"), 2923609290U);
  EXPECT_EQ(hash_of(track::visible, "在哪里"), 2758884682U);
}

TEST(Post, IsKnownAgainWithoutItsContent) {
  post said;
  said.conversation = conversation_id{7};
  said.author = {person_kind::visitor, 1};
  said.device = {1, 2};
  said.n = post_number{3};
  said.text = "where is my parcel?";
  said.reply_to = sequence{1};
  said.edits = sequence{2};
  said.file.emplace().id = {3, 4};

  const post left = without_content(said);

  EXPECT_EQ(content_hash(left), content_hash(said));
  EXPECT_EQ(left.author, said.author);
  EXPECT_EQ(left.device, said.device);
  EXPECT_EQ(left.n, said.n);
  EXPECT_TRUE(left.text.empty() && !left.file && !left.reply_to && !left.target());
}

TEST(Head, ExistsFromItsFirstEventOn) {
  head h;
  EXPECT_FALSE(h.exists());

  h.visible = sequence{1};
  EXPECT_TRUE(h.exists());
}

TEST(Head, HasALastSequenceInEachTrack) {
  head h;
  h.visible = sequence{12};
  h.internal = sequence{2};

  EXPECT_EQ(h.last_of(track::visible), sequence{12});
  EXPECT_EQ(h.last_of(track::internal), sequence{2});
}

TEST(PostWindow, EndsWithItsLastAnswer) {
  post_window window;
  EXPECT_EQ(window.last(), post_number{});

  window.answers = {{post_number{7}, 0, sequence{1}, track::visible, timestamp{}, none},
                    {post_number{8}, 0, sequence{2}, track::visible, timestamp{}, none}};
  EXPECT_EQ(window.last(), post_number{8});
}

TEST(Names, OfStatusesAndTracksAreThoseOfTheWire) {
  EXPECT_EQ(name_of(conversation_status::queued), "queued");
  EXPECT_EQ(name_of(conversation_status::bot), "bot");
  EXPECT_EQ(name_of(conversation_status::assigned), "assigned");
  EXPECT_EQ(name_of(conversation_status::snoozed), "snoozed");
  EXPECT_EQ(name_of(conversation_status::closed), "closed");
  EXPECT_EQ(name_of(track::visible), "public");
  EXPECT_EQ(name_of(track::internal), "internal");
}

// Stored numbers never change.
TEST(Numbers, OfStatusesAndTracksAreTheStoredOnes) {
  EXPECT_EQ(static_cast<int>(conversation_status::queued), 1);
  EXPECT_EQ(static_cast<int>(conversation_status::bot), 2);
  EXPECT_EQ(static_cast<int>(conversation_status::assigned), 3);
  EXPECT_EQ(static_cast<int>(conversation_status::snoozed), 4);
  EXPECT_EQ(static_cast<int>(conversation_status::closed), 5);
  EXPECT_EQ(static_cast<int>(track::visible), 1);
  EXPECT_EQ(static_cast<int>(track::internal), 2);
}

}  // namespace
}  // namespace frontdesk
