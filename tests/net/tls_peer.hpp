#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace frontdesk {

/// What a client of TLS offers.
struct tls_offer {
  enum class versions { tls_1_1, tls_1_2, tls_1_3 };
  /// This one only.
  versions version = versions::tls_1_3;
  /// Of ALPN, each behind its length; empty: none.
  std::string protocols = {};
};

/// A client's half of TLS, without a socket: bytes in, bytes out. It believes any certificate.
class tls_peer {
 public:
  explicit tls_peer(const tls_offer& = {});
  tls_peer(const tls_peer&) = delete;
  tls_peer& operator=(const tls_peer&) = delete;
  ~tls_peer();

  /// What the server has sent.
  void hears(std::string_view records);
  /// Takes what is to be sent to the server.
  std::string says();
  /// Takes what the server said within TLS.
  std::string takes();

  /// Sent as soon as the handshake is done.
  void writes(std::string_view plain);
  void says_goodbye();
  void asks_for_renegotiation();
  void asks_for_keys();

  bool is_ready() const;
  bool has_failed() const { return has_failed_; }
  bool has_heard_goodbye() const;
  std::size_t tickets_count() const { return tickets_count_; }
  /// What was chosen of the offer's protocols.
  std::string protocol() const;
  /// Whose certificate it was.
  std::string name() const;

 private:
  void turn();

  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> session_;
  std::string unwritten_;
  std::string read_;
  std::size_t tickets_count_ = 0;
  bool has_failed_ = false;
};

}  // namespace frontdesk
