#include "net/tls/tls_certificate.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <new>
#include <span>
#include <string_view>
#include <utility>

namespace frontdesk {

namespace {

using context_ptr = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;
using bio_ptr = std::unique_ptr<BIO, int (*)(BIO*)>;
using x509_ptr = std::unique_ptr<X509, void (*)(X509*)>;
using key_ptr = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

// A chain has about ten kilobytes; whatever is much larger is another file.
constexpr std::size_t file_bytes_max = 1024 * 1024;

// Of TLS 1.2; those of 1.3 are all good.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
// In the form of RFC 7301: each word behind its length.
constexpr std::array<unsigned char, 9> spoken{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

struct pem_file {
  std::string text;
  std::string why_not;
  bool is_forbidden = false;

  bio_ptr open() const {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
  }
};

pem_file read(std::string_view what, const std::string& path) {
  pem_file file;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(path.c_str(), "rb"),
                                                           &std::fclose);
  if (in) {
    file.text.resize(file_bytes_max + 1);
    file.text.resize(std::fread(file.text.data(), 1, file.text.size(), in.get()));
  }
  if (!in || std::ferror(in.get()) != 0) {
    file.why_not =
        fmt::format("The {} file {} cannot be read: {}.", what, path, std::strerror(errno));
    file.is_forbidden = errno == EACCES;
  } else if (file.text.size() > file_bytes_max) {
    file.why_not = fmt::format("The {} file {} is far too large to be one.", what, path);
  }
  return file;
}

// Why OpenSSL refused, in its own words.
std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason == nullptr ? "no reason given" : reason;
  ERR_clear_error();
  return text;
}

// The one protocol, if it is among those that were offered.
int choose(std::span<const unsigned char> offered, const unsigned char** out,
           unsigned char* out_size) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, spoken.data(), spoken.size(), offered.data(),
                            static_cast<unsigned>(offered.size())) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

context_ptr make_context() {
  context_ptr made(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (!made) {
    throw std::bad_alloc();
  }
  SSL_CTX* const context = made.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // A write is retried from wherever the frames lie then.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // One system call for a record, not one for its head and one for the rest.
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_alpn_select_cb(
      context,
      [](SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
         unsigned in_size, void*) {
        return choose({in, in_size}, out, out_size);
      },
      nullptr);
  return made;
}

// No program can type a passphrase; without this, OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

std::string put_chain(SSL_CTX* context, BIO* from, const std::string& path) {
  while (X509* next = PEM_read_bio_X509(from, nullptr, nullptr, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return fmt::format("A certificate of the chain in {} cannot be used: {}.", path,
                         last_reason());
    }
  }
  // The end of the file is the ordinary reason to stop.
  const unsigned long error = ERR_peek_last_error();
  const bool is_end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (!is_end) {
    return fmt::format("A certificate of the chain in {} is damaged: {}.", path, last_reason());
  }
  ERR_clear_error();
  return {};
}

std::string put_key(SSL_CTX* context, X509* owner, const pem_file& text,
                    const tls_certificate::files& from) {
  bool was_asked = false;
  const key_ptr key(PEM_read_bio_PrivateKey(text.open().get(), nullptr, &no_passphrase, &was_asked),
                    &EVP_PKEY_free);
  if (was_asked) {
    return fmt::format(
        "The key in {0} has a passphrase. Write it without one: openssl pkey -in {0} -out …",
        from.key);
  }
  if (!key) {
    return fmt::format("{} holds no private key in PEM form.", from.key);
  }
  if (X509_check_private_key(owner, key.get()) != 1) {
    return fmt::format("The key in {} does not belong to the certificate in {}.", from.key,
                       from.certificate);
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return fmt::format("The key in {} cannot be used: {}.", from.key, last_reason());
  }
  return {};
}

timestamp moment_of(const ASN1_TIME* text) {
  std::tm parts{};
  ASN1_TIME_to_tm(text, &parts);
  return timestamp{static_cast<std::int64_t>(timegm(&parts)) * 1000};
}

}  // namespace

void tls_session_end::operator()(ssl_st* session) const {
  SSL_free(session);
}

tls_certificate::~tls_certificate() = default;

tls_certificate::loaded tls_certificate::load(const files& from) {
  ERR_clear_error();
  const pem_file certificate = read("certificate", from.certificate);
  const pem_file key = read("key", from.key);
  for (const pem_file* each : {&certificate, &key}) {
    if (!each->why_not.empty()) {
      return {nullptr, each->why_not, each->is_forbidden};
    }
  }
  const bio_ptr text = certificate.open();
  const x509_ptr leaf(PEM_read_bio_X509_AUX(text.get(), nullptr, nullptr, nullptr), &X509_free);
  if (!leaf) {
    ERR_clear_error();
    return {nullptr, fmt::format("{} holds no certificate in PEM form.", from.certificate)};
  }
  context_ptr context = make_context();
  if (SSL_CTX_use_certificate(context.get(), leaf.get()) != 1) {
    return {nullptr, fmt::format("The certificate in {} cannot be used: {}.", from.certificate,
                                 last_reason())};
  }
  std::string why_not = put_chain(context.get(), text.get(), from.certificate);
  if (why_not.empty()) {
    why_not = put_key(context.get(), leaf.get(), key, from);
    ERR_clear_error();
  }
  if (!why_not.empty()) {
    return {nullptr, std::move(why_not)};
  }
  const std::shared_ptr<tls_certificate> made(new tls_certificate());
  made->context_ = std::move(context);
  made->valid_from_ = moment_of(X509_get0_notBefore(leaf.get()));
  made->valid_until_ = moment_of(X509_get0_notAfter(leaf.get()));
  return {made, {}};
}

tls_session tls_certificate::begin() const {
  tls_session made(SSL_new(context_.get()));
  if (!made) {
    throw std::bad_alloc();
  }
  SSL_set_accept_state(made.get());
  return made;
}

}  // namespace frontdesk
