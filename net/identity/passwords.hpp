#pragma once

#include "model/fault.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

/// The problem: to check a password must be slow, or a stolen directory gives up all of them: 64
/// MiB and some 100 ms each. On a thread that carries sockets that would stop a thousand
/// conversations; as many at a time as people ask for, it would take all memory.
///
/// The answer: one thread, one password at a time, and a short queue whose end is `busy`.
namespace frontdesk {

/// Hashes and checks passwords: argon2id with libsodium's interactive limits. Thread-safe; answers
/// come on its own thread. Neither passwords nor hashes are ever logged, and a password's copy here
/// is wiped when it was used.
class passwords {
 public:
  /// How many may wait: six seconds' worth, beyond which nobody waits for a login anyway.
  static constexpr std::size_t waiting_max = 64;

  passwords();
  passwords(const passwords&) = delete;
  passwords& operator=(const passwords&) = delete;
  /// Stops.
  ~passwords();

  /// Lets the running one end; the waiting ones, and all that come later, are forgotten without an
  /// answer. Not from an answer.
  void stop();

  /// Whether this is the hash's password. An empty hash stands for "no such person": it takes the
  /// same time, and is never right. Fault at once: `busy`.
  fault_or<done> check(std::string hash, std::string password, std::function<void(bool)> answer);

  /// The hash to keep of a new password; of one with fewer than `limits::password_bytes_min` bytes
  /// or more than `password_bytes_max` the answer is `bad_value`. Fault at once: `busy`.
  fault_or<done> hash(std::string password, std::function<void(fault_or<std::string>)> answer);

 private:
  fault_or<done> enqueue(std::function<void()> job);
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool is_ending_ = false;
  /// The last member: it begins when all others are there.
  std::thread thread_;
};

}  // namespace frontdesk
