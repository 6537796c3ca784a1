#include "net/websocket_codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <random>

namespace frontdesk {
namespace {

using kinds = websocket_event::kinds;
using code = websocket_close_code;
using std::string;
using std::string_view;

// An event that owns its bytes.
struct heard {
  kinds kind;
  string payload;
  code why = code::no_status;

  bool operator==(const heard&) const = default;
};

void PrintTo(const heard& event, std::ostream* out) {
  *out << int(event.kind) << ' ' << int(event.why) << ' ' << testing::PrintToString(event.payload);
}

using story = std::vector<heard>;

constexpr websocket_limits limits{.message_bytes_max = 70000, .fragments_max = 8};
constexpr bool more = false;
constexpr unsigned continuation = 0, text = 1, binary = 2, closing = 8, ping = 9, pong = 10;

string big_endian(std::uint64_t value, int size) {
  string out;
  for (int i = size - 1; i >= 0; --i)
    out += char(value >> (8 * i) & 0xff);
  return out;
}

string masked(string_view payload) {
  string out = "\x37\xfa\x21\x3d";
  for (const char byte : payload)
    out += char(byte ^ out[out.size() % 4]);
  return out;
}

string header(unsigned opcode, std::uint64_t size, bool is_final = true) {
  string out{char((is_final ? 0x80 : 0) | opcode)};
  if (size < 126) return out + char(0x80 | size);
  if (size < 65536) return out + '\xfe' + big_endian(size, 2);
  return out + '\xff' + big_endian(size, 8);
}

string frame(unsigned opcode, string_view payload, bool is_final = true) {
  return header(opcode, payload.size(), is_final) + masked(payload);
}

string close_payload(unsigned number, string_view reason = {}) {
  return big_endian(number, 2) + string(reason);
}

const heard bad_frame{kinds::failure, {}, code::protocol_error};
const heard bad_text{kinds::failure, {}, code::invalid_text};
const heard too_big{kinds::failure, {}, code::message_too_big};
const heard too_many{kinds::failure, {}, code::policy_violation};

// Hands in one piece, in a block of exactly its size, so that the sanitizer sees every overrun.
void hear_piece(websocket_codec& codec, string_view piece, story& out) {
  const auto block = std::make_unique<char[]>(piece.size());
  std::copy(piece.begin(), piece.end(), block.get());
  std::span<char> unread(block.get(), piece.size());
  for (auto event = codec.next(unread); event.kind != kinds::none; event = codec.next(unread)) {
    const bool is_failure = event.kind == kinds::failure;
    out.push_back({event.kind, string(is_failure ? "" : event.payload), event.code});
  }
  EXPECT_TRUE(unread.empty());
}

story hear(string_view stream, std::size_t piece_size = string_view::npos,
           websocket_limits bounds = limits) {
  websocket_codec codec(bounds);
  story out;
  for (; stream.size() > piece_size; stream.remove_prefix(piece_size))
    hear_piece(codec, stream.substr(0, piece_size), out);
  hear_piece(codec, stream, out);
  return out;
}

// The same events in one piece, byte by byte, and cut in two at every position.
void expect_however_cut(string_view stream, const story& expected) {
  ASSERT_EQ(hear(stream), expected);
  ASSERT_EQ(hear(stream, 1), expected);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    SCOPED_TRACE(testing::Message() << "cut at " << cut);
    websocket_codec codec(limits);
    story out;
    hear_piece(codec, stream.substr(0, cut), out);
    hear_piece(codec, stream.substr(cut), out);
    ASSERT_EQ(out, expected);
    ASSERT_EQ(codec.is_closed() ? 0 : codec.kept_bytes(), 0u);
  }
}

// `--gtest_random_seed=N` repeats a run.
unsigned chosen_seed() {
  const auto given = static_cast<unsigned>(GTEST_FLAG_GET(random_seed));
  return given != 0 ? given : std::random_device{}() % 99999 + 1;
}

string repeat(string_view part, std::size_t count) {
  string out;
  while (count-- > 0)
    out += part;
  return out;
}

TEST(WebsocketCodec, CutsMessagesOfEveryLengthForm) {
  for (const std::size_t size : {0, 1, 125, 126, 127, 128, 65535, 65536}) {
    SCOPED_TRACE(size);
    const string said = repeat("*", size);
    for (const std::size_t piece : {size + 20, std::size_t{997}, std::size_t{1}}) {
      EXPECT_EQ(hear(frame(text, said), piece), (story{{kinds::text, said}}));
      EXPECT_EQ(hear(frame(binary, said), piece), (story{{kinds::binary, said}}));
    }
  }
}

TEST(WebsocketCodec, UnmasksEveryLengthAtEveryAlignment) {
  for (std::size_t size = 0; size < 70; ++size) {
    const string said = repeat("an odd one", 7).substr(0, size);
    for (std::size_t shift = 0; shift < 8; ++shift) {
      string bytes = string(shift, '?') + frame(text, said);
      std::span<char> unread = std::span(bytes).subspan(shift);

      EXPECT_EQ(websocket_codec(limits).next(unread).payload, said);
    }
  }
}

TEST(WebsocketCodec, HandsOutAWholeFrameWhereItLies) {
  websocket_codec codec(limits);
  string bytes = frame(text, "hello") + frame(binary, "world");
  std::span<char> unread(bytes);

  const auto first = codec.next(unread);
  const auto second = codec.next(unread);

  EXPECT_EQ(first.payload.data(), bytes.data() + 6);
  EXPECT_EQ(second.payload.data(), bytes.data() + 17);
  EXPECT_EQ(string(first.payload) + string(second.payload), "helloworld");
  EXPECT_EQ(codec.kept_bytes(), 0u);
}

TEST(WebsocketCodec, PausesBehindAnyEventAndContinuesElsewhere) {
  websocket_codec codec(limits);
  const string rest = frame(ping, "2") + frame(continuation, "b") + frame(text, "c");
  string bytes = frame(text, "a", more) + frame(ping, "1") + rest;
  std::span<char> unread(bytes);

  EXPECT_EQ(codec.next(unread).payload, "1");
  ASSERT_EQ(string(unread.begin(), unread.end()), rest);
  story later;
  hear_piece(codec, rest, later);

  EXPECT_EQ(later, (story{{kinds::ping, "2"}, {kinds::text, "ab"}, {kinds::text, "c"}}));
}

TEST(WebsocketCodec, HoldsNoHeapBetweenMessages) {
  websocket_codec codec(limits);
  const string long_text = repeat("x", 5000);
  for (const auto& stream :
       {frame(text, long_text), frame(ping, "p"), frame(binary, "a", more) + frame(0, "b")}) {
    story out;
    for (const char byte : stream.substr(0, stream.size() - 1)) {
      hear_piece(codec, string_view(&byte, 1), out);
      EXPECT_TRUE(codec.is_within_message());
    }
    hear_piece(codec, stream.substr(stream.size() - 1), out);
    EXPECT_EQ(out.size(), 1u);
    EXPECT_EQ(codec.kept_bytes(), 0u);
    EXPECT_FALSE(codec.is_within_message());
  }
}

TEST(WebsocketCodec, KeepsWhatHasComeAndNotWhatIsAnnounced) {
  websocket_codec codec(limits);
  story out;
  hear_piece(codec, header(binary, 70000) + masked(""), out);
  for (std::size_t come = 4; come < 70000; come += 4) {
    hear_piece(codec, "four", out);
    ASSERT_LE(codec.kept_bytes(), std::clamp<std::size_t>(2 * come, 256, 70000 + 125));
  }
}

TEST(WebsocketCodec, GivesOutPingsAndPongsAmongMessages) {
  const string full = repeat("\xfe", 125);
  expect_however_cut(
      frame(ping, "") + frame(text, "a", more) + frame(pong, "unasked") + frame(0, "b", more) +
          frame(ping, full) + frame(0, "c"),
      {{kinds::ping, ""}, {kinds::pong, "unasked"}, {kinds::ping, full}, {kinds::text, "abc"}});
}

TEST(WebsocketCodec, JoinsFragmentsOfAnySize) {
  const string part = repeat("\xce\xba", 70);
  expect_however_cut(frame(text, "", more) + frame(0, "mid", more) + frame(0, ""),
                     {{kinds::text, "mid"}});
  expect_however_cut(frame(binary, "", more) + frame(0, "\xff") + frame(text, part, more) +
                         frame(0, part) + frame(text, "z"),
                     {{kinds::binary, "\xff"}, {kinds::text, part + part}, {kinds::text, "z"}});
}

TEST(WebsocketCodec, RefusesWhatBreaksTheFraming) {
  const std::vector<std::pair<string, string>> cases = {
      {"unmasked", "\x81\x01z"},
      {"unmasked and empty", string("\x81\x00", 2)},
      {"fragmented ping", frame(ping, "p", more)},
      {"fragmented close", frame(closing, "", more)},
      {"ping of 126", frame(ping, repeat("x", 126))},
      {"pong of 65536", frame(pong, repeat("x", 65536))},
      {"close of 126", frame(closing, close_payload(1000, repeat("x", 124)))},
      {"125 in two bytes", "\x82\xfe" + big_endian(125, 2) + masked(repeat("x", 125))},
      {"0 in two bytes", "\x82\xfe" + big_endian(0, 2) + masked("")},
      {"65535 in eight bytes", "\x82\xff" + big_endian(65535, 8) + masked(repeat("x", 65535))},
      {"the length's top bit", "\x82\xff" + big_endian(std::uint64_t{1} << 63, 8) + masked("")},
      {"continuation of nothing", frame(continuation, "x")},
      {"text within text", frame(text, "a", more) + frame(text, "b")},
      {"binary within text", frame(text, "a", more) + frame(binary, "b", more)},
      {"text within an empty fragment", frame(text, "", more) + frame(text, "")},
  };
  for (const auto& [name, stream] : cases) {
    EXPECT_EQ(hear(stream + frame(text, "never read")), story{bad_frame}) << name;
    EXPECT_EQ(hear(stream + frame(text, "never read"), 1), story{bad_frame}) << name;
  }
}

TEST(WebsocketCodec, RefusesReservedBitsAndOpcodesBeforeTheRestOfTheHeader) {
  for (unsigned first = 0; first <= 0xff; ++first) {
    const unsigned opcode = first & 0x0f;
    const bool is_known = opcode <= binary || (opcode >= closing && opcode <= pong);
    if ((first & 0x70) == 0 && is_known) continue;

    EXPECT_EQ(hear(frame(text, "a") + char(first) + '\x81'), (story{{kinds::text, "a"}, bad_frame}))
        << first;
  }
}

TEST(WebsocketCodec, RefusesWhatIsTooBigByItsHeaderAlone) {
  const string most = repeat("x", 70000);
  const auto huge = ~std::uint64_t{0} >> 1;
  EXPECT_EQ(hear(frame(binary, most)), (story{{kinds::binary, most}}));
  EXPECT_EQ(hear(header(binary, 70001) + "mask"), story{too_big});
  EXPECT_EQ(hear(header(binary, huge) + "mask"), story{too_big});
  EXPECT_EQ(hear(frame(text, most, more) + header(0, 1) + "mask"), story{too_big});
  EXPECT_EQ(hear(frame(text, "x", more) + header(0, huge) + "mask"), story{too_big});
  EXPECT_EQ(hear(frame(text, most, more) + frame(ping, "p") + frame(0, "")),
            (story{{kinds::ping, "p"}, {kinds::text, most}}));
}

TEST(WebsocketCodec, ObeysALimitThatIsChangedOnTheWay) {
  websocket_codec codec({.message_bytes_max = 4, .fragments_max = 2});
  story out;

  codec.limit_messages(10);
  hear_piece(codec, frame(text, "0123456789") + frame(text, "01234", more), out);
  codec.limit_messages(4);
  hear_piece(codec, header(0, 0) + "mask", out);

  EXPECT_EQ(out, (story{{kinds::text, "0123456789"}, too_big}));
}

TEST(WebsocketCodec, RefusesMoreFragmentsThanAllowed) {
  const string seven = frame(text, "", more) + repeat(frame(0, "", more), 6);
  expect_however_cut(seven + frame(0, "") + seven + frame(0, "x"),
                     {{kinds::text, ""}, {kinds::text, "x"}});
  expect_however_cut(seven + frame(ping, "") + frame(0, "", more) + frame(0, ""),
                     {{kinds::ping, ""}, too_many});
}

TEST(WebsocketCodec, ReadsACloseAndNothingAfterIt) {
  const string reason = repeat("x", 123);
  const string after = frame(ping, "never read") + "\xff\xff";
  expect_however_cut(frame(closing, "") + after, {{kinds::close, "", code::no_status}});
  expect_however_cut(frame(closing, close_payload(1000)) + after,
                     {{kinds::close, "", code::normal}});
  expect_however_cut(frame(text, "a", more) + frame(closing, close_payload(1000, reason)) + after,
                     {{kinds::close, reason, code::normal}});
}

TEST(WebsocketCodec, KnowsWhichCloseCodesMayBeSent) {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const bool is_allowed = (number >= 1000 && number <= 1003) ||
                            (number >= 1007 && number <= 1014) ||
                            (number >= 3000 && number <= 4999);
    const story expected =
        is_allowed ? story{{kinds::close, "why", code(number)}} : story{bad_frame};
    ASSERT_EQ(hear(frame(closing, close_payload(number, "why"))), expected) << number;
  }
}

TEST(WebsocketCodec, RefusesAMalformedClose) {
  expect_however_cut(frame(closing, "\x03"), {bad_frame});
  expect_however_cut(frame(closing, close_payload(1000, "\xce")), {bad_text});
  expect_however_cut(frame(closing, close_payload(1000, "ok \xed\xa0\x80")), {bad_text});
}

// clang-format off
const std::vector<string> valid_texts = {
    "", string("\0", 1), "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
    "\xee\x80\x80", "\xef\xbf\xbd", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
    "\xf0\x9f\xbf\xbf", "\xf4\x8f\xbf\xbf", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
    "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4-UTF-8!! \xf0\x9f\x98\x80 more ascii \xe2\x82\xac"};

struct broken_text {
  string bytes;
  std::size_t broken_at;  // the first byte that nothing can mend; the size: it is truncated
};

const std::vector<broken_text> broken_texts = {
    {"\x80", 0}, {"\xbf", 0}, {"\x80\xbf", 0}, {"abcdefgh\x80", 8}, {"abcdefghijk\xff", 11},
    {"\xfe", 0}, {"\xfe\xfe\xff\xff", 0}, {"\xc0\xaf", 0}, {"\xc1\xbf", 0}, {"\xe0\x80\xaf", 1},
    {"\xe0\x9f\xbf", 1}, {"\xf0\x80\x80\xaf", 1}, {"\xf0\x8f\xbf\xbf", 1},
    {"\xf8\x80\x80\x80\xaf", 0}, {"\xfc\x80\x80\x80\x80\xaf", 0}, {"\xf8\x88\x80\x80\x80", 0},
    {"\xfc\x84\x80\x80\x80\x80", 0}, {"\xed\xa0\x80", 1}, {"\xed\xbf\xbf", 1},
    {"\xed\xa0\x80\xed\xb0\x80", 1}, {"\xf4\x90\x80\x80", 1}, {"\xf5\x80\x80\x80", 0}, {"\xc3 ", 1},
    {"\xe2\x82 ", 2}, {"\xf0\x9f\x98 ", 3}, {"\xc3\xc3", 1}, {"\xe2\xe2", 1},
    {"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80" "edited", 12},
    {"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80" "edited", 12}, {"\xc3", 1},
    {"\xe2\x82", 2}, {"\xf0\x9f", 2}, {"\xf0\x9f\x98", 3}, {"eight ascii \xce", 13}};
// clang-format on

TEST(WebsocketCodec, AcceptsValidTextHoweverFragmented) {
  for (const auto& said : valid_texts) {
    for (std::size_t cut = 0; cut <= said.size(); ++cut) {
      expect_however_cut(
          frame(text, said.substr(0, cut), more) + frame(ping, "") + frame(0, said.substr(cut)),
          {{kinds::ping, ""}, {kinds::text, said}});
    }
  }
}

TEST(WebsocketCodec, RefusesBrokenTextHoweverFragmented) {
  for (const auto& [said, _] : broken_texts) {
    expect_however_cut(frame(text, said) + frame(ping, ""), {bad_text});
    for (std::size_t cut = 0; cut <= said.size(); ++cut) {
      const string first = said.substr(0, cut);
      expect_however_cut(frame(text, first, more) + frame(0, said.substr(cut)), {bad_text});
    }
  }
}

TEST(WebsocketCodec, RefusesBrokenTextAtItsFirstWrongByte) {
  for (const auto& [bytes, broken_at] : broken_texts) {
    SCOPED_TRACE(testing::PrintToString(bytes));
    const string stream = header(text, 1000) + masked(bytes);
    const std::size_t bad_byte = stream.size() - bytes.size() + broken_at;

    EXPECT_EQ(hear(stream.substr(0, bad_byte)), story{});
    if (broken_at == bytes.size()) continue;
    EXPECT_EQ(hear(stream.substr(0, bad_byte + 1)), story{bad_text});
  }
}

string random_message(std::mt19937& random, story& expected) {
  const bool is_text = random() % 2 == 0;
  const string said = is_text ? repeat(valid_texts[random() % valid_texts.size()], random() % 9)
                              : repeat(string(1, char(random())), random() % 300);
  string out;
  string_view rest = said;
  unsigned opcode = is_text ? text : binary;
  for (auto left = random() % 4; left > 0; --left, opcode = continuation) {
    const std::size_t size = random() % (rest.size() + 1);
    out += frame(opcode, rest.substr(0, size), more) + frame(ping, "beat");
    rest.remove_prefix(size);
    expected.push_back({kinds::ping, "beat"});
  }
  expected.push_back({is_text ? kinds::text : kinds::binary, said});
  return out + frame(opcode, rest);
}

TEST(WebsocketCodec, HearsTheSameHoweverAStreamIsCut) {
  const unsigned seed = chosen_seed();
  SCOPED_TRACE(testing::Message() << "--gtest_random_seed=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 30; ++round) {
    string stream;
    story expected;
    for (auto left = 1 + random() % 5; left > 0; --left)
      stream += random_message(random, expected);

    expect_however_cut(stream, expected);
  }
}

TEST(WebsocketCodec, SurvivesDamagedStreamsWithinItsLimits) {
  const unsigned seed = chosen_seed();
  SCOPED_TRACE(testing::Message() << "--gtest_random_seed=" << seed);
  std::mt19937 random(seed);
  const websocket_limits tight{.message_bytes_max = 600, .fragments_max = 4};
  for (int round = 0; round < 20000; ++round) {
    story undamaged;
    string stream = random_message(random, undamaged) + random_message(random, undamaged);
    if (round % 4 == 0) std::generate(stream.begin(), stream.end(), [&] { return random(); });
    for (auto left = random() % 4; left > 0; --left)
      stream[random() % stream.size()] ^= random();

    websocket_codec codec(tight);
    story out;
    for (std::size_t at = 0, size = 0; at < stream.size(); at += size) {
      size = std::min<std::size_t>(1 + random() % 40, stream.size() - at);
      hear_piece(codec, string_view(stream).substr(at, size), out);
      ASSERT_LE(codec.kept_bytes(), 600u + 125u);
    }

    ASSERT_EQ(out, hear(stream, string_view::npos, tight));
    for (const auto& event : out)
      ASSERT_LE(event.payload.size(), 600u);
  }
}

TEST(WebsocketFrameHeader, HasTheShortestForm) {
  const std::vector<std::pair<std::uint64_t, string>> golden = {
      {0, string("\x82\x00", 2)},
      {125, "\x82\x7d"},
      {126, string("\x82\x7e\x00\x7e", 4)},
      {65535, "\x82\x7e\xff\xff"},
      {65536, string("\x82\x7f\0\0\0\0\0\x01\0\0", 10)},
      {0x0102030405060708, "\x82\x7f\x01\x02\x03\x04\x05\x06\x07\x08"},
  };
  for (const auto& [size, bytes] : golden) {
    string out = "before";
    append_frame_header(out, websocket_opcode::binary, size);

    EXPECT_EQ(out, "before" + bytes) << size;
    EXPECT_EQ(frame_header(websocket_opcode::binary, size).view(), bytes) << size;
  }
  EXPECT_EQ(frame_header(websocket_opcode::pong, 125).view(), "\x8a\x7d");
}

TEST(WebsocketCloseFrame, CarriesCodeAndReason) {
  string out;
  append_close_frame(out, code::no_status, "not said");
  append_close_frame(out, code::normal, "");
  append_close_frame(out, code(4001), "why");

  EXPECT_EQ(out, string("\x88\x00\x88\x02\x03\xe8\x88\x05\x0f\xa1why", 13));
}

TEST(WebsocketCloseFrame, CutsTheReasonBetweenCodePoints) {
  for (std::size_t ascii = 115; ascii <= 124; ++ascii) {
    const string reason = repeat("a", ascii) + repeat("\xf0\x9f\x98\x80", 3);
    string out;
    append_close_frame(out, code::normal, reason);

    const auto sent = string_view(out).substr(4);
    EXPECT_EQ(std::size_t(out[1]), sent.size() + 2);
    EXPECT_TRUE(is_utf8(sent) && reason.starts_with(sent)) << ascii;
    EXPECT_TRUE(sent.size() <= 123 && sent.size() >= 120) << ascii;
  }
}

}  // namespace
}  // namespace frontdesk
