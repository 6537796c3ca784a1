#include "net/http/routes.hpp"

#include "net/http/hello_door.hpp"
#include "net/http/http_words.hpp"
#include "net/http/websocket_upgrade.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace frontdesk {

namespace {

bool fits(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with('*')) {
    return pattern == path;
  }
  // Also the folder itself without its slash, which `assets` leads to the right place.
  pattern.remove_suffix(1);
  return path.starts_with(pattern) || path == pattern.substr(0, pattern.size() - 1);
}

// Whoever answers GET answers HEAD; the session leaves the body out.
bool fits(http_method offered, http_method asked) {
  return offered == asked || (offered == http_method::get && asked == http_method::head);
}

bool is_own(const http_request& request) {
  return is_own_origin(request.field("origin"), request.field("host"), request.scheme);
}

// Never stored: the next start may choose another page.
http_answer redirect(std::string_view to) {
  http_answer answer = bare_answer(302);
  answer.with("Location", std::string(to)).with("Cache-Control", "no-store");
  return answer;
}

// The page that may read the answer, or empty.
std::string reader_of(const http_request& request, bool is_allowed) {
  return is_allowed && request.count("origin") > 0 ? std::string(request.field("origin")) : "";
}

// Lets a page read the answer; without credentials, because there are no cookies.
http_answer readable_by(const std::string& origin, http_answer answer) {
  answer.with("Vary", "Origin");
  if (!origin.empty()) {
    answer.with("Access-Control-Allow-Origin", origin);
    answer.with("Access-Control-Expose-Headers",
                "Retry-After, Frontdesk-Roster, Upload-Offset, Upload-Length, Content-Range, "
                "Content-Disposition, ETag");
  }
  return answer;
}

http_answer wrong_origin() {
  return refusal(fault_code::forbidden, 403, "This page may not ask here.");
}

constexpr std::string_view plain_fields = "Content-Type";
constexpr std::string_view fetch_fields =
    "Authorization, Content-Type, Frontdesk-Device, Frontdesk-Roster, Frontdesk-Seat, "
    "traceparent";
constexpr std::string_view fetch_paths[] = {"/v1/frames", "/v1/poll", "/v1/stream"};

constexpr std::string_view file_fields =
    "Authorization, Content-Type, Upload-Offset, Range, If-Range, If-None-Match";
constexpr std::string_view file_methods = "POST, PATCH, PUT, DELETE";

http_answer preflight(const http_request& request, bool is_allowed,
                      std::string_view fields = plain_fields, std::string_view methods = "POST") {
  if (!is_allowed) {
    return readable_by({}, wrong_origin());
  }
  http_answer answer = bare_answer(204);
  answer.with("Access-Control-Allow-Methods", std::string(methods))
      .with("Access-Control-Allow-Headers", std::string(fields))
      .with("Access-Control-Max-Age", "600");
  return readable_by(reader_of(request, true), std::move(answer));
}

std::string allowed_methods(std::span<const http_method> methods) {
  std::string list;
  for (const http_method method : methods) {
    list += list.empty() ? "" : ", ";
    list += name_of(method);
    list += method == http_method::get ? ", HEAD" : "";
  }
  return list;
}

}  // namespace

// The first line that fits decides. A path that stands here twice has several methods.
std::span<const routes::route> routes::table() {
  using enum http_method;
  static constexpr route all[] = {
      {get, "/", &routes::front_page},
      {get, "/widget.js", &routes::asset},
      {get, "/widget/*", &routes::asset},
      {get, "/console/*", &routes::asset},
      {get, "/demo/*", &routes::asset},
      {get, "/v1/socket", &routes::open_socket},
      {post, "/v1/frames", &routes::take_frames},
      {options, "/v1/frames", &routes::preflight_fetch},
      {post, "/v1/poll", &routes::poll},
      {options, "/v1/poll", &routes::preflight_fetch},
      {post, "/v1/stream", &routes::stream},
      {options, "/v1/stream", &routes::preflight_fetch},
      {post, "/v1/tickets", &routes::give_ticket},
      {options, "/v1/tickets", &routes::preflight_fetch},
      {get, "/v1/events", &routes::events},
      {post, "/v1/files", &routes::file},
      {options, "/v1/files", &routes::preflight_file},
      {get, "/v1/files/*", &routes::file},
      {patch, "/v1/files/*", &routes::file},
      {put, "/v1/files/*", &routes::file},
      {remove, "/v1/files/*", &routes::file},
      {options, "/v1/files/*", &routes::preflight_file},
      {post, "/v1/visitors", &routes::make_visitor},
      {options, "/v1/visitors", &routes::preflight_visitor},
      {post, "/v1/sessions", &routes::sign_in},
      {options, "/v1/sessions", &routes::preflight_agent},
      {post, "/v1/sessions/refresh", &routes::refresh},
      {options, "/v1/sessions/refresh", &routes::preflight_agent},
  };
  return all;
}

routes::routes(const reception::surroundings& parts, std::span<const embedded_file> files,
               settings chosen)
    : actors_(parts.actors),
      door_(parts.door),
      tokens_(parts.tokens),
      time_(parts.time),
      reception_(parts),
      fetch_door_(parts),
      file_door_(parts),
      assets_(files),
      settings_(chosen) {}

void routes::serve(const http_request& request, io_thread& here, const reply& answer) {
  std::vector<http_method> methods;
  for (const route& line : table()) {
    if (!fits(line.path, request.path())) {
      continue;
    }
    if (fits(line.method, request.method)) {
      return (this->*line.serve)({request, here, answer});
    }
    // The path exists, so the answer says for what.
    methods.push_back(line.method);
  }
  if (methods.empty()) {
    return answer(answer_of(fault(fault_code::not_found)));
  }
  auto refused = refusal(fault_code::not_found, 405, "This path is not for this method.");
  refused.with("Allow", allowed_methods(methods));
  answer(std::move(refused));
}

void routes::front_page(const asked& a) {
  a.answer(redirect(settings_.is_demo ? "/demo/" : "/console/"));
}

void routes::asset(const asked& a) {
  a.answer(assets_.answer(a.request, widget_framers(a.request)));
}

void routes::open_socket(const asked& a) {
  // Before anything else: this is the request that a flood would send.
  const auto wait = door_.sockets.take(a.request.from.network, std::chrono::steady_clock::now());
  if (wait) {
    const auto ms = static_cast<std::uint32_t>(wait->count());
    return a.answer(answer_of(fault(fault_code::rate_limited, ms)));
  }
  if (auto refused = ask_gate(door_, tokens_, a.request, time_.now())) {
    return a.answer(*std::move(refused));
  }
  // No origin: not a browser, so no page is lent a visitor's hands. Its token decides.
  if (a.request.count("origin") > 0 && !may_visit(a.request)) {
    return a.answer(wrong_origin());
  }
  a.answer(answer_upgrade(a.request));
}

std::size_t routes::body_bytes_max(http_method method, std::string_view path) {
  if (method != http_method::post) {
    return file_door::body_bytes_max(method, path);
  }
  const bool is_fetch = std::ranges::find(fetch_paths, path) != std::ranges::end(fetch_paths);
  return is_fetch ? limits::frames_body_bytes_max : limits::body_bytes_max;
}

void routes::take_frames(const asked& a) {
  fetch(a, fetch_call::kinds::frames);
}

void routes::poll(const asked& a) {
  fetch(a, fetch_call::kinds::poll);
}

void routes::stream(const asked& a) {
  fetch(a, fetch_call::kinds::stream);
}

void routes::give_ticket(const asked& a) {
  const std::string reader = reader_of(a.request, may_visit(a.request));
  a.answer(readable_by(reader, fetch_door_.give_ticket(a.request)));
}

void routes::events(const asked& a) {
  // A ticket is good for one stream, and HEAD would not be one.
  if (a.request.method == http_method::head) {
    return a.answer(bare_answer(204));
  }
  const std::string reader = reader_of(a.request, may_visit(a.request));
  a.answer(readable_by(reader, fetch_door_.enter_by_ticket(a.request)));
}

void routes::fetch(const asked& a, fetch_call::kinds kind) {
  const std::string reader = reader_of(a.request, may_visit(a.request));
  a.answer(readable_by(reader, fetch_door_.enter(a.request, kind)));
}

void routes::preflight_fetch(const asked& a) {
  a.answer(preflight(a.request, may_visit(a.request), fetch_fields));
}

void routes::file(const asked& a) {
  const std::string reader = reader_of(a.request, may_visit(a.request));
  file_door_.serve(a.request, a.here, [reader, answer = a.answer](http_answer made) {
    answer(made.sink ? std::move(made) : readable_by(reader, std::move(made)));
  });
}

void routes::preflight_file(const asked& a) {
  a.answer(preflight(a.request, may_visit(a.request), file_fields, file_methods));
}

void routes::make_visitor(const asked& a) {
  // Also a refusal is readable, by pages that some inbox knows: they can say what is wrong.
  const std::string reader = reader_of(a.request, may_visit(a.request));
  a.answer(readable_by(reader, reception_.make_visitor(a.request)));
}

void routes::sign_in(const asked& a) {
  if (a.request.count("origin") > 0 && !is_own(a.request)) {
    return a.answer(wrong_origin());
  }
  const std::string reader = reader_of(a.request, true);
  reception_.sign_in(a.request, a.here, [reader, answer = a.answer](http_answer made) {
    answer(readable_by(reader, std::move(made)));
  });
}

void routes::refresh(const asked& a) {
  if (a.request.count("origin") > 0 && !is_own(a.request)) {
    return a.answer(wrong_origin());
  }
  a.answer(readable_by(reader_of(a.request, true), reception_.refresh(a.request)));
}

void routes::preflight_visitor(const asked& a) {
  a.answer(preflight(a.request, may_visit(a.request)));
}

void routes::preflight_agent(const asked& a) {
  a.answer(preflight(a.request, is_own(a.request)));
}

// Which inbox is not known yet; `reception` asks once more, for that inbox alone.
bool routes::may_visit(const http_request& request) {
  return request.count("origin") == 1 &&
         (is_own(request) || origins_.allows(actors_.directory_now(), request.field("origin")));
}

// The widget's page names its inbox in the query; whoever frames it must be on that inbox's list.
std::string routes::widget_framers(const http_request& request) const {
  std::string_view query = request.query();
  while (!query.empty()) {
    const std::string_view pair = next_word(query, '&');
    if (!pair.starts_with("key=")) {
      continue;
    }
    const directory_ptr people = actors_.directory_now();
    const inbox* const entry = people->inbox_by_widget_key(pair.substr(4));
    if (entry == nullptr || entry->origins.empty()) {
      break;
    }
    std::string framers = "'self'";
    for (const std::string& origin : entry->origins) {
      framers += ' ' + origin;
    }
    return framers;
  }
  return "*";
}

}  // namespace frontdesk
