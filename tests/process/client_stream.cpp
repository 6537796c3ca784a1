#include "tests/process/client_stream.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace frontdesk::process {

namespace {

constexpr std::size_t addresses_per_net = 250;

sockaddr_in loopback(std::uint32_t host, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr =
      htonl(INADDR_LOOPBACK + host / addresses_per_net * 256 + host % addresses_per_net);
  return at;
}

SSL* new_session(int descriptor) {
  static SSL_CTX* const context = [] {
    // OpenSSL writes to sockets that have ended like to any other.
    ::signal(SIGPIPE, SIG_IGN);
    SSL_CTX* const made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return made;
  }();
  SSL* const session = SSL_new(context);
  SSL_set_fd(session, descriptor);
  SSL_set_connect_state(session);
  return session;
}

}  // namespace

int connect_to(const place& to) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  sockaddr_in own = loopback(to.from, 0);
  sockaddr_in there = loopback(0, to.port);
  if (to.host != 0) {
    own.sin_addr.s_addr = INADDR_ANY;
    there.sin_addr.s_addr = htonl(to.host);
  }
  if (made < 0 || bind(made, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
      (connect(made, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0 &&
       errno != EINPROGRESS)) {
    const std::string why = std::strerror(errno);
    ::close(made);
    throw std::runtime_error("cannot connect: " + why);
  }
  return made;
}

client_stream::client_stream(const place& to)
    : descriptor_(connect_to(to)),
      session_(to.speaks_tls ? new_session(descriptor_) : nullptr, &SSL_free) {}

client_stream::~client_stream() {
  session_.reset();
  ::close(descriptor_);
}

ssize_t client_stream::send(std::string_view bytes) {
  if (!session_ || bytes.empty()) {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  ERR_clear_error();
  return result_of(SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())));
}

ssize_t client_stream::recv(std::span<char> room) {
  if (!session_) {
    return ::recv(descriptor_, room.data(), room.size(), 0);
  }
  ERR_clear_error();
  return result_of(SSL_read(session_.get(), room.data(), static_cast<int>(room.size())));
}

ssize_t client_stream::result_of(int answer) {
  if (answer > 0) {
    return answer;
  }
  switch (SSL_get_error(session_.get(), answer)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      errno = EAGAIN;
      return -1;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      errno = ECONNRESET;
      return -1;
  }
}

std::string client_stream::server_name() const {
  X509* const theirs = session_ ? SSL_get0_peer_certificate(session_.get()) : nullptr;
  std::array<char, 256> name{};
  if (theirs != nullptr) {
    X509_NAME_get_text_by_NID(X509_get_subject_name(theirs), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
  }
  return name.data();
}

}  // namespace frontdesk::process
