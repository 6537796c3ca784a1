#include "actors/told.hpp"

#include "wire/frame_codec.hpp"

#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <thread>

namespace frontdesk {
namespace {

std::vector<event> one_message() {
  event said;
  said.conversation = conversation_id{7};
  said.seq = sequence{1};
  said.author = {person_kind::visitor, 3};
  said.text = "Where is my parcel?";
  return {said};
}

TEST(ToldEvent, IsWrittenOnceForAllWhoSpeakTheSame) {
  const told_events events = told_events_of(one_message());
  const told_event& said = events->front();

  const frame_bytes first = said.in(encoding::json);

  EXPECT_EQ(said.in(encoding::json), first) << "the same bytes, not equal ones";
  EXPECT_EQ(*first, to_json(said.what));
  EXPECT_EQ(first.use_count(), 2);
}

TEST(ToldEvent, IsWrittenInEachEncodingThatIsAskedFor) {
  const told_events events = told_events_of(one_message());
  const told_event& said = events->front();

  EXPECT_EQ(*said.in(encoding::protobuf), to_protobuf(said.what));
  EXPECT_EQ(*said.in(encoding::json), to_json(said.what));
  EXPECT_LT(said.in(encoding::protobuf)->size(), said.in(encoding::json)->size());
}

TEST(ToldEvent, IsTheSameForThreadsThatAskAtOnce) {
  constexpr std::size_t threads_count = 4;
  for (int round = 0; round < 200; ++round) {
    const told_events events = told_events_of(one_message());
    std::array<frame_bytes, threads_count> got;
    std::latch begin{threads_count};
    std::vector<std::jthread> threads;
    for (frame_bytes& mine : got) {
      threads.emplace_back([&] {
        begin.arrive_and_wait();
        mine = events->front().in(encoding::protobuf);
      });
    }
    threads.clear();
    for (const frame_bytes& each : got)
      ASSERT_EQ(each, got[0]);
  }
}

}  // namespace
}  // namespace frontdesk
