#include "net/identity/passwords.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <vector>

namespace frontdesk {
namespace {

bool is_right(passwords& checker, const std::string& hash, const std::string& password) {
  std::promise<bool> answer;
  EXPECT_TRUE(checker.check(hash, password, [&](bool right) { answer.set_value(right); }));
  return answer.get_future().get();
}

fault_or<std::string> hash_of(passwords& checker, const std::string& password) {
  std::promise<fault_or<std::string>> answer;
  EXPECT_TRUE(checker.hash(password, [&](auto hash) { answer.set_value(std::move(hash)); }));
  return answer.get_future().get();
}

TEST(Passwords, AreRightAgainstTheirOwnHashOnly) {
  passwords checker;
  const auto hash = hash_of(checker, "correct horse");
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  EXPECT_TRUE(is_right(checker, *hash, "correct horse"));
  EXPECT_FALSE(is_right(checker, *hash, "wrong horse"));
  EXPECT_FALSE(is_right(checker, *hash, ""));
}

TEST(Passwords, HashDifferentlyEachTime) {
  passwords checker;
  EXPECT_NE(*hash_of(checker, "correct horse"), *hash_of(checker, "correct horse"));
}

TEST(Passwords, AreNeverRightForNobodyAndTakeAsLong) {
  passwords checker;
  const auto hash = hash_of(checker, "correct horse");
  const auto took = [&](const std::string& against) {
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 3; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      EXPECT_FALSE(is_right(checker, against, "wrong horse"));
      least = std::min(least, std::chrono::steady_clock::now() - begin);
    }
    return std::chrono::duration<double>(least).count();
  };
  const double of_nobody = took("");
  const double of_somebody = took(*hash);
  // An answer without the work would come ten thousand times sooner.
  EXPECT_GT(of_nobody, of_somebody / 10);
}

TEST(Passwords, AreNotTakenTooShortOrTooLong) {
  passwords checker;
  const auto code = [&](std::size_t size) {
    const auto hash = hash_of(checker, std::string(size, 'x'));
    return hash ? fault_code::none : hash.error().code;
  };
  EXPECT_EQ(code(limits::password_bytes_min - 1), fault_code::bad_value);
  EXPECT_EQ(code(limits::password_bytes_min), fault_code::none);
  EXPECT_EQ(code(limits::password_bytes_max + 1), fault_code::bad_value);
}

TEST(Passwords, AreBusyBeyondTheirQueue) {
  passwords checker;
  // Hold the thread, so that the rest waits.
  std::promise<void> held;
  std::promise<void> let_go;
  auto letting_go = let_go.get_future();
  ASSERT_TRUE(checker.hash("short", [&](auto) {
    held.set_value();
    letting_go.wait();
  }));
  held.get_future().wait();

  int answered = 0;
  for (std::size_t i = 0; i < passwords::waiting_max; ++i) {
    EXPECT_TRUE(checker.hash("short", [&](auto) { ++answered; }));
  }
  const auto refused = checker.hash("short", [](auto) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, fault_code::busy);

  std::promise<void> over;
  let_go.set_value();
  while (!checker.hash("short", [&](auto) { over.set_value(); })) {
    std::this_thread::yield();
  }
  over.get_future().wait();
  EXPECT_EQ(answered, static_cast<int>(passwords::waiting_max));
}

TEST(Passwords, ForgetWhatWaitsWhenTheyStop) {
  auto checker = std::make_unique<passwords>();
  auto witness = std::make_shared<int>(0);
  std::weak_ptr<int> seen = witness;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(checker->check("", "x", [witness](bool) { ++*witness; }));
  }
  checker->stop();
  EXPECT_LT(*witness, 20);
  EXPECT_TRUE(checker->check("", "x", [](bool) { FAIL() << "nobody works any more"; }));
  checker.reset();
  witness.reset();
  EXPECT_TRUE(seen.expired());
}

}  // namespace
}  // namespace frontdesk
