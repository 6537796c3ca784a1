#include "tests/simulation/many_days.hpp"

#include "tests/simulation/day_at_the_desk.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

namespace frontdesk::simulation {

namespace {

constexpr unsigned steps_per_day = 120;
constexpr std::size_t workers_max = 64;
constexpr std::size_t why_bytes_max = 32 * 1024;

using clock = std::chrono::steady_clock;

/// What the processes know of each other; lies in memory that they share.
struct shared_table {
  std::atomic<std::uint64_t> next;
  std::atomic<std::uint64_t> days;
  std::atomic<std::uint64_t> acked;
  std::atomic<std::uint64_t> stored;
  std::atomic<std::uint64_t> shown;
  std::atomic<bool> is_over;
  std::atomic<bool> has_failed;
  std::uint64_t failed_seed;
  std::array<char, why_bytes_max> why;
  /// The day that each worker lives.
  std::array<std::atomic<std::uint64_t>, workers_max> now;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

class shared_memory {
 public:
  shared_memory() {
    void* const place = mmap(nullptr, sizeof(shared_table), PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::runtime_error("no shared memory");
    table_ = new (place) shared_table{};
  }
  shared_memory(const shared_memory&) = delete;
  shared_memory& operator=(const shared_memory&) = delete;
  ~shared_memory() { munmap(table_, sizeof(shared_table)); }

  shared_table& operator*() const { return *table_; }

 private:
  shared_table* table_;
};

void note_failure(shared_table& all, std::uint64_t seed, std::string_view what) {
  all.is_over = true;
  if (all.has_failed.exchange(true)) return;
  all.failed_seed = seed;
  const std::string why = fmt::format("{}\n{}", troubles::of(seed).text(), what);
  const std::size_t length = std::min(why.size(), why_bytes_max - 1);
  std::memcpy(all.why.data(), why.data(), length);
  all.why[length] = '\0';
}

void work(shared_table& all, const days_wanted& wanted, std::size_t worker, clock::time_point end) {
  const bool is_timed = wanted.time.count() > 0;
  while (!all.is_over && (!is_timed || clock::now() < end)) {
    const std::uint64_t index = all.next++;
    if (wanted.count > 0 && index >= wanted.count) return;
    const std::uint64_t seed = wanted.first + index;
    all.now[worker] = seed;
    days_lived sum;
    const std::string why = live_day(seed, wanted.bugs, sum);
    ++all.days;
    all.acked += sum.acked;
    all.stored += sum.stored;
    all.shown += sum.shown;
    if (!why.empty()) return note_failure(all, seed, why);
    if (wanted.count == 0 && seed % 10'000 == 0) std::fprintf(stderr, "seed %lu\n", seed);
  }
}

/// What became of a worker; one that died takes its day down with it.
void bury(shared_table& all, std::size_t worker, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  const std::string why = WIFSIGNALED(status)
                              ? fmt::format("its process was killed by signal {}", WTERMSIG(status))
                              : fmt::format("its process ended with {}", WEXITSTATUS(status));
  note_failure(all, all.now[worker], why);
}

days_lived sum_of(const shared_table& all) {
  days_lived lived;
  lived.days = all.days;
  lived.acked = all.acked;
  lived.stored = all.stored;
  lived.shown = all.shown;
  lived.has_failed = all.has_failed;
  lived.failed_seed = all.failed_seed;
  lived.why = all.why.data();
  return lived;
}

}  // namespace

std::string live_day(std::uint64_t seed, const planted_bugs& bugs, days_lived& sum) {
#ifdef FRONTDESK_PLANTED_BUGS
  plant(bugs.in_actors);
#endif
  day_at_the_desk day{seed, bugs};
  const day_outcome outcome = day.live(steps_per_day);
  sum.acked += outcome.report.seen.acked;
  sum.stored += outcome.report.seen.stored;
  sum.shown += outcome.report.seen.shown;
  if (outcome.is_clean()) return {};
  return outcome.text();
}

days_lived live_days(const days_wanted& wanted) {
  shared_memory memory;
  shared_table& all = *memory;
  const auto end = clock::now() + wanted.time;
  if (wanted.count == 1) {
    work(all, wanted, 0, end);
    return sum_of(all);
  }
  const std::size_t workers =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, workers_max);
  std::fflush(nullptr);
  std::vector<pid_t> processes;
  for (std::size_t i = 0; i < workers; ++i) {
    const pid_t process = fork();
    if (process == 0) {
      work(all, wanted, i, end);
      // Not `_exit`: a leak is a failure, too, and is looked for at the end.
      std::exit(testing::Test::HasFailure() ? 1 : 0);
    }
    if (process < 0) throw std::runtime_error("no process for a worker");
    processes.push_back(process);
  }
  for (std::size_t i = 0; i < processes.size(); ++i) {
    int status = 0;
    waitpid(processes[i], &status, 0);
    bury(all, i, status);
  }
  return sum_of(all);
}

std::string command_to_repeat(std::uint64_t seed) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  return fmt::format("FRONTDESK_SEED={} FRONTDESK_SEEDS=1 {} --gtest_filter={}.{}", seed, program,
                     test->test_suite_name(), test->name());
}

}  // namespace frontdesk::simulation
