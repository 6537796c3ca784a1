#include "tests/process/desk_door.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/program.hpp"
#include "tests/process/small_disk.hpp"
#include "tests/process/talking_desk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <memory>

namespace frontdesk::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t megabyte = 1024 * 1024;

/// A node with a port for operators.
class InternalPort : public testing::Test {
 protected:
  void starts(const std::string& data, words more = {}) {
    words all{"start",      "--data", data, "--listen", "127.0.0.1:0", "--internal-listen",
              "127.0.0.1:0"};
    all.insert(all.end(), more.begin(), more.end());
    node_ = std::make_unique<program>(all);
    const std::string address = node_->after("frontdesk tells operators on ");
    port_ = {static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)))};
  }

  http_said gets(std::string_view target) const {
    return ask(port_, fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", target));
  }

  /// Asks again and again until it is answered so, for a minute.
  bool answers(std::string_view target, unsigned status) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
      if (gets(target).status == status) return true;
    }
    return false;
  }

  temp_folder folder_;
  std::unique_ptr<program> node_;
  place port_;
};

TEST_F(InternalPort, SaysWhatTheStartWaitsFor) {
  // Whoever opens a pipe to read it waits until somebody writes.
  const std::string pipe = folder_.path("certificate");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  starts(folder_.path("data"), {"--tls-certificate", pipe, "--tls-key", pipe});

  EXPECT_EQ(gets("/livez").status, 200U);
  EXPECT_EQ(gets("/startupz").status, 503U);
  EXPECT_THAT(gets("/startupz").body, HasSubstr("[-] started: the node reads the certificate"));
  EXPECT_EQ(gets("/readyz").status, 503U);
  EXPECT_THAT(gets("/metrics").body, HasSubstr("\nfrontdesk_ready 0\n"));
}

TEST_F(InternalPort, IsReadyWithTheNodeAndHasItsFigures) {
  starts(folder_.path("data"));
  node_->address();

  EXPECT_EQ(gets("/startupz").status, 200U);
  EXPECT_EQ(gets("/readyz").status, 200U) << gets("/readyz").body;
  EXPECT_THAT(gets("/metrics").body,
              AllOf(HasSubstr("\nfrontdesk_ready 1\n"), HasSubstr("\nprocess_open_fds "),
                    HasSubstr("\nfrontdesk_disk_free_bytes ")));
  EXPECT_THAT(gets("/stats").body, AllOf(HasSubstr(R"("ready":true)"), HasSubstr(R"("recorder")")));
  EXPECT_THAT(gets("/notices").body, HasSubstr(R"("name":"listening")"));

  node_->signal(SIGTERM);
  EXPECT_EQ(node_->wait(), 0);
}

TEST_F(InternalPort, IsAskedForWhereTheWorldCannotAsk) {
  starts(folder_.path("data"));
  const std::string address = node_->address();
  const place outside{
      static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)))};

  for (const char* path :
       {"/livez", "/readyz", "/startupz", "/metrics", "/stats", "/notices", "/status/"}) {
    const std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
    EXPECT_EQ(ask(outside, request).status, 404U) << path;
  }
}

TEST_F(InternalPort, SaysThatTheDiskIsFull) {
  const small_disk disk(small_disk::kinds::memory, folder_.path("disk"), 256);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  starts(disk.path("data"));
  node_->address();
  ASSERT_EQ(gets("/readyz").status, 200U);

  disk.leaves(10 * megabyte);
  EXPECT_TRUE(answers("/readyz", 503));
  EXPECT_THAT(gets("/readyz").body, HasSubstr("[-] disk: the disk is nearly full"));
  EXPECT_EQ(gets("/livez").status, 200U);
  // Whoever asks, and by whatever way, is told the same.
  EXPECT_THAT(gets("/stats").body, HasSubstr(R"("ready":false)"));
  EXPECT_THAT(output_of({"stats", "--json", "--data", disk.path("data")}),
              HasSubstr(R"("ready":false)"));

  disk.is_freed();
  EXPECT_TRUE(answers("/readyz", 200));
}

TEST(NodeWithoutInternalPort, HasNone) {
  const temp_folder folder;
  program node({"start", "--data", folder.path("data"), "--listen", "127.0.0.1:0"});

  node.address();

  EXPECT_THAT(node.printed(), Not(HasSubstr("tells operators")));
}

}  // namespace
}  // namespace frontdesk::process
