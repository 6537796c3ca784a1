#include "net/http/assets.hpp"

#include "net/http/http_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace frontdesk {

namespace {

// A year, as long as caches believe anything.
constexpr std::string_view immutable = "public, max-age=31536000, immutable";
/// Of a SHA-256: more would only make headers longer.
constexpr std::size_t etag_digits = 32;

std::string_view type_of(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".mp3", "audio/mpeg"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  };
  for (const auto& [ending, type] : types) {
    if (path.ends_with(ending)) {
      return type;
    }
  }
  return "application/octet-stream";
}

bool is_page(std::string_view path) {
  return path.ends_with(".html");
}

// Vite puts whatever carries its hash in its name into a folder of that name.
bool is_named_by_hash(std::string_view path) {
  return path.find("/assets/") != std::string_view::npos;
}

// Our own WebSockets; not all browsers take them for 'self'. Under TLS a plain one is never ours.
std::string_view sockets_of(http_scheme scheme) {
  return scheme == http_scheme::https ? "wss:" : "ws: wss:";
}

// Styles may stand in the page, because the widget colours itself; scripts may not, whatever a
// message manages to put into it.
std::string content_policy(http_scheme scheme, std::string_view framers) {
  return fmt::format(
      "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' {}; "
      "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
      "frame-ancestors {}",
      sockets_of(scheme), framers);
}

// Nobody frames the console: a click on somebody else's page must never be one on ours.
std::string_view framers_of(std::string_view path, std::string_view widget_framers) {
  if (path.starts_with("widget/")) {
    return widget_framers;
  }
  return path.starts_with("demo/") ? "'self'" : "'none'";
}

// A weak tag is as good here: RFC 9110, 13.1.2.
bool knows(const http_request& request, std::string_view etag) {
  std::string_view tags = request.field("if-none-match");
  while (!tags.empty()) {
    std::string_view tag = next_word(tags);
    if (tag.starts_with("W/")) {
      tag.remove_prefix(2);
    }
    if (tag == etag || tag == "*") {
      return true;
    }
  }
  return false;
}

}  // namespace

http_answer assets::answer(const http_request& request, std::string_view widget_framers) const {
  std::string path(request.path().substr(1));
  if (path.empty() || path.back() == '/') {
    path += "index.html";
  }
  const embedded_file* const file = find(path);
  // A folder without its slash would break the relative links of its page.
  if (file == nullptr) {
    if (find(path + "/index.html") == nullptr) {
      return answer_of(fault(fault_code::not_found));
    }
    http_answer moved = bare_answer(302);
    moved.with("Location", fmt::format("/{}/", path)).with("Cache-Control", "no-store");
    return moved;
  }
  http_answer answer;
  const std::string etag = fmt::format("\"{}\"", file->sha256_hex.substr(0, etag_digits));
  answer.with("ETag", etag);
  answer.with("Cache-Control", std::string(is_named_by_hash(path) ? immutable : "no-cache"));
  if (knows(request, etag)) {
    answer.status = 304;
    return answer;
  }
  answer.with("Content-Type", std::string(type_of(path)));
  if (is_page(path)) {
    answer.with("Content-Security-Policy",
                content_policy(request.scheme, framers_of(path, widget_framers)));
    answer.with("Referrer-Policy", "same-origin");
  }
  // Pages that isolate themselves load only what says that it may be loaded.
  if (path == "widget.js") {
    answer.with("Access-Control-Allow-Origin", "*");
    answer.with("Cross-Origin-Resource-Policy", "cross-origin");
  }
  answer.shared_body = file->bytes;
  return answer;
}

const embedded_file* assets::find(std::string_view path) const {
  const auto found = std::ranges::lower_bound(files_, path, {}, &embedded_file::path);
  return found != files_.end() && found->path == path ? &*found : nullptr;
}

}  // namespace frontdesk
