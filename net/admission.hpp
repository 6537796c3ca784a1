#pragma once

#include "model/limits.hpp"
#include "model/rate.hpp"
#include "net/hello_gate.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

/// The problem: before anybody has said who they are, all that is known of them is an address, and
/// each of them costs a descriptor and up to a header's bytes. A thousand who say nothing must not
/// keep out the one who speaks, and to refuse must cost less than to be refused.
///
/// The answer: counts and token buckets, asked in the moment of the accept and before each costly
/// request. All of them are bounded themselves, so that a flood of addresses fills nothing.
namespace frontdesk {

/// Who somebody is before they say so: an IPv4 address, or the /64 of an IPv6 address, which is
/// what one customer of a provider is given.
struct client_address {
  std::uint64_t network = 0;

  friend bool operator==(const client_address&, const client_address&) = default;
};

/// Where all counts and rates begin; a rate or a number of 0 means "no limit".
struct admission_limits {
  std::size_t connections_max = limits::connections_max;
  std::size_t handshakes_max = limits::handshakes_max;
  /// Half-open handshakes of one address. Behind one address may be an office, so this bounds only
  /// what one of them can hold at a time, not how many there are.
  std::size_t handshakes_per_address_max = 20;
  double visitors_per_second = limits::visitors_per_second;
  double visitors_burst = limits::visitors_burst;
  double logins_per_second = limits::logins_per_second;
  double logins_burst = limits::logins_burst;
  /// New sockets of one address: a whole office that comes back after a cut fits the burst.
  double sockets_per_second = 50;
  double sockets_burst = 1000;
  /// Requests with frames of one address: that office, where no WebSocket passes.
  double fetches_per_second = 200;
  double fetches_burst = 2000;
  /// Frames in such requests, of one person.
  double frames_per_second = limits::frames_per_second;
  double frames_burst = limits::frames_burst;
  /// Uploads that one person begins.
  double uploads_per_second = limits::uploads_per_second;
  double uploads_burst = limits::uploads_burst;
  /// TLS handshakes of one address, each about half a millisecond of a thread: the same office.
  double tls_handshakes_per_second = 50;
  double tls_handshakes_burst = 1000;
  /// Hellos of the node, also those that come by plain requests.
  double hellos_per_second = limits::hellos_per_second;
};

/// Token buckets by a 64-bit key, at most a fixed number of them: whoever was not seen for the
/// longest time is forgotten, which means a full bucket. Thread-safe.
class rate_table {
 public:
  using moment = rate::moment;

  /// 100 bytes each, so about a megabyte.
  static constexpr std::size_t keys_max = 10'000;

  rate_table(double per_second, double burst, std::size_t capacity = keys_max);

  /// Takes so many tokens; or none, and says after how long they will be there.
  std::optional<std::chrono::milliseconds> take(std::uint64_t key, moment now,
                                                std::size_t count = 1);

  std::size_t size() const;

 private:
  using bucket = std::pair<std::uint64_t, rate>;

  const double per_second_;
  const double burst_;
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  /// The latest seen first.
  std::list<bucket> by_age_;
  std::unordered_map<std::uint64_t, std::list<bucket>::iterator> by_key_;
};

/// The door of one node. Thread-safe. Outlives its passes.
///
///     accept ──► arrive ──► inside          the pass counts a connection and a handshake
///                  │          └─► handshake_done    a connection only
///                  ├─────► refused          503 with `Retry-After`; the pass counts a refusal
///                  └─────► dropped          closed without a word: even refusals are bounded
class admission {
 public:
  explicit admission(const admission_limits&);
  admission(const admission&) = delete;
  admission& operator=(const admission&) = delete;

  /// Refusals that are being told at one time. Each holds its descriptor for as long as the peer
  /// takes to hear it.
  static constexpr std::size_t refusals_max = 256;

  enum class verdicts : std::uint8_t { inside, refused, dropped };

  /// What somebody holds who came in; gives it back when it ends.
  class pass {
   public:
    pass() = default;
    pass(pass&& other) noexcept;
    pass& operator=(pass&& other) noexcept;
    ~pass();

    verdicts verdict() const noexcept { return verdict_; }
    /// The first request is whole: the peer is no longer one of those who may be silent.
    void handshake_done() noexcept;
    bool is_handshake_done() const noexcept { return !is_half_open_; }

   private:
    friend class admission;

    admission* door_ = nullptr;
    client_address from_;
    verdicts verdict_ = verdicts::dropped;
    bool is_half_open_ = false;
    bool is_counted_by_address_ = false;
  };

  /// `by_address` is false for a trusted proxy, behind which is everybody.
  pass arrive(client_address, bool by_address = true);

  std::size_t connections_count() const noexcept { return connections_; }
  std::size_t handshakes_count() const noexcept { return handshakes_; }

  rate_table visitors;
  rate_table logins_by_address;
  rate_table logins_by_account;
  rate_table sockets;
  rate_table fetches;
  rate_table frames_by_person;
  rate_table uploads_by_person;
  rate_table tls_handshakes;
  /// By tenant: new anonymous visitors while it is in tier 2.
  rate_table visitors_under_load;
  /// By a seat's number.
  rate_table hellos_by_seat;
  hello_gate hellos;

 private:
  bool enter_by_address(client_address);
  void leave_by_address(client_address) noexcept;

  const admission_limits limits_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> handshakes_{0};
  std::atomic<std::size_t> refusals_{0};
  std::mutex mutex_;
  /// Bounded by `handshakes_max`: an address without handshakes has no entry.
  std::unordered_map<std::uint64_t, std::size_t> handshakes_by_address_;
};

}  // namespace frontdesk
