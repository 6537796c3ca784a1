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
/// its answer (wire/admin_json.hpp). What is wrong with a caller is told to the caller, and is no
/// trouble of the others:
///
///     a line that is no request            the fault of admin_json, and the next line is read
///     a line above `line_bytes_max`        `too_large`, closed
///     half a line for `patience`           `not_json`, closed; none at all: closed
///     half a line and the end              is read as a line
///     many lines at once                   answered one by one, in turns with the other callers
///     one more than `connections_max`      `busy`, closed
///     nobody who takes the answer          closed after `patience`
namespace frontdesk {

/// Answers commands until it is destroyed.
class admin_socket {
 public:
  static constexpr std::size_t connections_max = 16;
  static constexpr std::size_t line_bytes_max = 64 * 1024;

  /// A socket that was left behind is replaced; that no other node is here is what the store's lock
  /// says. What is handed in outlives it. Trouble: `input_output`, `no_permission`.
  /// `patience`: for a request to be whole, and for its answer to be taken.
  static or_trouble<std::unique_ptr<admin_socket>> open(
      const std::string& path, administration&, const wall_clock&,
      std::chrono::milliseconds patience = std::chrono::seconds{10});

  admin_socket() = default;
  admin_socket(const admin_socket&) = delete;
  admin_socket& operator=(const admin_socket&) = delete;
  /// Waits for a request that is being answered, closes the others, removes the socket.
  virtual ~admin_socket() = default;
};

}  // namespace frontdesk
