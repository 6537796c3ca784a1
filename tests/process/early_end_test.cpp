#include "node/descriptor.hpp"
#include "tests/net/self_signed.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace frontdesk::process {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

/// More descriptors than a node has open when it is ready; every third is a moment.
constexpr std::size_t descriptors_max = 60;

/// Whether it hears signals itself: they are blocked, because a descriptor tells them.
bool has_ears(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk:")) {
      return (std::stoull(line.substr(8), nullptr, 16) & (1ULL << (SIGTERM - 1))) != 0;
    }
  }
  return false;
}

std::size_t descriptors_of(pid_t process) {
  std::error_code gone;
  std::filesystem::directory_iterator each("/proc/" + std::to_string(process) + "/fd", gone);
  std::size_t count = 0;
  while (!gone && each != std::filesystem::directory_iterator()) {
    ++count;
    each.increment(gone);
  }
  return count;
}

/// Looks again and again, for a minute at most: a moment that is waited for may be short.
template <class Condition>
bool comes_true(Condition holds) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

class EarlyEnd : public testing::Test {
 protected:
  std::string data() const { return folder_.path("data"); }

  words start(const words& more = {}) const {
    words all{"start",      "--data", data(), "--listen", "127.0.0.1:0", "--internal-listen",
              "127.0.0.1:0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// A node whose start has come to its certificate, which lies where nobody answers: whoever
  /// opens a pipe to read it waits for a writer.
  std::unique_ptr<program> stuck_node(const words& more = {}) {
    const std::string pipe = folder_.path("pipe");
    EXPECT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    words all = start({"--tls-certificate", pipe, "--tls-key", pipe});
    all.insert(all.end(), more.begin(), more.end());
    auto node = std::make_unique<program>(all);
    is_read(pipe);
    return node;
  }

  /// Returns when somebody reads this pipe, and waits then for what is never written: a pipe can
  /// have a writer only if it has a reader.
  void is_read(const std::string& pipe) {
    ASSERT_TRUE(comes_true([&] {
      writer_ = descriptor(open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
      return writer_.get() >= 0;
    }));
  }

  const temp_folder folder_;
  descriptor writer_;
};

TEST_F(EarlyEnd, IsInOrderAtEachMomentOfTheStart) {
  furnish(data());
  std::size_t before_it_was_ready = 0;

  for (std::size_t moment = 0; moment < descriptors_max; moment += 3) {
    program node(start());
    ASSERT_TRUE(comes_true([&] { return has_ears(node.id()); }));
    // Some are never reached: then it is ready, and that is a moment, too.
    ASSERT_TRUE(comes_true([&] {
      return descriptors_of(node.id()) >= moment || std::filesystem::exists(data() + "/admin.sock");
    }));

    node.signal(SIGTERM);

    ASSERT_TRUE(node.ends_unheard()) << moment;
    ASSERT_EQ(node.wait(), 0) << moment << node.said();
    EXPECT_THAT(node.said(), HasSubstr("stopped")) << moment;
    EXPECT_FALSE(std::filesystem::exists(data() + "/admin.sock")) << moment;
    before_it_was_ready += node.printed().find("is ready") == std::string::npos ? 1 : 0;
  }

  EXPECT_GT(before_it_was_ready, 0U);
  EXPECT_THAT(output_of({"tenant", "list", "--data", data()}), HasSubstr("acme"));
  node_process after(data());
  after.start();
  EXPECT_EQ(after.stop(), 0) << after.log();
}

TEST_F(EarlyEnd, IsOfAStartThatFailsWhatTheStartSays) {
  std::ofstream(data()) << "no directory";
  program node(start());

  EXPECT_EQ(node.wait(), 74) << node.said();
  EXPECT_THAT(node.said(), HasSubstr("is not a directory"));
}

TEST_F(EarlyEnd, ComesAtOnceWithTheSecondSignalAlsoWhileAStepHangs) {
  const auto node = stuck_node();

  node->signal(SIGTERM);
  node->signal(SIGINT);

  ASSERT_TRUE(node->ends_unheard());
  EXPECT_THAT(node->wait(), AnyOf(128 + SIGTERM, 128 + SIGINT));
}

TEST_F(EarlyEnd, HasABoundAlsoWhileAStepHangs) {
  const auto node = stuck_node({"--drain-max", "10ms"});

  node->signal(SIGTERM);

  ASSERT_TRUE(node->ends_unheard());
  EXPECT_EQ(node->wait(), 70);
  EXPECT_THAT(node->said(), HasSubstr("stopped_late"));
}

// After SIGHUP it reads its certificate again, and hears SIGTERM all the same.
TEST_F(EarlyEnd, HasABoundAlsoWhileItReadsAgainWhatHangs) {
  const self_signed made = make_self_signed(folder_.path("."));
  program node(
      start({"--drain-max", "10ms", "--tls-certificate", made.certificate, "--tls-key", made.key}));
  node.address();
  ASSERT_EQ(unlink(made.certificate.c_str()), 0);
  ASSERT_EQ(mkfifo(made.certificate.c_str(), 0600), 0);
  node.signal(SIGHUP);
  is_read(made.certificate);

  node.signal(SIGTERM);

  ASSERT_TRUE(node.ends_unheard());
  EXPECT_EQ(node.wait(), 70);
}

TEST_F(EarlyEnd, HasABoundAlsoWhileNobodyReadsWhatTheNodeSays) {
  program node(start({"--drain-max", "10ms"}));
  node.address();
  node.chokes();

  node.signal(SIGTERM);

  ASSERT_TRUE(node.ends_unheard());
  EXPECT_EQ(node.wait(), 70);
}

}  // namespace
}  // namespace frontdesk::process
