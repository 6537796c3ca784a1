#include "wire/record.hpp"

#include "model/limits.hpp"
#include "tests/wire/golden.hpp"
#include "tests/wire/samples.hpp"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <limits>

namespace frontdesk {
namespace {

using samples::noon;
using samples::parcel;

template <class Value>
using from_bytes = std::optional<Value> (*)(std::string_view);

/// The value has these bytes, and these bytes are this value.
template <class Value>
void expect_golden(std::string_view name, const Value& value, from_bytes<Value> read) {
  golden::expect_bytes(name, to_bytes(value));
  EXPECT_EQ(read(golden::bytes_of(name)), value) << name;
}

TEST(Record, KeepsItsBytesAsAnEvent) {
  expect_golden("event_message.hex", samples::event_of(event_kind::message), event_from_bytes);
  expect_golden("event_transferred.hex", samples::event_of(event_kind::transferred),
                event_from_bytes);
  expect_golden("event_returned.hex", samples::event_of(event_kind::returned), event_from_bytes);
  expect_golden("event_note.hex", samples::note(), event_from_bytes);
  expect_golden("event_edited.hex", samples::event_of(event_kind::edited), event_from_bytes);
  expect_golden("event_deleted.hex", samples::event_of(event_kind::deleted), event_from_bytes);
  expect_golden("event_file.hex", samples::picture(), event_from_bytes);
  event changed = samples::taken_back();
  changed.edits = {sequence{13}, sequence{300}};
  expect_golden("event_taken_back.hex", changed, event_from_bytes);
}

TEST(Record, KeepsItsBytesAsAHead) {
  expect_golden("head_assigned.hex", samples::assigned_head(), head_from_bytes);
  expect_golden("head_queued.hex", samples::queued_head(), head_from_bytes);
}

TEST(Record, KeepsItsBytesAsAWindow) {
  expect_golden("window.hex", samples::window(), window_from_bytes);
}

TEST(Record, KeepsItsBytesAsACursor) {
  expect_golden("cursor.hex", cursor{sequence{12}, sequence{11}}, cursor_from_bytes);
}

TEST(Record, KeepsItsBytesInTheDirectory) {
  expect_golden("tenant.hex", samples::shop(), tenant_from_bytes);
  expect_golden("inbox.hex", samples::front_door(), inbox_from_bytes);
  expect_golden("agent.hex", samples::ada_as_agent(), agent_from_bytes);
}

TEST(Record, KeepsItsBytesInQuarantine) {
  expect_golden("quarantined.hex", samples::poison(), quarantined_from_bytes);
}

TEST(Record, KeepsItsBytesInTheAudit) {
  expect_golden("audit_entry.hex", samples::deed(), audit_entry_from_bytes);
}

TEST(Record, KeepsItsBytesInABatch) {
  expect_golden("batch.hex", samples::everything(), batch_from_bytes);
}

TEST(Record, IsReadThoughNothingWasSet) {
  EXPECT_EQ(event_from_bytes(to_bytes(event{})), event{});
  EXPECT_EQ(head_from_bytes(to_bytes(head{})), head{});
  EXPECT_EQ(window_from_bytes(to_bytes(post_window{})), post_window{});
  EXPECT_EQ(cursor_from_bytes(to_bytes(cursor{})), cursor{});
  EXPECT_EQ(tenant_from_bytes(to_bytes(tenant{})), tenant{});
  EXPECT_EQ(inbox_from_bytes(to_bytes(inbox{})), inbox{});
  EXPECT_EQ(agent_from_bytes(to_bytes(agent{})), agent{});
  EXPECT_EQ(quarantined_from_bytes(to_bytes(quarantined{})), quarantined{});
  EXPECT_EQ(audit_entry_from_bytes(to_bytes(audit_entry{})), audit_entry{});
  EXPECT_EQ(batch_from_bytes(to_bytes(batch{})), batch{});
}

TEST(Record, OfAnotherVersionIsNotRead) {
  std::string bytes = to_bytes(samples::assigned_head());
  ASSERT_EQ(bytes.front(), 1);

  for (const char version : {'\0', '\2', '\x7f'}) {
    bytes.front() = version;
    EXPECT_EQ(head_from_bytes(bytes), std::nullopt);
  }
  EXPECT_EQ(head_from_bytes(""), std::nullopt);
}

TEST(Record, MayHaveFieldsOfANewerNode) {
  // Field 1000 as a varint, field 1001 as three bytes.
  const std::string newer = "\xc0\x3e\x05\xca\x3e\x03xyz";

  const auto read = head_from_bytes(to_bytes(samples::assigned_head()) + newer);

  EXPECT_EQ(read, samples::assigned_head());
}

TEST(Record, ThatWasCutIsNotReadAsTheWhole) {
  const std::string bytes = to_bytes(samples::event_of(event_kind::message));

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(event_from_bytes(std::string_view{bytes}.substr(0, size)),
              samples::event_of(event_kind::message));
  }
}

/// A stored message with one varint field more, which overrules the same field before it.
template <class Value>
std::string overruled(const Value& value, unsigned field, std::string_view varint) {
  return to_bytes(value) + static_cast<char>(field << 3U) + std::string{varint};
}

TEST(Record, WithAnUnknownEnumeratorIsNotRead) {
  const event message = samples::event_of(event_kind::message);
  const auto none = std::string_view{"\0", 1};
  const auto wrapped = std::string_view{"\x81\x02"};  // 257, which is 1 in a byte
  const auto negative = std::string_view{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"};

  for (const auto kind : {none, std::string_view{"\x0b"}, wrapped, negative}) {
    EXPECT_EQ(event_from_bytes(overruled(message, 6, kind)), std::nullopt);
  }
  for (const auto where : {none, std::string_view{"\x03"}, wrapped, negative}) {
    EXPECT_EQ(event_from_bytes(overruled(message, 2, where)), std::nullopt);
  }
  for (const auto reason : {std::string_view{"\x03"}, wrapped, negative}) {
    EXPECT_EQ(event_from_bytes(overruled(message, 10, reason)), std::nullopt);
  }
  for (const auto status : {none, std::string_view{"\x06"}, wrapped, negative}) {
    EXPECT_EQ(head_from_bytes(overruled(samples::queued_head(), 7, status)), std::nullopt);
  }
  for (const auto role : {none, std::string_view{"\x05"}, wrapped, negative}) {
    EXPECT_EQ(agent_from_bytes(overruled(samples::ada_as_agent(), 6, role)), std::nullopt);
  }
}

TEST(Record, WithAPositionBeyondThePossibleIsNotRead) {
  const auto beyond = std::string_view{"\x80\x80\x80\x80\x80\x80\x80\x10"};  // 2^53

  const event message = samples::event_of(event_kind::message);
  EXPECT_EQ(event_from_bytes(overruled(message, 3, beyond)), std::nullopt);
  EXPECT_EQ(event_from_bytes(overruled(message, 13, beyond)), std::nullopt);
  EXPECT_EQ(cursor_from_bytes(overruled(cursor{}, 1, beyond)), std::nullopt);
  EXPECT_EQ(head_from_bytes(overruled(samples::queued_head(), 10, beyond)), std::nullopt);
}

/// A stored message with one text field more, of such a size.
template <class Value>
std::string with_text(const Value& value, unsigned field, std::size_t size) {
  std::string bytes = to_bytes(value) + static_cast<char>(field << 3U | 2U);
  for (std::size_t rest = size; true; rest >>= 7U) {
    bytes += static_cast<char>((rest & 0x7fU) | (rest > 0x7fU ? 0x80U : 0U));
    if (rest <= 0x7fU) break;
  }
  return bytes + std::string(size, 'x');
}

TEST(Record, WithATextBeyondItsBoundIsNotRead) {
  const event message = samples::event_of(event_kind::message);
  EXPECT_TRUE(event_from_bytes(with_text(message, 7, limits::text_bytes_max)));
  EXPECT_FALSE(event_from_bytes(with_text(message, 7, limits::text_bytes_max + 1)));

  EXPECT_TRUE(agent_from_bytes(with_text(samples::ada_as_agent(), 5, limits::name_bytes_max)));
  EXPECT_FALSE(agent_from_bytes(with_text(samples::ada_as_agent(), 5, limits::name_bytes_max + 1)));
  EXPECT_TRUE(tenant_from_bytes(with_text(samples::shop(), 2, limits::name_bytes_max)));
  EXPECT_FALSE(tenant_from_bytes(with_text(samples::shop(), 2, limits::name_bytes_max + 1)));
}

TEST(Record, WithTextThatIsNotUtf8IsNotRead) {
  std::string bytes = to_bytes(samples::event_of(event_kind::message));
  const std::size_t at = bytes.find("Where");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = '\xff';

  const google::protobuf::LogSilencer silence;
  EXPECT_EQ(event_from_bytes(bytes), std::nullopt);
}

post_window full_window(std::uint64_t seq_step, std::int64_t ms_step) {
  post_window window{samples::visitor, samples::phone, {}};
  for (std::uint64_t i = 0; i < limits::answers_kept_max; ++i) {
    const std::int64_t ms = noon.value + static_cast<std::int64_t>(i) * ms_step;
    window.answers.push_back({post_number{1'000'000 + i}, 0x80000000U + static_cast<unsigned>(i),
                              sequence{2'000'000 + i * seq_step}, track::visible, timestamp{ms},
                              fault_code::none});
  }
  return window;
}

TEST(StoredWindow, TakesFewBytesForAnAnswer) {
  const auto bytes_of_busy = to_bytes(full_window(3, 7'000)).size();
  const auto bytes_of_slow = to_bytes(full_window(60, 1'000'000)).size();

  EXPECT_LE(bytes_of_busy, 10 * limits::answers_kept_max);
  EXPECT_LE(bytes_of_slow, 12 * limits::answers_kept_max);
}

TEST(StoredWindow, KeepsNumbersAsFarApartAsTheyCanBe) {
  post_window window = full_window(1, 1);
  window.answers.resize(4);
  window.answers[1].seq = sequence{(1ULL << 53U) - 1};
  window.answers[1].time = timestamp{std::numeric_limits<std::int64_t>::min()};
  window.answers[2].seq = sequence{1};
  window.answers[2].time = timestamp{std::numeric_limits<std::int64_t>::max()};

  EXPECT_EQ(window_from_bytes(to_bytes(window)), window);
}

TEST(StoredWindow, KeepsEveryFinalRefusal) {
  for (const fault_entry& entry : all_faults()) {
    post_window window = samples::window();
    window.answers[1].refusal = entry.code;
    EXPECT_EQ(window_from_bytes(to_bytes(window)), window) << entry.name;
  }
}

TEST(StoredWindow, WithColumnsOfUnequalLengthIsNotRead) {
  const std::string bytes = to_bytes(samples::window());
  const auto one_more = [&](unsigned field, std::string_view value) {
    const auto tag = static_cast<char>(field << 3U | 2U);
    return bytes + tag + static_cast<char>(value.size()) + std::string{value};
  };

  EXPECT_EQ(window_from_bytes(one_more(4, "abcd")), std::nullopt);
  EXPECT_EQ(window_from_bytes(one_more(5, "\x01")), std::nullopt);
  EXPECT_EQ(window_from_bytes(one_more(6, "\x02")), std::nullopt);
  EXPECT_EQ(window_from_bytes(one_more(7, "\x02")), std::nullopt);
}

/// A window without author and device: only its columns, one row given, `rows` times.
std::string window_of(std::size_t rows, std::string_view first_n, char outcome, char seq_step) {
  const auto column = [&](unsigned field, std::string_view cell) {
    std::string cells;
    for (std::size_t i = 0; i < rows; ++i)
      cells += cell;
    const std::size_t size = cells.size();
    std::string head{static_cast<char>(field << 3U | 2U)};
    if (size > 0x7f) head += static_cast<char>(0x80U | (size & 0x7fU));
    head += static_cast<char>(size > 0x7f ? size >> 7U : size);
    return head + cells;
  };
  return "\x01\x18" + std::string{first_n} + column(4, "hash") + column(5, {&outcome, 1}) +
         column(6, {&seq_step, 1}) + column(7, "\x02");
}

TEST(StoredWindow, IsReadOnlyIfItsAnswersMakeSense) {
  const char accepted = 1;
  EXPECT_TRUE(window_from_bytes(window_of(64, "\x05", accepted, 2)));

  EXPECT_FALSE(window_from_bytes(window_of(65, "\x05", accepted, 2))) << "too many";
  EXPECT_FALSE(window_from_bytes(window_of(2, {"\0", 1}, accepted, 2))) << "n from 0";
  EXPECT_FALSE(window_from_bytes(window_of(2, "\x05", accepted, 0))) << "accepted without a seq";
  EXPECT_FALSE(window_from_bytes(window_of(2, "\x05", accepted, 1))) << "seq below 0";
  EXPECT_FALSE(window_from_bytes(window_of(2, "\x05", 3, 2))) << "unknown track";
  EXPECT_FALSE(window_from_bytes(window_of(2, "\x05", 29 << 2 | 1, 0))) << "unknown fault";
  EXPECT_TRUE(window_from_bytes(window_of(1, "\x05", 24 << 2 | 1, 0))) << "a known one";
}

TEST(StoredWindow, WhoseNumbersEndBeyondThePossibleIsNotRead) {
  const auto last = std::string_view{"\xff\xff\xff\xff\xff\xff\xff\x0f"};  // 2^53 - 1

  EXPECT_TRUE(window_from_bytes(window_of(1, last, 1, 2)));
  EXPECT_FALSE(window_from_bytes(window_of(2, last, 1, 2)));
}

TEST(StoredBatch, WithARecordOfNoKindIsNotRead) {
  EXPECT_TRUE(batch_from_bytes(std::string_view{"\x01", 1}));
  EXPECT_FALSE(batch_from_bytes(std::string_view{"\x01\x0a\x00", 3}));
  EXPECT_FALSE(batch_from_bytes(to_bytes(samples::everything()) + std::string{"\x0a\x00", 2}));
}

TEST(StoredBatch, WithOneBadRecordIsNotRead) {
  // An agent with no role.
  const std::string bad{"\x0a\x02\x4a\x00", 4};

  EXPECT_FALSE(batch_from_bytes(to_bytes(samples::everything()) + bad));
}

using RecordDeathTest = testing::Test;

TEST(RecordDeathTest, RefusesToWriteWhatCouldNotBeReadAgain) {
  event long_text = samples::event_of(event_kind::message);
  long_text.text = std::string(limits::text_bytes_max + 1, 'x');
  post_window with_a_hole = samples::window();
  with_a_hole.answers[3].n = post_number{100};

  EXPECT_DEATH(to_bytes(long_text), "is_sound");
  EXPECT_DEATH(to_bytes(with_a_hole), "is_sound");
}

}  // namespace
}  // namespace frontdesk
