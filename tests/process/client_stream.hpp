#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;

namespace frontdesk::process {

/// Where to connect to, and from which address of the loopback network: a node counts and limits by
/// address, and a test that plays a thousand people gives them as many.
struct place {
  std::uint16_t port = 0;
  /// 0 is 127.0.0.1, the others follow.
  std::uint32_t from = 0;
  bool speaks_tls = false;
  /// 0: 127.0.0.1; else this address, from whichever leads there.
  std::uint32_t host = 0;
};

/// A socket that is being connected, not blocking; throws std::runtime_error.
int connect_to(const place&);

/// A client's socket, plain or with TLS, which believes any certificate. It never blocks: both
/// functions give what the system calls of their names would, with `errno`.
class client_stream {
 public:
  explicit client_stream(const place&);
  client_stream(const client_stream&) = delete;
  client_stream& operator=(const client_stream&) = delete;
  /// Without a word.
  ~client_stream();

  int descriptor() const { return descriptor_; }
  ssize_t send(std::string_view);
  ssize_t recv(std::span<char>);
  /// Whose certificate it was; empty before the handshake.
  std::string server_name() const;

 private:
  ssize_t result_of(int answer);

  int descriptor_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> session_;
};

}  // namespace frontdesk::process
