#include "node/generated_password.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace frontdesk;

TEST(GeneratedPassword, HasTwelveLettersThatCannotBeMisread) {
  for (int i = 0; i < 100; ++i) {
    const std::string password = generated_password();

    EXPECT_EQ(password.size(), 12U);
    EXPECT_EQ(password.find_first_not_of(password_letters), std::string::npos) << password;
    EXPECT_EQ(password.find_first_of("0Oo1Il"), std::string::npos) << password;
  }
}

TEST(GeneratedPassword, IsNeverTheSameTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(generated_password()).second);
  }
}
