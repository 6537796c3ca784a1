#pragma once

#include "net/internal/internal_session.hpp"
#include "net/listener.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The problem: a node that is asked whether it lives while all its I/O threads are full answers
/// late, is taken for dead, and is killed by whoever asked, at the worst moment. And what operators
/// read is not for the world.
///
/// The answer: a port of its own, on a thread of its own that waits for no actor and for no I/O
/// thread, with sockets of its own, of which there are few. Who silently holds them all is shown
/// out, so that a probe gets in.
namespace frontdesk {

struct internal_door_options {
  listen_address address;
  /// Names by which operators come, in lower case (see `internal_routes`).
  std::vector<std::string> hosts;
  std::size_t connections_max = limits::internal_connections_max;
  internal_patience patience;
  /// Is told of what nobody expected, on the door's thread.
  std::function<void(std::string_view what)> on_failure;
};

/// Listens from `open` until it is destroyed.
class internal_door {
 public:
  struct opened {
    std::unique_ptr<internal_door> running;
    /// A sentence for the operator, if it could not be opened.
    std::string why_not;
  };

  /// The view outlives it.
  static opened open(const node_view&, internal_door_options);

  internal_door() = default;
  internal_door(const internal_door&) = delete;
  internal_door& operator=(const internal_door&) = delete;
  /// Closes all that is open, and ends the thread.
  virtual ~internal_door() = default;

  virtual std::uint16_t port() const = 0;
  /// How many are connected. Any thread.
  virtual std::size_t connections_count() const = 0;
};

}  // namespace frontdesk
