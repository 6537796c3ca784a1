#include "node/doctor/examination.hpp"
#include "node/doctor/judgements.hpp"
#include "node/doctor/nameless_file.hpp"
#include "node/doctor/port_holder.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <linux/magic.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::uint64_t megabyte = 1ULL << 20U;
constexpr std::uint64_t gigabyte = 1ULL << 30U;
constexpr sys_days today = std::chrono::year{2026} / 6 / 1;

/// Whatever is not fine says what to do.
void expect(const finding& found, verdict is) {
  EXPECT_EQ(found.is, is) << found.check << ": " << found.found;
  EXPECT_EQ(found.advice.empty(), is == verdict::ok) << found.check << ": " << found.advice;
}

TEST(Doctor, WantsADescriptorForEachConnection) {
  expect(judge_descriptors(200'000, 100'000), verdict::ok);
  expect(judge_descriptors(0, 100'000), verdict::ok);
  expect(judge_descriptors(65'536, 100'000), verdict::warn);
  EXPECT_THAT(judge_descriptors(65'536, 100'000).found, HasSubstr("about 64512 connections"));
  expect(judge_descriptors(1024, 100'000), verdict::fail);
}

TEST(Doctor, WantsWhatIsUsualWhereConnectionsHaveNoLimit) {
  expect(judge_descriptors(200'000, 0), verdict::ok);
  expect(judge_descriptors(65'536, 0), verdict::warn);
  EXPECT_THAT(judge_descriptors(65'536, 0).found, HasSubstr("--max-connections sets no limit"));
  EXPECT_THAT(judge_descriptors(65'536, 0).advice, HasSubstr("--max-connections to 64512 at most"));
  expect(judge_descriptors(1024, 0), verdict::fail);
  EXPECT_THAT(judge_descriptors(1024, 0).advice, Not(HasSubstr("--max-connections")));
}

TEST(Doctor, WantsMemoryBesideTheCache) {
  expect(judge_memory(2 * gigabyte, 256 * megabyte), verdict::ok);
  expect(judge_memory(600 * megabyte, 256 * megabyte), verdict::warn);
  expect(judge_memory(256 * megabyte, 256 * megabyte), verdict::fail);
}

TEST(Doctor, WantsRoomOnTheDisk) {
  const auto with_free = [](std::uint64_t free) {
    return judge_room({"/data", disk_room{free, 100 * gigabyte}, EXT4_SUPER_MAGIC});
  };
  expect(with_free(50 * gigabyte), verdict::ok);
  expect(with_free(6 * gigabyte), verdict::warn);
  expect(with_free(4 * gigabyte), verdict::fail);
  expect(judge_room({"/data", std::nullopt, 0}), verdict::fail);
}

TEST(Doctor, KnowsDisksThatForget) {
  const auto on = [](std::uint64_t type) { return judge_file_system({"/data", {}, type}); };
  expect(on(EXT4_SUPER_MAGIC), verdict::ok);
  expect(on(OVERLAYFS_SUPER_MAGIC), verdict::warn);
  expect(on(NFS_SUPER_MAGIC), verdict::warn);
  expect(on(TMPFS_MAGIC), verdict::fail);
  expect(on(0x12345), verdict::ok);
}

TEST(Doctor, BelievesASyncThatTakesAsLongAsADisk) {
  const auto taking = [](std::chrono::microseconds each) {
    return judge_syncs({{each, each, each, 200ms}, ""});
  };
  expect(taking(1ms), verdict::ok);
  EXPECT_EQ(taking(1ms).found, "1.00 ms at the median of 4, 200.00 ms at most");
  expect(taking(3us), verdict::warn);
  expect(taking(40ms), verdict::warn);
  expect(taking(150ms), verdict::fail);
  expect(judge_syncs({{}, "Permission denied"}), verdict::fail);
}

TEST(Doctor, LooksAtTheClock) {
  expect(judge_clock({today, true}), verdict::ok);
  expect(judge_clock({today, std::nullopt}), verdict::ok);
  expect(judge_clock({today, false}), verdict::warn);
  expect(judge_clock({sys_days{std::chrono::year{1970} / 1 / 2}, true}), verdict::fail);
}

TEST(Doctor, NamesWhoHoldsAPort) {
  const listen_address where{"127.0.0.1", 8080};
  expect(judge_port({where, 0, {}}, 0), verdict::ok);
  expect(judge_port({where, EADDRINUSE, port_holder{7, "frontdesk"}}, 7), verdict::ok);
  const finding held = judge_port({where, EADDRINUSE, port_holder{8, "nginx"}}, 7);
  expect(held, verdict::fail);
  EXPECT_EQ(held.found, "127.0.0.1:8080 is held by nginx (process 8)");
  expect(judge_port({where, EADDRINUSE, {}}, 0), verdict::fail);
  expect(judge_port({where, EACCES, {}}, 0), verdict::fail);
  expect(judge_port({where, EADDRNOTAVAIL, {}}, 0), verdict::fail);
  const finding twice = judge_port({where, EADDRINUSE, port_holder{7, "frontdesk"}, true}, 7);
  expect(twice, verdict::fail);
  EXPECT_EQ(twice.found, "127.0.0.1:8080 is wanted for another address as well");
}

TEST(Doctor, FindsWhoHoldsAPort) {
  const int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  ASSERT_EQ(bind(one, reinterpret_cast<sockaddr*>(&at), length), 0);
  ASSERT_EQ(listen(one, 1), 0);
  getsockname(one, reinterpret_cast<sockaddr*>(&at), &length);
  const listen_address where{"127.0.0.1", ntohs(at.sin_port)};

  EXPECT_EQ(take_port(where).error, EADDRINUSE);
  ASSERT_TRUE(holder_of(where.port));
  EXPECT_EQ(holder_of(where.port)->process, getpid());
  EXPECT_FALSE(holder_of(where.port, getpid()));
  EXPECT_TRUE(is_listening(getpid(), where.port));
  EXPECT_FALSE(is_listening(getppid(), where.port));

  close(one);
  EXPECT_EQ(take_port(where).error, 0);
  EXPECT_FALSE(holder_of(where.port));
}

TEST(Doctor, WantsQueuesForThoseWhoComeAtOnce) {
  expect(judge_backlog(4096), verdict::ok);
  expect(judge_backlog(0), verdict::ok);
  expect(judge_backlog(128), verdict::warn);
}

TEST(Doctor, LooksAtTheCertificate) {
  const auto until = [](sys_days end) {
    return judge_certificate({true, "", sys_days{today - std::chrono::days{30}}, end}, today);
  };
  expect(judge_certificate({}, today), verdict::ok);
  expect(until(today + std::chrono::days{60}), verdict::ok);
  expect(until(today + std::chrono::days{5}), verdict::warn);
  expect(until(today - std::chrono::days{5}), verdict::fail);
  expect(judge_certificate({true, "The key does not fit.", {}, {}}, today), verdict::fail);
  const sys_days later = today + std::chrono::days{1};
  expect(judge_certificate({true, "", later, later + std::chrono::days{60}}, today), verdict::fail);
}

TEST(Doctor, LooksWhoMayReadTheData) {
  folder_seen folder{"/data", true, true, 5, 0700, 0600, true};
  expect(judge_folder(folder, 5), verdict::ok);
  expect(judge_folder(folder, 6), verdict::warn);
  folder.mode = 0755;
  expect(judge_folder(folder, 5), verdict::warn);
  folder.secret_mode = 0640;
  expect(judge_folder(folder, 5), verdict::fail);
  folder.is_writable = false;
  expect(judge_folder(folder, 5), verdict::fail);
  expect(judge_folder({"/none", false, false, 0, 0, {}, true}, 5), verdict::ok);
  expect(judge_folder({"/none", false, false, 0, 0, {}, false}, 5), verdict::fail);
  expect(judge_folder({"/file", true, false, 5, 0600, {}, true}, 5), verdict::fail);
}

TEST(Doctor, TellsDebugBuildsOfTheStore) {
  expect(judge_rocks({"7.8.3", false}), verdict::ok);
  expect(judge_rocks({"7.8.3", true}), verdict::warn);
  EXPECT_THAT(running_rocks().version, HasSubstr("."));
}

TEST(Doctor, LooksAtTheNodeThatRuns) {
  expect(judge_node({}), verdict::ok);
  expect(judge_node({7, true, ""}), verdict::ok);
  expect(judge_node({7, false, "no answer"}), verdict::fail);
  // It may not look, so it does not say that none runs.
  expect(judge_node({0, false, "may not be reached"}), verdict::warn);
  EXPECT_THAT(judge_node({0, false, "may not be reached"}).found, HasSubstr("may not be reached"));
}

TEST(Doctor, SaysTheWorstInBothForms) {
  const std::vector<finding> all{{"disk", verdict::ok, "has room", ""},
                                 {"clock", verdict::warn, "drifts \xff", "Set it."}};

  EXPECT_EQ(worst_of(all), verdict::warn);
  EXPECT_EQ(text_of(all),
            "ok    disk         has room\n"
            "warn  clock        drifts \xff\n"
            "                   -> Set it.\n");
  EXPECT_EQ(
      json_of(all),
      R"({"verdict":"warn","checks":[{"name":"disk","verdict":"ok","found":"has room",)"
      R"("advice":""},{"name":"clock","verdict":"warn","found":"drifts ?","advice":"Set it."}]})");
}

TEST(Doctor, WritesToAFileWithoutANameAlsoWhereTheFileSystemHasNone) {
  std::string folder = "/tmp/frontdesk-doctor-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);

  for (const auto& make : {nameless_file, unnamed_file}) {
    const descriptor file = make(folder);
    EXPECT_EQ(write(file.get(), "x", 1), 1);
    EXPECT_EQ(fdatasync(file.get()), 0);
  }
  EXPECT_EQ(nameless_file(folder + "/none").get(), -1);
  EXPECT_EQ(errno, ENOENT);

  EXPECT_EQ(rmdir(folder.c_str()), 0);
}

TEST(Doctor, SaysWhyAPortCouldNotEvenBeTried) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);

  const int error = take_port({"127.0.0.1", 0}).error;

  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(error, EMFILE);
}

TEST(Doctor, FindsThatANodeWouldStandInItsOwnWay) {
  temp_folder folder;
  settings chosen;
  chosen.data = folder.path("data");
  std::uint16_t port = 0;
  {
    const taken_port some = take_port({"127.0.0.1", 0});
    sockaddr_in at{};
    socklen_t length = sizeof at;
    ASSERT_EQ(getsockname(some.held.get(), reinterpret_cast<sockaddr*>(&at), &length), 0);
    port = ntohs(at.sin_port);
  }
  chosen.listen = {{"127.0.0.1", port}};
  chosen.internal_listen = listen_address{"0.0.0.0", port};

  const std::vector<finding> found = examine(chosen);

  ASSERT_GE(found.size(), 2U);
  EXPECT_EQ(found.end()[-2].is, verdict::ok);
  EXPECT_EQ(found.end()[-1].is, verdict::fail);
  EXPECT_THAT(found.end()[-1].found, testing::HasSubstr("as well"));
}

TEST(Doctor, LeavesNothingBehind) {
  std::string folder = "/tmp/frontdesk-doctor-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  settings chosen;
  chosen.data = folder;
  chosen.listen = {{"127.0.0.1", 0}};

  EXPECT_THAT(examine(chosen), Not(IsEmpty()));

  EXPECT_EQ(rmdir(folder.c_str()), 0);
}

}  // namespace
}  // namespace frontdesk
