#include "tests/storage/second_process.hpp"

#include "storage/rocks_store.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <variant>

namespace frontdesk {

namespace {

constexpr uid_t nobody = 65534;

void print(const std::string& line) {
  const std::string all = line + "\n";
  if (::write(STDOUT_FILENO, all.data(), all.size()) < 0) {
    _exit(3);
  }
}

// Small buffers, so that a short run meets flushes and compactions.
opened_store open_small(const std::string& folder) {
  rocks_options options;
  options.folder = folder;
  options.write_buffer_bytes = 64 * 1024;
  return open_rocks_store(options);
}

int open_and_say(const std::string& folder) {
  const opened_store opened = open_small(folder);
  if (const auto* failed = std::get_if<open_failure>(&opened)) {
    print(fmt::format("{} {}", static_cast<int>(failed->problem), failed->sentence));
  } else {
    print("open");
  }
  return 0;
}

int write_until_killed(store& kept, const std::string& folder) {
  const auto found = kept.get(family::head, last_set_key).value();
  const std::string text(4096, 'x');
  for (int set = found ? std::stoi(*found) + 1 : 1;; ++set) {
    write_set rows{{family::head, last_set_key, std::to_string(set)}};
    for (int row = 0; row < rows_per_set; ++row) {
      rows.push_back({family::log, row_key(set, row), text});
    }
    if (!kept.write_all(rows, durability::synced)) {
      return 4;
    }
    print(fmt::format("{} {}", set, std::filesystem::file_size(newest_log(folder))));
  }
}

}  // namespace

second_process::second_process(const std::string& role, const std::string& folder) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) {
    throw std::runtime_error("no pipe for a second process");
  }
  process_ = fork();
  if (process_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl("/proc/self/exe", "storage_test", "--second-process", role.c_str(), folder.c_str(),
          nullptr);
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

second_process::~second_process() {
  is_killed();
  close(output_);
}

std::optional<std::string> second_process::line() {
  std::string read_so_far;
  for (char c = 0; ::read(output_, &c, 1) == 1;) {
    if (c == '\n') {
      return read_so_far;
    }
    read_so_far += c;
  }
  return std::nullopt;
}

void second_process::is_killed() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
  }
}

int play_second_process(const std::string& role, const std::string& folder) {
  if (role == "open_as_nobody" && geteuid() == 0 && setuid(nobody) != 0) {
    return 2;
  }
  if (role == "open" || role == "open_as_nobody") {
    return open_and_say(folder);
  }
  opened_store opened = open_small(folder);
  auto* kept = std::get_if<std::unique_ptr<rocks_store>>(&opened);
  if (kept == nullptr) {
    return 5;
  }
  if (role == "write") {
    return write_until_killed(**kept, folder);
  }
  print("open");
  return pause();
}

std::string row_key(int set, int row) {
  return fmt::format("{:08}.{}", set, row);
}

std::string newest_log(const std::string& folder) {
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == ".log") {
      newest = std::max(newest, entry.path().string());
    }
  }
  return newest;
}

}  // namespace frontdesk
