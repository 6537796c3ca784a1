#pragma once

#include "model/wall_clock.hpp"
#include "node/admin/administration.hpp"
#include "node/exit_code.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

/// The problem: the commands of an operator have to reach a running node, at a moment when all else
/// may be wrong with it, and nobody but the operator may give them.
///
/// The answer: a Unix socket in the data directory, which the file system guards, and a thread of
/// its own, which no other part of the node can keep busy. A request is a line of JSON, and so is
/// its answer (wire/admin_json.hpp).
namespace frontdesk {

/// Answers commands until it is destroyed.
class admin_socket {
 public:
  static constexpr std::size_t connections_max = 16;
  /// One request; a longer one is answered with a fault, and closed.
  static constexpr std::size_t line_bytes_max = 64 * 1024;
  /// For a request to be whole, and for its answer to be taken.
  static constexpr std::chrono::seconds deadline{10};

  /// A socket that was left behind is replaced; that no other node is here is what the store's lock
  /// says. What is handed in outlives it. Trouble: `input_output`, `no_permission`.
  static or_trouble<std::unique_ptr<admin_socket>> open(const std::string& path, administration&,
                                                        const wall_clock&);

  admin_socket() = default;
  admin_socket(const admin_socket&) = delete;
  admin_socket& operator=(const admin_socket&) = delete;
  /// Waits for a request that is being answered, closes the others, removes the socket.
  virtual ~admin_socket() = default;
};

}  // namespace frontdesk
