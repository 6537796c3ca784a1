#pragma once

#include "net/admission.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The problem: what a stranger sends first is text that two parsers may read differently, and the
/// other parser is the proxy in front of us. Whatever is ambiguous (a folded line, two lengths, a
/// length beside an encoding, a line that ends without CR) is how a request is smuggled past it.
///
/// The answer: Beast parses, and what is ambiguous is refused before it is asked. No file but
/// `http_request.cpp` sees Beast.
namespace frontdesk {

enum class http_method : std::uint8_t { get, head, post, options, patch, put, remove, other };

std::string_view name_of(http_method);

/// How the client's bytes travelled.
enum class http_scheme : std::uint8_t {
  /// Plain to us; a proxy that nobody told us of may have ended TLS.
  unknown,
  http,
  https,
};

/// One request, whole. Names of fields are in lower case.
struct http_request {
  struct field_line {
    std::string name;
    std::string value;
  };

  http_method method = http_method::other;
  /// With its query, as it was sent: nothing is decoded.
  std::string target;
  std::vector<field_line> fields;
  std::string body;
  /// Whether the peer wants to send another one.
  bool keep_alive = false;
  bool is_http_1_1 = false;
  /// Who asks, and how; the session says so.
  client_address from;
  http_scheme scheme = http_scheme::unknown;

  std::string_view path() const;
  /// Behind the question mark.
  std::string_view query() const;
  /// The first field of this name, or empty. `name` in lower case.
  std::string_view field(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  /// Whether a comma-separated list, over all fields of this name, holds this word. Case matters
  /// not.
  bool lists(std::string_view name, std::string_view word) const;
};

/// Why a request is not one, and what the peer is told. The connection ends with it, because where
/// the next request would begin is not known.
struct http_refusal {
  unsigned status = 400;
  std::string_view sentence;
};

/// Reads one request at a time from pieces of any size.
///
/// Bounds: `limits::header_bytes_max` for the header, of which the target has `target_bytes_max`;
/// `body_bound` for the body, which only POST, PUT and PATCH have. Refused at the first byte that
/// cannot be right, except for what Beast finds at the header's end.
///
///     431 header too large   414 target too long   413 body too large   411 Transfer-Encoding
///     505 not HTTP/1.x       417 another expectation than 100-continue   400 all else
///
/// Costs two empty strings between requests.
class http_reader {
 public:
  static constexpr std::size_t target_bytes_max = 2048;

  enum class states : std::uint8_t {
    idle,      ///< Nothing of a request has come.
    header,    ///< The header has begun.
    body,      ///< The header is whole, the body is not.
    flowing,   ///< The header of a PATCH is whole: `take` the request, then its body in pieces.
    complete,  ///< `take` the request.
    refused,   ///< See `refusal`; nothing more is read.
  };

  /// How large the body for a path may be.
  using body_bound = std::size_t (*)(http_method, std::string_view path);

  /// Without a bound: `limits::body_bytes_max` for all.
  explicit http_reader(body_bound = nullptr);
  ~http_reader();

  /// Takes from the front what belongs to this request, and moves the front behind it.
  states read(std::span<const char>& unread);
  states state() const noexcept { return state_; }

  /// Whether the peer waits for `100 Continue` before it sends the body. True once per request.
  bool wants_continue();

  /// The request; the reader is idle afterwards, unless the body flows.
  http_request take();

  /// @name A body that flows
  /// @{
  /// Takes from the front what belongs to the body; with its last byte the reader is idle.
  std::span<const char> take_body(std::span<const char>& unread);
  /// What of it is still to come.
  std::size_t body_left() const noexcept { return state_ == states::flowing ? body_bytes_ : 0; }
  /// @}
  const http_refusal& refusal() const noexcept { return refusal_; }

 private:
  void read_header(std::span<const char>& unread);
  void read_body(std::span<const char>& unread);
  void check_new_bytes(std::size_t from);
  void end_header();
  void refuse(unsigned status, std::string_view sentence);

  const body_bound bound_;
  states state_ = states::idle;
  http_refusal refusal_;
  std::string head_;
  http_request request_;
  std::size_t body_bytes_ = 0;
  bool wants_continue_ = false;
};

}  // namespace frontdesk
