#include "model/receive_window.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

constexpr conversation_id talk{1};
constexpr conversation_id other{2};

receive_window with_events(std::size_t count, std::size_t bytes = 1) {
  receive_window window;
  for (std::size_t i = 1; i <= count; ++i)
    window.pushed(talk, sequence{i}, bytes);
  return window;
}

TEST(ReceiveWindow, IsFullOfEvents) {
  EXPECT_FALSE(with_events(limits::unreceived_events_max - 1).is_full());
  EXPECT_EQ(with_events(limits::unreceived_events_max - 1).room(), 1U);
  EXPECT_TRUE(with_events(limits::unreceived_events_max).is_full());
  EXPECT_EQ(with_events(limits::unreceived_events_max).room(), 0U);
}

TEST(ReceiveWindow, IsFullOfBytes) {
  EXPECT_FALSE(with_events(2, limits::unreceived_bytes_max / 2 - 1).is_full());
  receive_window window = with_events(2, limits::unreceived_bytes_max / 2);
  EXPECT_TRUE(window.is_full());
  EXPECT_EQ(window.room(), 0U);

  window.received(talk, sequence{1});

  EXPECT_FALSE(window.is_full());
}

TEST(ReceiveWindow, OpensByWhatIsReceived) {
  receive_window window = with_events(limits::unreceived_events_max);

  EXPECT_TRUE(window.received(talk, sequence{10}));

  EXPECT_EQ(window.room(), 10U);
}

TEST(ReceiveWindow, IsNotOpenedByOldNews) {
  receive_window window = with_events(limits::unreceived_events_max);
  window.received(talk, sequence{10});

  EXPECT_FALSE(window.received(talk, sequence{10}));
  EXPECT_FALSE(window.received(other, sequence{200}));

  EXPECT_EQ(window.room(), 10U);
}

TEST(ReceiveWindow, ForgetsOneConversation) {
  receive_window window = with_events(limits::unreceived_events_max - 1);
  window.pushed(other, sequence{1}, 1);

  window.forget(talk);

  EXPECT_EQ(window.room(), limits::unreceived_events_max - 1);
}

}  // namespace
}  // namespace frontdesk
