#include "model/limits.hpp"
#include "net/http/http_request.hpp"
#include "net/http/http_words.hpp"
#include "tests/fuzz/cuts.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

using states = http_reader::states;

constexpr std::size_t body_bytes_max = 64;

// What a reader has made of a connection's bytes.
struct conversation {
  std::vector<http_request> requests;
  states end = states::idle;
};

bool are_same(const http_request& one, const http_request& other) {
  return one.method == other.method && one.target == other.target && one.body == other.body &&
         one.keep_alive == other.keep_alive && one.is_http_1_1 == other.is_http_1_1 &&
         std::ranges::equal(one.fields, other.fields, [](const auto& a, const auto& b) {
           return a.name == b.name && a.value == b.value;
         });
}

bool are_same(const conversation& one, const conversation& other) {
  return one.end == other.end &&
         std::ranges::equal(one.requests, other.requests,
                            [](const auto& a, const auto& b) { return are_same(a, b); });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

void check(const http_request& request) {
  promise(!request.target.empty() && request.target.size() <= http_reader::target_bytes_max,
          "a target keeps its limit");
  promise(request.target.front() == '/' || request.target == "*", "a target is a path");
  promise(!has_control(request.target) && request.target.find(' ') == std::string::npos,
          "a target has no space");
  promise(request.body.size() <= body_bytes_max, "a body keeps its limit");
  promise(request.body.empty() || request.method == http_method::post ||
              request.method == http_method::put || request.method == http_method::patch,
          "only POST, PUT and PATCH have a body");
  promise(request.count("host") == 1 && request.count("transfer-encoding") == 0 &&
              request.count("content-length") <= 1 && request.count("origin") <= 1,
          "what could be read in two ways is refused");
  std::size_t bytes = request.target.size();
  for (const auto& field : request.fields) {
    bytes += field.name.size() + field.value.size();
    promise(field.name == lower_case(field.name) && !field.name.empty(), "names are lower case");
    promise(!has_control(field.name) && !has_control(field.value), "a field is one line");
    promise(field.value == trimmed(field.value), "a value has no space at its ends");
  }
  promise(bytes <= limits::header_bytes_max, "a header keeps its limit");
}

// Reads a piece to its end, or to a refusal; a body that flows is gathered.
void hear_piece(http_reader& reader, std::span<const char>& unread, conversation& heard) {
  while (!unread.empty()) {
    if (reader.state() == states::flowing) {
      const std::span<const char> part = reader.take_body(unread);
      promise(!part.empty(), "a body that flows goes on");
      heard.requests.back().body.append(part.data(), part.size());
      continue;
    }
    const states now = reader.read(unread);
    if (now != states::complete && now != states::flowing) {
      return;
    }
    heard.requests.push_back(reader.take());
    check(heard.requests.back());
    promise((reader.state() == states::flowing) == (reader.body_left() > 0),
            "a body flows until its end");
  }
}

conversation hear(std::string_view bytes, cuts where) {
  http_reader reader([](http_method, std::string_view) { return body_bytes_max; });
  conversation heard;
  while (!bytes.empty() && reader.state() != states::refused) {
    const std::string_view piece = where.next(bytes);
    // A block of exactly its size, so that the sanitizer sees every overrun.
    const auto block = std::make_unique<char[]>(piece.size());
    std::copy(piece.begin(), piece.end(), block.get());
    std::span<const char> unread(block.get(), piece.size());
    hear_piece(reader, unread, heard);
    promise(unread.empty() || reader.state() == states::refused, "all is read but a refusal");
  }
  heard.end = reader.state();
  // Half a body is no request yet, however it travels.
  if (heard.end == states::flowing) {
    heard.requests.pop_back();
  }
  promise(heard.end != states::refused || reader.refusal().status >= 400, "a refusal says why");
  return heard;
}

std::string said(const http_request& request) {
  std::string text = std::string(name_of(request.method)) + ' ' + request.target +
                     (request.is_http_1_1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
  for (const auto& field : request.fields) {
    text += field.name + ": " + field.value + "\r\n";
  }
  return text + "\r\n" + request.body;
}

void hear_in_every_cut(std::string_view bytes) {
  const auto whole = hear(bytes, cuts::none(bytes));
  promise(are_same(hear(bytes, cuts::each_byte()), whole), "byte by byte, the same is heard");
  promise(are_same(hear(bytes, cuts::small(bytes)), whole), "in small pieces, the same is heard");

  for (const http_request& request : whole.requests) {
    const std::string text = said(request);
    // A method that is not served has no name to say it by; spaces that we add count, too.
    if (request.method == http_method::other || text.size() > limits::header_bytes_max) {
      continue;
    }
    const auto again = hear(text, cuts::none(text));
    promise(again.end == states::idle && again.requests.size() == 1 &&
                are_same(again.requests.front(), request),
            "what was heard and said again is heard as the same");
  }
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  frontdesk::hear_in_every_cut(frontdesk::text_of(bytes, size));
  return 0;
}
