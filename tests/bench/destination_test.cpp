#include "bench/destination.hpp"

#include "bench/clock.hpp"

#include <gmock/gmock.h>

namespace frontdesk::bench {
namespace {

TEST(Destination, IsReadInAllItsForms) {
  for (const char* text : {"127.0.0.1:8080", "8080", "http://127.0.0.1:8080/",
                           "ws://127.0.0.1:8080", "http://127.0.0.1:8080"}) {
    const destination to = destination_of(text);
    EXPECT_EQ(to.name, "127.0.0.1:8080") << text;
    EXPECT_TRUE(to.is_loopback()) << text;
    EXPECT_TRUE(to.is_ip4()) << text;
  }
}

TEST(Destination, KnowsWhichAreThisMachine) {
  EXPECT_TRUE(destination_of("127.9.9.9:1").is_loopback());
  EXPECT_TRUE(destination_of("[::1]:8080").is_loopback());
  EXPECT_FALSE(destination_of("128.0.0.1:1").is_loopback());
  EXPECT_FALSE(destination_of("192.0.2.1:80").is_loopback());
  EXPECT_FALSE(destination_of("[2001:db8::1]:80").is_loopback());
  EXPECT_FALSE(destination_of("0.0.0.0:80").is_loopback());
}

TEST(Destination, RefusesWhatIsNone) {
  for (const char* text :
       {"", ":", "localhost:", "127.0.0.1:http", ":8080", "https://127.0.0.1:1",
        "wss://127.0.0.1:1", "127.0.0.1:123456", "127.0.0.1:70000", "127.0.0.1:0", "foo"}) {
    EXPECT_THROW(destination_of(text), cannot_measure) << text;
  }
}

}  // namespace
}  // namespace frontdesk::bench
