#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace frontdesk {

/// Two files that hold a certificate, which signs itself, and its key.
struct self_signed {
  std::string certificate;
  std::string key;
};

/// Whose it is, and how long it may be believed, in seconds from now.
struct self_signed_wish {
  std::string name = "desk.example";
  long from = -3600;
  long until = 24L * 3600;
  bool is_rsa = false;
};

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Writes `<folder>/<name>.crt` and `<folder>/<name>.key`; what was there is overwritten.
inline self_signed make_self_signed(const std::string& folder, const self_signed_wish& wish = {}) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      wish.is_rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> made(X509_new(), &X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.until);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(made.get());
  const auto* text = reinterpret_cast<const unsigned char*>(wish.name.c_str());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(made.get(), name);
  if (X509_sign(made.get(), key.get(), EVP_sha256()) == 0) {
    throw std::runtime_error("cannot make a certificate");
  }
  const auto text_of = [](auto write) {
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free);
    write(out.get());
    char* begin = nullptr;
    const long size = BIO_get_mem_data(out.get(), &begin);
    return std::string(begin, static_cast<std::size_t>(size));
  };
  const self_signed files{folder + "/" + wish.name + ".crt", folder + "/" + wish.name + ".key"};
  write_text(files.certificate, text_of([&](BIO* out) { PEM_write_bio_X509(out, made.get()); }));
  write_text(files.key, text_of([&](BIO* out) {
               PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
             }));
  return files;
}

}  // namespace frontdesk
