#include "net/identity/token.hpp"

#include "model/limits.hpp"
#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace frontdesk {

namespace {

constexpr std::string_view issuer = "frontdesk";
// Kind by kind. Header and audience both say it: the one before, the other behind the signature.
constexpr std::array<std::string_view, 4> audiences{"frontdesk/visitor", "frontdesk/access",
                                                    "frontdesk/refresh", "frontdesk/ticket"};
constexpr std::array<std::string_view, 4> types{"visitor+jwt", "access+jwt", "refresh+jwt",
                                                "ticket+jwt"};
constexpr std::size_t mac_bytes = 32;
/// Greater integers are not the same in every reader of JSON.
constexpr std::int64_t integer_max = (std::int64_t{1} << 53) - 1;
constexpr int base64_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::size_t index_of(token_kind kind) {
  return static_cast<std::size_t>(kind);
}

std::string base64url(std::string_view bytes) {
  // The length counts a terminating NUL.
  std::string digits(sodium_base64_encoded_len(bytes.size(), base64_variant), '\0');
  sodium_bin2base64(digits.data(), digits.size(),
                    reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    base64_variant);
  digits.pop_back();
  return digits;
}

// None if it is not the one encoding of some bytes: no padding, no other letter, no loose bits.
std::optional<std::string> bytes_of(std::string_view digits) {
  std::string bytes(digits.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const int wrong =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), digits.data(),
                        digits.size(), nullptr, &size, &end, base64_variant);
  if (wrong != 0 || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

// What other libraries would write, so that a token can be read by their tools.
std::string header_of(token_kind kind) {
  json_writer out(48);
  out.open();
  out.text("alg", "HS256");
  out.text("typ", types[index_of(kind)]);
  out.close();
  return base64url(out.take());
}

std::uint64_t seconds_of(timestamp t) {
  return static_cast<std::uint64_t>(t.value / 1000);
}

std::string claims_of(const token_claims& claims) {
  json_writer out(256);
  out.open();
  out.text("iss", issuer);
  out.text("aud", audiences[index_of(claims.kind)]);
  out.id("sub", claims.who.person);
  out.number("tenant", claims.who.tenant.value);
  if (claims.who.person.is_visitor()) {
    out.number("inbox", claims.inbox.value);
    if (claims.is_vip) {
      out.number("vip", 1);
    }
  } else {
    out.number("generation", claims.generation);
  }
  if (claims.kind == token_kind::ticket) {
    out.number("until", seconds_of(claims.good_until));
    out.number("serial", claims.serial);
  }
  out.number("iat", seconds_of(claims.issued_at));
  out.number("nbf", seconds_of(claims.issued_at));
  out.number("exp", seconds_of(claims.expires_at));
  out.close();
  return out.take();
}

/// Reads claims; the first that is missing or of another form spoils all.
class claims_reader {
 public:
  explicit claims_reader(const json_value& claims) : claims_(claims) {}

  std::string_view text(std::string_view name) {
    const json_value* const value = claims_.find(name);
    is_good_ = is_good_ && value != nullptr && value->kind == json_kind::string;
    return is_good_ ? value->text : std::string_view();
  }

  std::int64_t integer(std::string_view name, std::int64_t max = integer_max) {
    const json_value* const value = claims_.find(name);
    // A fraction is another kind, even 5.0; what does not fit 64 bits is another one, too.
    is_good_ = is_good_ && value != nullptr && value->kind == json_kind::integer &&
               value->number >= 0 && value->number <= max;
    return is_good_ ? value->number : 0;
  }

  std::uint32_t number(std::string_view name) {
    return static_cast<std::uint32_t>(integer(name, std::numeric_limits<std::uint32_t>::max()));
  }

  timestamp time(std::string_view name) {
    return timestamp{integer(name, integer_max / 1000) * 1000};
  }

  bool is_good() const { return is_good_; }

 private:
  const json_value& claims_;
  bool is_good_ = true;
};

bool is_client(person_id who) {
  return who.is_visitor() || who.is_agent();
}

fault_or<token_claims> read_claims(const json_value& root, token_kind kind, timestamp now) {
  claims_reader reader(root);
  token_claims claims;
  claims.kind = kind;
  // All fields are read before any is judged, so that no order of them matters.
  const bool is_ours =
      reader.text("iss") == issuer && reader.text("aud") == audiences[index_of(kind)];
  const auto who = person_from_text(reader.text("sub"));
  claims.who = {tenant_id{reader.number("tenant")}, who.value_or(person_id{})};
  if (claims.who.person.is_visitor()) {
    claims.inbox = inbox_id{reader.number("inbox")};
    claims.is_vip = root.find("vip") != nullptr && reader.number("vip") == 1;
  } else {
    claims.generation = reader.number("generation");
  }
  if (kind == token_kind::ticket) {
    claims.good_until = reader.time("until");
    claims.serial = static_cast<std::uint64_t>(reader.integer("serial"));
  }
  claims.issued_at = reader.time("iat");
  const timestamp not_before = reader.time("nbf");
  claims.expires_at = reader.time("exp");
  const bool is_fitting = kind == token_kind::visitor  ? claims.who.person.is_visitor()
                          : kind == token_kind::ticket ? is_client(claims.who.person)
                                                       : claims.who.person.is_agent();
  if (!reader.is_good() || !is_ours || !is_fitting) {
    return fault_code::bad_token;
  }
  const std::int64_t skew_ms = std::chrono::milliseconds(token_key::skew_max).count();
  if (claims.issued_at.value > now.value + skew_ms || not_before.value > now.value + skew_ms) {
    return fault_code::bad_token;
  }
  // Expired is told apart from bad: the holder may come back with a new one.
  if (claims.expires_at.value + skew_ms <= now.value) {
    return fault_code::token_expired;
  }
  return claims;
}

}  // namespace

void token_key::free_context::operator()(evp_mac_ctx_st* c) const {
  EVP_MAC_CTX_free(c);
}

std::optional<token_key> token_key::from_secret(std::string_view secret) {
  if (secret.size() < secret_bytes_min) {
    return std::nullopt;
  }
  // OpenSSL looks an algorithm up by its name, which costs more than the HMAC: once, here.
  EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  context keyed(EVP_MAC_CTX_new(algorithm));
  EVP_MAC_free(algorithm);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  const int ok = EVP_MAC_init(keyed.get(), reinterpret_cast<const unsigned char*>(secret.data()),
                              secret.size(), parameters);
  assert(ok == 1);
  return token_key(std::move(keyed));
}

token_key::token_key(context keyed)
    : keyed_(std::move(keyed)),
      headers_{header_of(token_kind::visitor), header_of(token_kind::access),
               header_of(token_kind::refresh), header_of(token_kind::ticket)} {}

token_key::token_key(token_key&&) noexcept = default;
token_key& token_key::operator=(token_key&&) noexcept = default;
token_key::~token_key() = default;

std::string token_key::sign(const token_claims& claims) const {
  std::string token = headers_[index_of(claims.kind)] + '.' + base64url(claims_of(claims));
  const std::string signature = signature_of(token);
  token += '.';
  token += signature;
  return token;
}

fault_or<token_claims> token_key::verify(std::string_view token, timestamp now) const {
  // Before anything is computed over it.
  if (token.size() > limits::token_bytes_max) {
    return fault_code::bad_token;
  }
  const std::size_t first_dot = token.find('.');
  const std::size_t last_dot = token.rfind('.');
  if (first_dot == std::string_view::npos || last_dot == first_dot) {
    return fault_code::bad_token;
  }
  const std::string_view header = token.substr(0, first_dot);
  const auto kind = std::ranges::find(headers_, header);
  const std::string_view signature = token.substr(last_dot + 1);
  if (kind == headers_.end()) {
    return fault_code::bad_token;
  }
  const std::string expected = signature_of(token.substr(0, last_dot));
  // Encoded and compared as text: of all ways to write the same bytes in base64 one is right. In
  // constant time, or the answer's time would tell how many digits are.
  if (signature.size() != expected.size() ||
      CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) != 0) {
    return fault_code::bad_token;
  }
  // A third dot would be within the claims, where it is no digit.
  const auto json = bytes_of(token.substr(first_dot + 1, last_dot - first_dot - 1));
  const json_document claims(json.value_or(std::string()));
  if (!json || claims.fault() != fault_code::none) {
    return fault_code::bad_token;
  }
  return read_claims(*claims.root(), static_cast<token_kind>(kind - headers_.begin()), now);
}

std::string token_key::signature_of(std::string_view signed_part) const {
  // The keyed state is copied, never used itself, so that all threads share one.
  const context copy(EVP_MAC_CTX_dup(keyed_.get()));
  std::array<char, mac_bytes> mac{};
  std::size_t size = 0;
  const bool ok =
      copy != nullptr &&
      EVP_MAC_update(copy.get(), reinterpret_cast<const unsigned char*>(signed_part.data()),
                     signed_part.size()) == 1 &&
      EVP_MAC_final(copy.get(), reinterpret_cast<unsigned char*>(mac.data()), &size, mac.size()) ==
          1;
  assert(ok && size == mac.size());
  return base64url({mac.data(), size});
}

}  // namespace frontdesk
