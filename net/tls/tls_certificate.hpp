#pragma once

#include "model/ids.hpp"

#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

/// The problem: a certificate is two files that somebody else renews every few weeks, and the
/// moment at which it turns out to be the wrong one must not be the one in which a node has already
/// let go of the right one.
///
/// The answer: a value, whole and checked before anybody uses it. A connection keeps the one that
/// it began with.
namespace frontdesk {

struct tls_session_end {
  void operator()(ssl_st*) const;
};
/// OpenSSL's half of one connection.
using tls_session = std::unique_ptr<ssl_st, tls_session_end>;

/// A certificate with its chain and its key, and with them what this node speaks:
///
/// - TLS 1.2 and 1.3, with an ephemeral key exchange and authenticated ciphers; no compression, no
///   renegotiation; `http/1.1`, and no common word with who speaks other protocols only.
/// - No session tickets: each handshake is a whole one. What a ticket saves is the signature, which
///   with an elliptic key is a small part of it; what it costs is a secret that opens all sessions
///   for as long as it lives.
/// - Buffers are given back whenever they are empty (`SSL_MODE_RELEASE_BUFFERS`).
///
/// Immutable, so thread-safe.
class tls_certificate {
 public:
  struct files {
    /// PEM: the certificate first, then those that lead to an authority.
    std::string certificate;
    /// PEM, without a passphrase.
    std::string key;
  };
  struct loaded {
    std::shared_ptr<const tls_certificate> certificate;
    /// If it could not be loaded: sentences for the operator, with the file.
    std::string why_not;
    /// The file may not be read by this user.
    bool is_forbidden = false;
  };

  static loaded load(const files&);

  tls_certificate(const tls_certificate&) = delete;
  tls_certificate& operator=(const tls_certificate&) = delete;
  ~tls_certificate();

  /// Browsers take it from the first until the last of them; to load it is allowed at any time.
  timestamp valid_from() const noexcept { return valid_from_; }
  timestamp valid_until() const noexcept { return valid_until_; }

  /// The server's half of a new connection, without anything to read from yet.
  tls_session begin() const;

 private:
  tls_certificate() = default;

  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_{nullptr, nullptr};
  timestamp valid_from_{};
  timestamp valid_until_{};
};

}  // namespace frontdesk
