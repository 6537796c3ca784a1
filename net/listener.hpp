#pragma once

#include "model/limits.hpp"
#include "net/socket_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The problem: when a process has no descriptor left, `accept` fails at once and the connection
/// stays in the queue, so that the next `accept` fails at once, too: a listener that tries again
/// takes all of a processor, exactly when there is the least of it to spare.
///
/// The answer: it pauses, counts, and tries again.
///
/// And: when ten thousand come back in a tenth of a second, more of them wait than one queue of the
/// kernel takes (4096, unless an operator raised `net.core.somaxconn`). Whoever finds it full is
/// dropped without a word and knocks again after one second, then after two more.
///
/// The answer: several queues on the same address, among which the kernel spreads who comes.
namespace frontdesk {

/// Where to listen. `host` is an IP address: "0.0.0.0" for IPv4 only, "::" for both. Port 0 lets
/// the system choose.
struct listen_address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;

  friend bool operator==(const listen_address&, const listen_address&) = default;
};

/// Accepts the connections of one address and hands them out about in turn. Its own callbacks run
/// on the first of the threads that it was given; a socket belongs to the thread it is handed to
/// from its first moment.
class listener : public std::enable_shared_from_this<listener> {
 public:
  using io_contexts = std::vector<boost::asio::io_context*>;
  /// Called on the first thread; `target` says to which thread's context the socket belongs.
  using receiver = std::function<void(std::size_t target, plain_socket)>;

  /// Connections that the kernel keeps in a queue until they are accepted, if its own limit
  /// (`net.core.somaxconn`) is not lower.
  static constexpr int backlog = 4096;
  /// Together they keep those who come at once to a node that has just started.
  static constexpr std::size_t queues_count = 4;

  struct opened {
    std::shared_ptr<listener> running;
    /// A sentence for the operator, if it could not be opened.
    std::string why_not;
  };

  /// Takes the address, so that a port in use is known at once; `start` begins to accept. Any
  /// thread.
  static opened open(const listen_address&, io_contexts threads, std::chrono::milliseconds pause);

  /// On the first thread, once.
  void start(receiver);
  /// On the first thread: closes. No call of the receiver follows.
  void stop();

  /// The real one, also if 0 was asked for. Any thread.
  std::uint16_t port() const noexcept { return port_; }
  /// How often it had to wait for descriptors or memory. Any thread.
  std::uint64_t pauses_count() const noexcept { return pauses_; }

 private:
  using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                      boost::asio::io_context::executor_type>;

  struct queue {
    explicit queue(boost::asio::io_context& thread) : door(thread), timer(thread) {}

    acceptor door;
    boost::asio::steady_timer timer;
  };

  listener(io_contexts threads, std::chrono::milliseconds pause);
  boost::system::error_code bind(boost::asio::ip::tcp::endpoint);
  void accept(queue&);
  void on_accepted(queue&, std::size_t target, boost::system::error_code, plain_socket);
  void pause(queue&);

  const io_contexts threads_;
  const std::chrono::milliseconds pause_;
  /// None is added or leaves: callbacks keep references.
  std::vector<std::unique_ptr<queue>> queues_;
  receiver receive_;
  std::uint16_t port_ = 0;
  std::size_t next_ = 0;
  std::atomic<std::uint64_t> pauses_{0};
};

}  // namespace frontdesk
