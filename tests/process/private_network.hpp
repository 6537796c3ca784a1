#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace frontdesk::process {

/// The problem: what a proxy does to a link, both kernels see and can answer; of a cable that is
/// cut, or of a route that leads one way only, nobody is told.
///
/// The answer: two networks of the kernel with a cable between them, which are gone with the last
/// process in them. Needs root; a test that gets none skips, and says why.
class private_network {
 public:
  /// Where the node is, on the other end of the cable from the devices.
  static constexpr std::uint32_t node_host = 10U << 24U | 77U << 16U | 2U;
  static constexpr const char* node_address = "10.77.0.2";

  private_network();
  private_network(const private_network&) = delete;
  private_network& operator=(const private_network&) = delete;
  /// This thread is where it was before.
  ~private_network();

  /// Empty: there is a network, and this thread is on the devices' side.
  const std::string& why_not() const { return why_not_; }
  /// On the node's side.
  void with_node(const std::function<void()>& what) const;

  void is_cut() const;
  /// Only what the devices send is lost; or only what the node sends.
  void loses_upward() const;
  void loses_downward() const;
  void heals() const;

 private:
  bool runs(const std::string& ip_command) const;
  bool runs_with_node(const std::string& ip_command) const;
  bool lays_cable();

  int before_ = -1;
  int devices_ = -1;
  int node_ = -1;
  std::string why_not_;
};

}  // namespace frontdesk::process
