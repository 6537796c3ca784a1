#include "tests/process/node_process.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>

namespace frontdesk::process {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

/// `frontdesk stats` at a terminal of its own.
class watching_operator {
 public:
  watching_operator(const std::string& data, unsigned short columns) {
    winsize size{40, columns, 0, 0};
    child_ = forkpty(&screen_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    const char* const binary = std::getenv("FRONTDESK_BINARY");
    execl(binary, binary, "stats", "--data", data.c_str(), nullptr);
    _exit(127);
  }
  watching_operator(const watching_operator&) = delete;
  watching_operator& operator=(const watching_operator&) = delete;
  ~watching_operator() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    close(screen_);
  }

  /// From now on, within a minute.
  bool sees(const std::string& what) {
    seen_.clear();
    return reads_until([&] { return seen_.find(what) != std::string::npos; });
  }
  const std::string& seen() const { return seen_; }
  void presses(char key) const { ASSERT_EQ(write(screen_, &key, 1), 1); }
  /// Its exit code.
  int ends() {
    int status = 0;
    reads_until([] { return false; });
    waitpid(std::exchange(child_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  /// False: it has ended, or a minute has passed.
  template <class Question>
  bool reads_until(Question is_so) {
    const auto until = steady_clock::now() + patience;
    while (!is_so()) {
      pollfd screen{screen_, POLLIN, 0};
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
      if (left.count() <= 0 || poll(&screen, 1, static_cast<int>(left.count())) <= 0) return false;
      std::array<char, 4096> room{};
      const ssize_t size = read(screen_, room.data(), room.size());
      if (size <= 0) return false;
      seen_.append(room.data(), static_cast<std::size_t>(size));
    }
    return true;
  }

  int screen_ = -1;
  pid_t child_ = -1;
  std::string seen_;
};

class StatsTerminal : public testing::Test {
 protected:
  StatsTerminal() {
    furnish(node_.data());
    node_.start();
  }

  /// How long it takes to leave by this key.
  static steady_clock::duration leaves(watching_operator& who, char key) {
    const auto began = steady_clock::now();
    who.presses(key);
    EXPECT_EQ(who.ends(), 0);
    return steady_clock::now() - began;
  }

  temp_folder folder_;
  node_process node_{folder_.path("data")};
};

TEST_F(StatsTerminal, SaysThatAFrozenNodeDoesNotAnswerAndLetsOneLeave) {
  watching_operator patient(node_.data(), 80);
  watching_operator hasty(node_.data(), 80);
  ASSERT_TRUE(patient.sees("sort by")) << patient.seen();
  ASSERT_TRUE(hasty.sees("sort by")) << hasty.seen();

  node_.freeze();

  EXPECT_TRUE(patient.sees("NO ANSWER for 2 s")) << patient.seen();
  EXPECT_TRUE(patient.sees("NO ANSWER for 3 s")) << patient.seen();
  EXPECT_LT(leaves(patient, 'q'), seconds{10});
  constexpr char ctrl_c = 3;
  EXPECT_LT(leaves(hasty, ctrl_c), seconds{10});
}

TEST_F(StatsTerminal, SaysOfANodeThatHasNeverAnsweredThatItDoesNot) {
  node_.freeze();
  watching_operator patient(node_.data(), 80);

  EXPECT_TRUE(patient.sees("NO ANSWER for 2 s")) << patient.seen();

  EXPECT_LT(leaves(patient, 'q'), seconds{10});
}

TEST_F(StatsTerminal, GoesOnWithANodeThatAnswersAgain) {
  watching_operator patient(node_.data(), 80);
  ASSERT_TRUE(patient.sees("sort by")) << patient.seen();
  node_.freeze();
  ASSERT_TRUE(patient.sees("NO ANSWER")) << patient.seen();

  node_.thaw();

  // The first line again.
  EXPECT_TRUE(patient.sees("\x1b[Hfrontdesk ")) << patient.seen();
  patient.presses('q');
  EXPECT_EQ(patient.ends(), 0);
}

TEST_F(StatsTerminal, ShowsAllThatDecidesTheTierAtANarrowTerminal) {
  watching_operator narrow(node_.data(), 30);

  ASSERT_TRUE(narrow.sees("sort by")) << narrow.seen();

  for (const char* input : {"cpu ", "memory ", "actor_queue ", "event_loop ", "commit "}) {
    EXPECT_THAT(narrow.seen(), testing::HasSubstr(input));
  }
  EXPECT_THAT(narrow.seen(), testing::Not(testing::HasSubstr("mail(b)ox")));
}

}  // namespace
}  // namespace frontdesk::process
