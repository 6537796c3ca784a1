#pragma once

#include "model/fault.hpp"
#include "model/ids.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

/// The problem: a token is a stranger's claim with our signature under it, and everything before
/// the signature was checked is only a stranger's. Most broken token checks let the token choose
/// how it is to be checked, or take one kind of token for another.
///
/// The answer: JSON web tokens (RFC 7519) in exactly one form. docs/decisions/0002-tokens.md says
/// why they are cut by hand.
///
///     base64url(header) . base64url(claims) . base64url(HMAC-SHA256(all before the second dot))
///
/// The header is compared, never read: there is one per kind, byte for byte, so that no `alg`,
/// `kid` or `jku` is ever obeyed. The claims are read only after the signature was found right.
namespace frontdesk {

/// What a token is good for. A kind is never accepted as another: header and audience differ.
enum class token_kind : std::uint8_t {
  visitor,
  access,
  refresh,
  /// Opens one stream of events, where no header can be sent and an address is all there is.
  ticket,
};

/// What a token says.
struct token_claims {
  token_kind kind = token_kind::visitor;
  person_name who;
  /// Visitors: the inbox whose widget key they came with.
  inbox_id inbox;
  /// Visitors: theirs come first, whatever the inbox.
  bool is_vip = false;
  /// Agents: the agent's `token_generation` when it was given.
  std::uint32_t generation = 0;
  /// Tickets: when the token ends for which it was given; what it opens ends then, too.
  timestamp good_until{};
  /// Tickets: random, so that each is told from the others; at most 2^53 - 1.
  std::uint64_t serial = 0;
  /// To the second.
  timestamp issued_at;
  timestamp expires_at;
};

/// Makes and checks tokens with one secret. Immutable, thread-safe; checking costs about 5 µs.
class token_key {
 public:
  /// As many as the HMAC's output; a shorter key would be the weakest link (RFC 7518, 3.2).
  static constexpr std::size_t secret_bytes_min = 32;
  /// How far two clocks may differ.
  static constexpr std::chrono::seconds skew_max{60};

  /// None if the secret is too short. The secret is not kept in readable form.
  static std::optional<token_key> from_secret(std::string_view secret);
  token_key(token_key&&) noexcept;
  token_key& operator=(token_key&&) noexcept;
  ~token_key();

  std::string sign(const token_claims&) const;

  /// Faults: `token_expired`: was ours, is over. `bad_token`: all else, without saying what, also a
  /// token from more than `skew_max` in the future. At most `limits::token_bytes_max` are looked
  /// at.
  fault_or<token_claims> verify(std::string_view token, timestamp now) const;

 private:
  struct free_context {
    void operator()(evp_mac_ctx_st*) const;
  };
  using context = std::unique_ptr<evp_mac_ctx_st, free_context>;

  explicit token_key(context keyed);
  std::string signature_of(std::string_view signed_part) const;

  context keyed_;
  /// By kind: base64url of the header.
  std::array<std::string, 4> headers_;
};

}  // namespace frontdesk
