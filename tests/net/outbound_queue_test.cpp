#include "net/outbound_queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

namespace frontdesk {
namespace {

using opcodes = websocket_opcode;

frame_bytes frame(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Writes at most so many bytes in one write, and gives them.
std::string written(outbound_queue& queue, std::size_t bytes_max) {
  outbound_queue::gathered room;
  std::string bytes;
  for (const std::string_view piece : queue.gather(room)) {
    EXPECT_FALSE(piece.empty());
    bytes += piece;
  }
  bytes.resize(std::min(bytes.size(), bytes_max));
  queue.take(bytes.size());
  return bytes;
}

TEST(OutboundQueue, WritesTheSameBytesHoweverTheyAreTaken) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    outbound_queue queue;
    std::string expected;
    const std::size_t count = random() % 100;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string text(random() % 300 * (i % 17 == 0 ? 300 : 1),
                             static_cast<char>('a' + i % 26));
      queue.push(opcodes::text, frame(text));
      append_frame_header(expected, opcodes::text, text.size());
      expected += text;
    }
    std::string all;
    while (!queue.is_empty()) {
      ASSERT_EQ(queue.bytes(), expected.size() - all.size());
      all += written(queue, 1 + random() % 2000);
    }
    ASSERT_EQ(all, expected);
    ASSERT_EQ(queue.bytes(), 0U);
  }
}

TEST(OutboundQueue, GathersAsManyFramesAsOneWriteHolds) {
  outbound_queue queue;
  for (std::size_t i = 0; i < outbound_queue::frames_per_write + 5; ++i) {
    queue.push(opcodes::text, frame("x"));
  }
  outbound_queue::gathered room;
  EXPECT_EQ(queue.gather(room).size(), byte_stream::pieces_max);
}

TEST(OutboundQueue, PointsIntoTheSharedBytes) {
  outbound_queue queue;
  const frame_bytes shared = frame("shared");
  queue.push(opcodes::text, shared);
  outbound_queue::gathered room;
  EXPECT_EQ(queue.gather(room)[1].data(), shared->data());
}

TEST(OutboundQueue, HasNoPieceForAnEmptyPayload) {
  outbound_queue queue;
  queue.push(opcodes::text, frame(""));
  queue.push(opcodes::text, frame(""));
  EXPECT_EQ(written(queue, 100).size(), 4U);
  EXPECT_TRUE(queue.is_empty());
}

TEST(OutboundQueue, ReplacesAPongThatIsNotBegun) {
  outbound_queue queue;
  queue.push_pong("one");
  queue.push_pong("three");
  EXPECT_EQ(queue.bytes(), 7U);
  EXPECT_EQ(written(queue, 1).size(), 1U);
  queue.push_pong("two");
  EXPECT_EQ(written(queue, 100).substr(1), std::string("three\x8a\x03") + "two");
}

TEST(OutboundQueue, KeepsOnlyWhatWasBegun) {
  outbound_queue queue;
  queue.push(opcodes::text, frame("begun"));
  queue.push(opcodes::text, frame("not begun"));
  written(queue, 3);
  queue.drop_unbegun();
  EXPECT_EQ(queue.bytes(), 4U);
  EXPECT_EQ(written(queue, 100), "egun");
  queue.push(opcodes::text, frame("not begun"));
  queue.drop_unbegun();
  EXPECT_TRUE(queue.is_empty());
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(OutboundQueue, ChangesNothingThatIsHeld) {
  outbound_queue queue;
  queue.push(opcodes::text, frame("one"));
  queue.push_pong("early");
  queue.push(opcodes::text, frame("three"));
  queue.hold(6);
  queue.push_pong("late");
  queue.drop_unbegun();
  EXPECT_EQ(queue.bytes(), 12U);
  EXPECT_EQ(written(queue, 6), std::string("\x81\x03one\x8a"));
  EXPECT_EQ(written(queue, 100), std::string("\x05") + "early");
  queue.push(opcodes::text, frame("four"));
  queue.drop_unbegun();
  EXPECT_TRUE(queue.is_empty()) << "nothing is held any more";
}

}  // namespace
}  // namespace frontdesk
