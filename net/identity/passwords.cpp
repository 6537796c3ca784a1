#include "net/identity/passwords.hpp"

#include "model/limits.hpp"

#include <sodium.h>

#include <cassert>
#include <utility>

namespace frontdesk {

namespace {

// Nobody's password has this hash; with the interactive limits' own parameters, so that it takes as
// long as any other.
constexpr const char* nobodys_hash =
    "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
}

fault_or<std::string> hash_of(const std::string& password) {
  if (password.size() < limits::password_bytes_min ||
      password.size() > limits::password_bytes_max) {
    return fault_code::bad_value;
  }
  // Fails only for want of memory.
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  const int failed =
      crypto_pwhash_str(hash.data(), password.data(), password.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
  if (failed != 0) {
    return fault_code::internal;
  }
  hash.resize(hash.find('\0'));
  return hash;
}

}  // namespace

passwords::passwords() {
  const int failed = sodium_init();
  assert(failed >= 0);
  thread_ = std::thread([this] { run(); });
}

passwords::~passwords() {
  stop();
}

void passwords::stop() {
  {
    const std::lock_guard guard(mutex_);
    is_ending_ = true;
    waiting_.clear();
  }
  changed_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

fault_or<done> passwords::check(std::string hash, std::string password,
                                std::function<void(bool)> answer) {
  return enqueue([hash = std::move(hash), password = std::move(password),
                  answer = std::move(answer)]() mutable {
    // libsodium reads the parameters from the hash, so old hashes stay right if ours change.
    const char* const compared = hash.empty() ? nobodys_hash : hash.c_str();
    const bool fits = crypto_pwhash_str_verify(compared, password.data(), password.size()) == 0;
    wipe(password);
    answer(fits && !hash.empty());
  });
}

fault_or<done> passwords::hash(std::string password,
                               std::function<void(fault_or<std::string>)> answer) {
  return enqueue([password = std::move(password), answer = std::move(answer)]() mutable {
    auto hashed = hash_of(password);
    wipe(password);
    answer(std::move(hashed));
  });
}

fault_or<done> passwords::enqueue(std::function<void()> job) {
  {
    const std::lock_guard guard(mutex_);
    // Nobody is left to hear an answer.
    if (is_ending_) {
      return done{};
    }
    if (waiting_.size() >= waiting_max) {
      return fault_code::busy;
    }
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return done{};
}

void passwords::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (is_ending_) {
      return;
    }
    // Unlocked meanwhile: others may still queue up, or be told that they cannot.
    const auto job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace frontdesk
