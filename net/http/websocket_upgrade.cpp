#include "net/http/websocket_upgrade.hpp"

#include "net/http/http_words.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

namespace frontdesk {

namespace {

constexpr std::string_view version = "13";

// Base64 of exactly 16 bytes: 22 digits, the last of which carries two bits only, and two `=`.
bool is_key(std::string_view key) {
  constexpr std::size_t digits = 22;
  constexpr std::string_view last_digits = "AQgw";
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return key.size() == digits + 2 && key.ends_with("==") &&
         std::ranges::all_of(key.substr(0, digits), is_digit) &&
         last_digits.find(key[digits - 1]) != std::string_view::npos;
}

// Clients name them in the order in which they like them (RFC 6455, 4.1).
std::optional<encoding> chosen_by(const http_request& request) {
  for (const auto& [name, value] : request.fields) {
    std::string_view list = name == "sec-websocket-protocol" ? value : std::string_view();
    while (!list.empty()) {
      const std::string_view wish = next_word(list);
      for (const encoding each : {encoding::json, encoding::protobuf}) {
        if (equal_words(wish, subprotocols[index_of(each)])) {
          return each;
        }
      }
    }
  }
  return std::nullopt;
}

http_answer bad_upgrade(std::string_view sentence) {
  return refusal(fault_code::bad_value, 400, sentence);
}

}  // namespace

// In the order in which a client would want to hear of its mistakes.
http_answer answer_upgrade(const http_request& request) {
  if (request.method != http_method::get || !request.is_http_1_1) {
    return bad_upgrade("A WebSocket begins with GET over HTTP/1.1.");
  }
  if (!request.lists("upgrade", "websocket") || !request.lists("connection", "upgrade")) {
    return bad_upgrade("Only a WebSocket is spoken here: send Upgrade and Connection.");
  }
  if (request.count("sec-websocket-version") != 1 ||
      request.field("sec-websocket-version") != version) {
    return refusal(fault_code::bad_value, 426, "WebSocket version 13 is spoken here.")
        .with("Sec-WebSocket-Version", std::string(version))
        .with("Upgrade", "websocket");
  }
  const std::string_view key = request.field("sec-websocket-key");
  if (request.count("sec-websocket-key") != 1 || !is_key(key)) {
    return bad_upgrade("Sec-WebSocket-Key must be base64 of 16 bytes.");
  }
  // Without it a browser would speak before it knows that we understand.
  const auto spoken = chosen_by(request);
  if (!spoken) {
    return bad_upgrade(
        "Sec-WebSocket-Protocol must name frontdesk.v1.json or frontdesk.v1.protobuf.");
  }
  http_answer answer = bare_answer(101);
  answer.spoken = *spoken;
  answer.with("Upgrade", "websocket")
      .with("Connection", "Upgrade")
      .with("Sec-WebSocket-Accept", accept_of(key))
      .with("Sec-WebSocket-Protocol", std::string(subprotocols[index_of(*spoken)]));
  return answer;
}

std::string accept_of(std::string_view key) {
  const std::string salted = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  // SHA-1 proves nothing here: it shows that we are no cache that answers blindly.
  SHA1(reinterpret_cast<const unsigned char*>(salted.data()), salted.size(), hash.data());
  // 20 bytes become 28 digits, and the function appends a NUL.
  std::array<unsigned char, 29> digits{};
  const int size = EVP_EncodeBlock(digits.data(), hash.data(), static_cast<int>(hash.size()));
  assert(size == 28);
  return {reinterpret_cast<const char*>(digits.data()), static_cast<std::size_t>(size)};
}

}  // namespace frontdesk
