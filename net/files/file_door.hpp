#pragma once

#include "net/files/file_flow.hpp"
#include "net/http/body_flow.hpp"
#include "net/http/caller.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

/// The problem: files are the largest and most hostile thing that a stranger can send, and what one
/// has sent another's browser will open.
///
/// The answer: requests of docs/wire.md §9 become wishes of a person who is known; bytes flow in
/// pieces between socket and disk; and every answer says of its bytes what they are, that they are
/// an attachment, and that nothing in them may run.
namespace frontdesk {

/// Thread-safe.
class file_door {
 public:
  using reply = reception::reply;

  explicit file_door(const reception::surroundings& parts) : parts_(parts) {}

  /// A request whose path is `/v1/files` or below it. Answers on the thread `here`, at once or
  /// later, for as long as the asker lives.
  void serve(const http_request&, io_thread& here, const reply&);

  /// How large the body for such a path may be.
  static std::size_t body_bytes_max(http_method, std::string_view path);

 private:
  struct asked;
  void begin(const asked&);
  void append(const asked&);
  void ask(const asked&);
  void open(const asked&, bool wants_thumbnail);
  void put_picture(const asked&);
  void give_up(const asked&);
  void order(const asked&, file_wish, std::function<void(fault_or<file_told>)> then);

  const reception::surroundings parts_;
  /// Bodies that flow now, in both directions; what flows may outlive the door.
  const std::shared_ptr<flow_book> under_way_ = std::make_shared<flow_book>();
};

}  // namespace frontdesk
