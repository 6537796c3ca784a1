#include "tests/net/tls_peer.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <utility>

namespace frontdesk {

namespace {

int number_of(tls_offer::versions version) {
  switch (version) {
    case tls_offer::versions::tls_1_1:
      return TLS1_1_VERSION;
    case tls_offer::versions::tls_1_2:
      return TLS1_2_VERSION;
    case tls_offer::versions::tls_1_3:
      return TLS1_3_VERSION;
  }
  return 0;
}

}  // namespace

tls_peer::tls_peer(const tls_offer& offer)
    : context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free), session_(nullptr, &SSL_free) {
  SSL_CTX* const context = context_.get();
  // OpenSSL itself is ashamed of the old versions.
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  SSL_CTX_set_min_proto_version(context, number_of(offer.version));
  SSL_CTX_set_max_proto_version(context, number_of(offer.version));
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_sess_set_new_cb(context, [](SSL* session, SSL_SESSION* kept) {
    auto* me = static_cast<tls_peer*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(session)));
    me->tickets_count_ += SSL_SESSION_has_ticket(kept);
    return 0;
  });
  session_.reset(SSL_new(context));
  if (!offer.protocols.empty()) {
    SSL_set_alpn_protos(session_.get(),
                        reinterpret_cast<const unsigned char*>(offer.protocols.data()),
                        static_cast<unsigned>(offer.protocols.size()));
  }
  SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(session_.get());
  turn();
}

tls_peer::~tls_peer() = default;

void tls_peer::hears(std::string_view records) {
  BIO_write(SSL_get_rbio(session_.get()), records.data(), static_cast<int>(records.size()));
  turn();
}

std::string tls_peer::says() {
  BIO* const out = SSL_get_wbio(session_.get());
  std::string records(BIO_ctrl_pending(out), '\0');
  BIO_read(out, records.data(), static_cast<int>(records.size()));
  return records;
}

std::string tls_peer::takes() {
  return std::exchange(read_, {});
}

void tls_peer::writes(std::string_view plain) {
  unwritten_ += plain;
  turn();
}

void tls_peer::says_goodbye() {
  SSL_shutdown(session_.get());
}

void tls_peer::asks_for_renegotiation() {
  SSL_renegotiate(session_.get());
  turn();
}

void tls_peer::asks_for_keys() {
  SSL_key_update(session_.get(), SSL_KEY_UPDATE_REQUESTED);
  SSL_do_handshake(session_.get());
}

bool tls_peer::is_ready() const {
  return SSL_is_init_finished(session_.get()) == 1;
}

bool tls_peer::has_heard_goodbye() const {
  return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0 && !has_failed_;
}

std::string tls_peer::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

std::string tls_peer::name() const {
  X509* const theirs = SSL_get0_peer_certificate(session_.get());
  std::array<char, 256> name{};
  if (theirs != nullptr) {
    X509_NAME_get_text_by_NID(X509_get_subject_name(theirs), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
  }
  return name.data();
}

void tls_peer::turn() {
  ERR_clear_error();
  int answer = SSL_do_handshake(session_.get());
  if (answer == 1 && !unwritten_.empty()) {
    SSL_write(session_.get(), unwritten_.data(), static_cast<int>(unwritten_.size()));
    unwritten_.clear();
  }
  std::array<char, 16 * 1024> room;
  while (answer > 0) {
    answer = SSL_read(session_.get(), room.data(), static_cast<int>(room.size()));
    if (answer > 0) {
      read_.append(room.data(), static_cast<std::size_t>(answer));
    }
  }
  const int why = SSL_get_error(session_.get(), answer);
  has_failed_ = has_failed_ || why == SSL_ERROR_SSL || why == SSL_ERROR_SYSCALL;
  ERR_clear_error();
}

}  // namespace frontdesk
