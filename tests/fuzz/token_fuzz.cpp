#include "model/limits.hpp"
#include "net/identity/token.hpp"
#include "tests/fuzz/promise.hpp"

#include <sodium.h>

#include <array>
#include <string>

namespace frontdesk {
namespace {

constexpr std::string_view secret = "a secret of thirty-two characters";
constexpr timestamp now{1'769'860'800'000};
constexpr std::array<token_kind, 3> kinds{token_kind::visitor, token_kind::access,
                                          token_kind::refresh};

std::string base64url(std::string_view bytes) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string digits(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(digits.data(), digits.size(),
                    reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), variant);
  digits.pop_back();
  return digits;
}

// Our own signature under anything: what is behind the signature must be read with care, too.
std::string sealed(std::string_view text) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()),
                              secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  std::array<char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(mac.data()));
  return std::string(text) + '.' + base64url({mac.data(), mac.size()});
}

bool are_same(const token_claims& one, const token_claims& other) {
  return one.kind == other.kind && one.who.tenant == other.who.tenant &&
         one.who.person == other.who.person && one.inbox == other.inbox &&
         one.generation == other.generation && one.issued_at == other.issued_at &&
         one.expires_at == other.expires_at;
}

void check(const token_key& key, const fault_or<token_claims>& read, token_kind kind) {
  if (!read.ok()) {
    const fault_code code = read.error().code;
    return promise(code == fault_code::bad_token || code == fault_code::token_expired,
                   "a token is refused by one of two codes");
  }
  const std::int64_t skew_ms = std::chrono::milliseconds(token_key::skew_max).count();
  promise(read->kind == kind, "a kind is never taken for another");
  promise(kind == token_kind::visitor ? read->who.person.is_visitor() : read->who.person.is_agent(),
          "a token is of the person whom its kind is for");
  promise(read->expires_at.value + skew_ms > now.value, "a token that is over is refused");
  promise(read->issued_at.value <= now.value + skew_ms, "a token of the future is refused");
  const std::string token = key.sign(*read);
  const auto again = key.verify(token, now);
  promise(again.ok() && are_same(*again, *read), "what was read and signed is read as the same");
}

void read_as_claims(const token_key& key, std::string_view claims) {
  for (const token_kind kind : kinds) {
    const std::string ours = key.sign({.kind = kind,
                                       .who = {},
                                       .inbox = {},
                                       .generation = 0,
                                       .issued_at = now,
                                       .expires_at = now});
    const std::string header = ours.substr(0, ours.find('.') + 1);
    promise(sealed(ours.substr(0, ours.rfind('.'))) == ours, "the target signs as the key does");
    const std::string token = sealed(header + base64url(claims));
    const auto read = key.verify(token, now);
    promise(!read.ok() || token.size() <= limits::token_bytes_max, "a token keeps its limit");
    check(key, read, kind);
  }
}

void read_as_token(const token_key& key, std::string_view text) {
  promise(!key.verify(text, now).ok(), "a token without our signature is refused");
  // Signed, so that the text's dots and digits are read.
  const auto read = key.verify(sealed(text), now);
  if (read.ok()) {
    check(key, read, read->kind);
  }
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto key = frontdesk::token_key::from_secret(frontdesk::secret);
  frontdesk::read_as_claims(*key, frontdesk::text_of(bytes, size));
  frontdesk::read_as_token(*key, frontdesk::text_of(bytes, size));
  return 0;
}
