#pragma once

#include "embedded_files.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"

#include <span>
#include <string>
#include <string_view>

/// The problem: the pages are part of the program, so they change with it and only with it; a
/// browser must never run yesterday's page against today's node, and must not ask for what cannot
/// have changed.
///
/// The answer: whatever has its own hash in its name is kept for ever, all else is asked for each
/// time and mostly answered 304.
///
///     /console/                     no-cache, ETag      text/html, may not be framed
///     /demo/                        no-cache, ETag      text/html, only by ourselves
///     /widget/                      no-cache, ETag      text/html, by the pages that the inbox
///     lists /widget.js                    no-cache, ETag      loaded by pages from anywhere
///     /console/assets/x-1a2b3c.js   immutable
namespace frontdesk {

/// The embedded pages. Immutable, thread-safe; bodies are never copied.
class assets {
 public:
  /// `files` as `embedded_files()` gives them: sorted by path.
  explicit assets(std::span<const embedded_file> files) : files_(files) {}

  /// GET or HEAD: 200, 304, 302 to the same path with a slash behind it, or 404. A path names a
  /// file exactly; nothing is decoded and there is no way up.
  /// `widget_framers`: the `frame-ancestors` of the widget's page.
  http_answer answer(const http_request&, std::string_view widget_framers) const;

 private:
  const embedded_file* find(std::string_view path) const;

  std::span<const embedded_file> files_;
};

}  // namespace frontdesk
