#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

/// The problem: between a person and a node lie lifts, tunnels, hotels and routers that forget. The
/// loopback network of a test has none of them, and what the kernel could add needs root.
///
/// The answer: a proxy that carries bytes between devices and a node as badly as it was told to:
///
///     device ──► fault_proxy ──► node        each way is delayed, cut into pieces, slowed down,
///            ◄──             ◄──             and after a while the link ends, or only seems to
///            live
namespace frontdesk::process {

/// How a link ends.
enum class link_end : std::uint8_t {
  /// When one of its sides says so.
  never,
  /// Both sides get a reset.
  reset,
  /// Both sides get an end; what was on its way is lost.
  closed,
  /// The node hears an end, and what it still says arrives.
  half_closed,
  /// Nothing arrives any more; both sides believe that all is well.
  silent,
  /// The same in one way only.
  deaf_up,
  deaf_down,
  /// Nothing is even taken any more, until the kernel's buffers are full.
  stuck,
};
constexpr std::size_t link_ends_count = 8;

/// How bytes are carried in one way.
struct way_plan {
  /// What each piece waits before it goes on.
  std::chrono::milliseconds delay{0};
  /// One write.
  std::size_t piece_bytes = 64 * 1024;
  /// 0: as fast as it goes.
  std::size_t bytes_per_second = 0;
};

/// The fate of one link.
struct link_plan {
  way_plan up;
  way_plan down;
  link_end end = link_end::never;
  std::chrono::milliseconds ends_after{0};
  /// What the kernel may hold for the proxy of each way; 0: as much as it likes.
  int kernel_bytes = 0;
};

/// The fate of the n-th link, counted from 0.
using link_plans = std::function<link_plan(std::size_t nth)>;

/// Every trouble, drawn by seed: the same plans for the same links in the same order. Links live
/// for up to about `life`.
link_plans plans_of(std::uint64_t seed, std::chrono::milliseconds life);

/// Runs on a thread of its own; all may be called from the test's.
class fault_proxy {
 public:
  explicit fault_proxy(link_plans);
  fault_proxy(const fault_proxy&) = delete;
  fault_proxy& operator=(const fault_proxy&) = delete;
  ~fault_proxy();

  /// Where devices connect to.
  std::uint16_t port() const;
  /// Where new links lead.
  void leads_to(std::uint16_t node_port);
  /// All links are reset, and new ones have no trouble.
  void heals();
  /// All links bring so many bytes a second to their devices from now on, one by one.
  void slows_down(std::size_t bytes_per_second);
  /// All links go on as fast as they can, and new ones too.
  void hurries();

  /// Links by the end that they were given, as far as they came to it.
  std::array<std::size_t, link_ends_count> ends() const;
  std::size_t links_count() const;
  /// What the n-th link has brought to its device so far.
  std::size_t bytes_down(std::size_t nth) const;
  /// The node has let go of the n-th link, whether or not its bytes have come through.
  bool is_given_up_by_node(std::size_t nth) const;
  /// One line for the person who reads the test.
  std::string summary() const;

 private:
  struct inner;
  std::unique_ptr<inner> inner_;
};

}  // namespace frontdesk::process
