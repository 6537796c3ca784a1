#pragma once

#include "net/fetch/fetch_door.hpp"
#include "net/files/file_door.hpp"
#include "net/http/assets.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"
#include "net/http/origins.hpp"
#include "net/http/reception.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

/// Start here: everything that can be asked of a node over HTTP is a line of the table in
/// `routes.cpp`. What follows from the table (404, 405 with `Allow`, HEAD wherever there is GET) is
/// nobody's business but its own.
namespace frontdesk {

/// Thread-safe.
class routes {
 public:
  using reply = reception::reply;

  struct settings {
    /// `/` leads to the demo page, otherwise to the console.
    bool is_demo = false;
  };

  routes(const reception::surroundings&, std::span<const embedded_file>, settings);

  /// Answers once: at once, or later on the thread `here`. An answer 101 means: what follows on
  /// this connection is a WebSocket; one with a `call` is made by the desk.
  void serve(const http_request&, io_thread& here, const reply&);

  /// How large a body for this path may be.
  static std::size_t body_bytes_max(http_method, std::string_view path);

 private:
  struct asked {
    const http_request& request;
    io_thread& here;
    const reply& answer;
  };
  struct route {
    http_method method;
    /// Ends with `*`: everything below, too.
    std::string_view path;
    void (routes::*serve)(const asked&);
  };
  static std::span<const route> table();

  void front_page(const asked&);
  void asset(const asked&);
  void open_socket(const asked&);
  void make_visitor(const asked&);
  void sign_in(const asked&);
  void refresh(const asked&);
  void take_frames(const asked&);
  void poll(const asked&);
  void stream(const asked&);
  void give_ticket(const asked&);
  void events(const asked&);
  void fetch(const asked&, fetch_call::kinds);
  void file(const asked&);
  void preflight_file(const asked&);
  void preflight_visitor(const asked&);
  void preflight_fetch(const asked&);
  void preflight_agent(const asked&);

  bool may_visit(const http_request&);
  std::string widget_framers(const http_request&) const;

  desk& actors_;
  admission& door_;
  const token_identity& tokens_;
  const wall_clock& time_;
  reception reception_;
  fetch_door fetch_door_;
  file_door file_door_;
  assets assets_;
  origin_book origins_;
  const settings settings_;
};

}  // namespace frontdesk
