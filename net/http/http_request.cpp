#include "net/http/http_request.hpp"

#include "model/limits.hpp"
#include "net/http/http_words.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace frontdesk {

namespace {

namespace beast_http = boost::beast::http;
using beast_parser = beast_http::request_parser<beast_http::string_body>;

constexpr std::string_view too_large_body = "The body is larger than this path takes.";
constexpr std::string_view header_end = "\r\n\r\n";
/// The longest method, two spaces, and the version.
constexpr std::size_t request_line_rest_max = 32;

http_method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return http_method::get;
    case beast_http::verb::head:
      return http_method::head;
    case beast_http::verb::post:
      return http_method::post;
    case beast_http::verb::options:
      return http_method::options;
    case beast_http::verb::patch:
      return http_method::patch;
    case beast_http::verb::put:
      return http_method::put;
    case beast_http::verb::delete_:
      return http_method::remove;
    default:
      return http_method::other;
  }
}

http_request copied(const beast_parser& parser) {
  // Copied, so that no other file has to know Beast, whose headers take seconds to compile.
  const auto& message = parser.get();
  http_request request;
  request.method = method_of(message.method());
  request.target = std::string(message.target());
  request.keep_alive = message.keep_alive();
  request.is_http_1_1 = message.version() == 11;
  for (const auto& line : message) {
    const auto name = line.name_string();
    const auto value = line.value();
    request.fields.push_back({lower_case({name.data(), name.size()}), std::string(value)});
  }
  return request;
}

// What a whole header may still have wrong with it.
std::optional<http_refusal> check(const http_request& request) {
  // Two hosts are two readings: the proxy routes by one, we would check origins by the other.
  if (request.count("host") != 1 || request.field("host").empty()) {
    return http_refusal{400, "There must be one Host."};
  }
  // Beast also takes "5, 5", which another parser may not.
  const std::string_view length = request.field("content-length");
  if (request.count("content-length") > 1 ||
      length.find_first_not_of("0123456789") != std::string_view::npos) {
    return http_refusal{400, "There may be one Content-Length, a number."};
  }
  if (request.count("origin") > 1) {
    return http_refusal{400, "There may be one Origin."};
  }
  // No browser sends a request in chunks, and every known smuggling needs them.
  if (request.count("transfer-encoding") > 0) {
    return request.count("content-length") > 0
               ? http_refusal{400, "Content-Length and Transfer-Encoding exclude each other."}
               : http_refusal{411, "The body's length must be known: send Content-Length."};
  }
  if (request.target.size() > http_reader::target_bytes_max) {
    return http_refusal{414, "The target is longer than 2 KiB."};
  }
  // The absolute form is for proxies; with it, host and target could disagree.
  if (request.target.front() != '/' && request.target != "*") {
    return http_refusal{400, "The target must be a path."};
  }
  if (request.count("expect") > 0 && !equal_words(request.field("expect"), "100-continue")) {
    return http_refusal{417, "The one thing to expect is 100-continue."};
  }
  return std::nullopt;
}

http_refusal refusal_of(boost::system::error_code error) {
  if (error == beast_http::error::header_limit) {
    return {431, "The header is larger than 8 KiB."};
  }
  if (error == beast_http::error::body_limit) {
    return {413, too_large_body};
  }
  if (error == beast_http::error::bad_version) {
    return {505, "HTTP/1.1 is spoken here."};
  }
  return {400, "This is not an HTTP request."};
}

}  // namespace

std::string_view name_of(http_method method) {
  constexpr std::array<std::string_view, 8> names{"GET",   "HEAD", "POST",   "OPTIONS",
                                                  "PATCH", "PUT",  "DELETE", "?"};
  return names[static_cast<std::size_t>(method)];
}

std::string_view http_request::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view http_request::query() const {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

std::string_view http_request::field(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &field_line::name);
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::size_t http_request::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count(fields, name, &field_line::name));
}

bool http_request::lists(std::string_view name, std::string_view word) const {
  return std::ranges::any_of(fields, [&](const field_line& line) {
    return line.name == name && list_holds(line.value, word);
  });
}

http_reader::http_reader(body_bound bound) : bound_(bound) {}
http_reader::~http_reader() = default;

http_reader::states http_reader::read(std::span<const char>& unread) {
  if ((state_ == states::idle || state_ == states::header) && !unread.empty()) {
    state_ = states::header;
    read_header(unread);
  }
  if (state_ == states::body) {
    read_body(unread);
  }
  return state_;
}

bool http_reader::wants_continue() {
  return std::exchange(wants_continue_, false);
}

http_request http_reader::take() {
  http_request request = std::move(request_);
  request_ = {};
  std::string().swap(head_);
  if (state_ == states::flowing) {
    return request;
  }
  body_bytes_ = 0;
  wants_continue_ = false;
  state_ = states::idle;
  return request;
}

std::span<const char> http_reader::take_body(std::span<const char>& unread) {
  const std::span<const char> piece = unread.first(std::min(unread.size(), body_left()));
  unread = unread.subspan(piece.size());
  if (state_ == states::flowing) {
    body_bytes_ -= piece.size();
    state_ = body_bytes_ > 0 ? states::flowing : states::idle;
    wants_continue_ = wants_continue_ && state_ == states::flowing;
  }
  return piece;
}

void http_reader::read_header(std::span<const char>& unread) {
  const std::size_t before = head_.size();
  const std::size_t room = limits::header_bytes_max - before;
  head_.append(unread.data(), std::min(unread.size(), room));
  // The end may have begun in what came before: its first three bytes at most.
  const std::size_t end = head_.find(header_end, before < 3 ? 0 : before - 3);
  const bool is_whole = end != std::string::npos;
  if (is_whole) {
    head_.resize(end + header_end.size());
  }
  unread = unread.subspan(head_.size() - before);
  check_new_bytes(before);
  if (state_ != states::header) {
    return;
  }
  if (is_whole) {
    end_header();
  } else if (head_.size() == limits::header_bytes_max) {
    refuse(431, "The header is larger than 8 KiB.");
  }
}

void http_reader::check_new_bytes(std::size_t from) {
  // Every method begins with a capital. A TLS greeting does not, nor does a port scanner.
  if (head_.front() < 'A' || head_.front() > 'Z') {
    return refuse(400, "This is not an HTTP request.");
  }
  for (std::size_t i = std::max<std::size_t>(from, 1); i < head_.size(); ++i) {
    // CR and LF come as a pair or not at all: a lone one is a line end to some parsers only.
    if ((head_[i] == '\n') != (head_[i - 1] == '\r')) {
      return refuse(400, "A line must end with CR LF.");
    }
    if (head_[i - 1] == '\n' && (head_[i] == ' ' || head_[i] == '\t')) {
      return refuse(400, "A header line may not be folded.");
    }
    if (head_[i] == '\0') {
      return refuse(400, "This is not an HTTP request.");
    }
  }
  // Told before the header is whole, or a long target would be an endless header.
  constexpr std::size_t line_max = target_bytes_max + request_line_rest_max;
  if (std::min(head_.find('\r'), head_.size()) > line_max) {
    refuse(414, "The target is longer than 2 KiB.");
  }
}

void http_reader::end_header() {
  beast_parser parser;
  parser.header_limit(limits::header_bytes_max);
  parser.body_limit(std::max(limits::frames_body_bytes_max, limits::chunk_bytes_max));
  // Beast stops behind the header; the body is no more than so many bytes.
  boost::system::error_code error;
  parser.put(boost::asio::buffer(head_), error);
  if (error && error != beast_http::error::need_more) {
    const http_refusal why = refusal_of(error);
    return refuse(why.status, why.sentence);
  }
  request_ = copied(parser);
  if (const auto why = check(request_)) {
    return refuse(why->status, why->sentence);
  }
  body_bytes_ = static_cast<std::size_t>(parser.content_length().value_or(0));
  // A body where none belongs is where a hidden request would stand.
  const http_method method = request_.method;
  const bool may_have_body =
      method == http_method::post || method == http_method::put || method == http_method::patch;
  if (body_bytes_ > 0 && !may_have_body) {
    return refuse(400, "Only POST, PUT and PATCH have a body.");
  }
  const std::size_t most =
      bound_ != nullptr ? bound_(method, request_.path()) : limits::body_bytes_max;
  if (body_bytes_ > most) {
    return refuse(413, too_large_body);
  }
  // The header may be 8 KiB, the body may take five seconds.
  std::string().swap(head_);
  wants_continue_ = request_.count("expect") > 0 && body_bytes_ > 0;
  const states with_body = method == http_method::patch ? states::flowing : states::body;
  state_ = body_bytes_ > 0 ? with_body : states::complete;
}

void http_reader::read_body(std::span<const char>& unread) {
  const std::size_t bytes = std::min(unread.size(), body_bytes_ - request_.body.size());
  request_.body.append(unread.data(), bytes);
  unread = unread.subspan(bytes);
  if (request_.body.size() == body_bytes_) {
    state_ = states::complete;
  }
}

void http_reader::refuse(unsigned status, std::string_view sentence) {
  refusal_ = {status, sentence};
  state_ = states::refused;
}

}  // namespace frontdesk
