#include "net/http/http_answer.hpp"

#include "net/http/body_flow.hpp"
#include "wire/http_json.hpp"

#include <fmt/format.h>

#include <iterator>

namespace frontdesk {

namespace {

bool has_no_body(unsigned status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace

http_answer bare_answer(unsigned status) {
  http_answer answer;
  answer.status = status;
  return answer;
}

http_answer json_answer(unsigned status, std::string json) {
  http_answer answer = bare_answer(status);
  answer.body = std::move(json);
  answer.with("Content-Type", "application/json").with("Cache-Control", "no-store");
  return answer;
}

// Whole seconds for browsers and proxies, milliseconds for our own clients.
http_answer answer_of(const fault& why) {
  http_answer answer = json_answer(entry_of(why.code).http_status, http_json::to_json(why));
  if (why.retry_after_ms > 0) {
    answer.with("Retry-After", std::to_string((why.retry_after_ms + 999) / 1000));
  }
  return answer;
}

http_answer refusal(fault_code code, unsigned status, std::string_view sentence) {
  return json_answer(status, http_json::to_json(fault(code), sentence));
}

std::string_view phrase_of(unsigned status) {
  // Only those that this floor answers.
  static constexpr std::pair<unsigned, std::string_view> phrases[] = {
      {100, "Continue"},
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {204, "No Content"},
      {206, "Partial Content"},
      {302, "Found"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {411, "Length Required"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {426, "Upgrade Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  };
  for (const auto& [code, phrase] : phrases) {
    if (code == status) {
      return phrase;
    }
  }
  return "Unknown";
}

std::string head_of(const http_answer& answer, bool keep_alive) {
  std::string head;
  auto out = std::back_inserter(head);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", answer.status, phrase_of(answer.status));
  for (const auto& [name, value] : answer.fields) {
    fmt::format_to(out, "{}: {}\r\n", name, value);
  }
  // A length where none belongs would make a proxy wait for a body.
  if (!has_no_body(answer.status)) {
    if (!answer.is_endless) {
      const std::uint64_t bytes = answer.source ? answer.source->size() : answer.content().size();
      fmt::format_to(out, "Content-Length: {}\r\n", bytes);
    }
    head += "X-Content-Type-Options: nosniff\r\n";
  }
  // 101 says itself what becomes of the connection.
  if (answer.status >= 200) {
    fmt::format_to(out, "Connection: {}\r\n", keep_alive ? "keep-alive" : "close");
  }
  head += "\r\n";
  return head;
}

}  // namespace frontdesk
