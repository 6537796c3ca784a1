#pragma once

#include "tests/process/socket_link.hpp"

#include <string>
#include <string_view>

/// The HTTP side of a node as a client uses it: one request, one answer, waiting for it.
namespace frontdesk::process {

struct http_said {
  /// 0: there was no answer.
  unsigned status = 0;
  std::string head;
  std::string body;
  /// Of TLS: whose certificate it was.
  std::string server_name;
};

/// Sends these bytes and reads until the node closes, or the answer is whole.
http_said ask(const place&, std::string_view request);
http_said post_json(const place&, std::string_view path, std::string_view body);

/// Somebody whom the node knows.
struct signed_in {
  /// As the wire writes it: `visitor:…`, `agent:…`.
  std::string person;
  std::string token;
};

/// Both throw std::runtime_error with the node's answer if it refuses.
signed_in new_visitor(const place&, const std::string& widget_key);
signed_in sign_in(const place&, const std::string& email, const std::string& password);

/// 32 hex digits out of a number.
std::string device_name(std::uint64_t number);

}  // namespace frontdesk::process
