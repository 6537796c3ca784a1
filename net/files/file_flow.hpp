#pragma once

#include "actors/spawn.hpp"
#include "net/http/body_flow.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

/// Between the bodies of requests and the desk's files.
namespace frontdesk {

/// One of the bodies that flow at a time.
class flow_place {
 public:
  using counter = std::shared_ptr<std::atomic<std::size_t>>;

  /// Empty if there are `limits::files_under_way_max` already.
  static std::shared_ptr<flow_place> take(const counter&);

  explicit flow_place(counter all) : all_(std::move(all)) {}
  flow_place(const flow_place&) = delete;
  flow_place& operator=(const flow_place&) = delete;
  ~flow_place() { --*all_; }

 private:
  counter all_;
};

/// What the thread of a request needs to ask the desk.
struct file_asker {
  desk& actors;
  io_thread& here;
  identity who;
};

/// Asks; `then` is called on the asker's thread.
void ask_desk(const file_asker&, file_wish, std::function<void(fault_or<file_told>)> then);

/// How far an upload is: `Upload-Offset` and `Upload-Length`.
http_answer upload_answer(unsigned status, const upload_state&);

/// Appends a body of `bytes` bytes to an upload, from `from` on.
std::shared_ptr<body_sink> upload_sink(file_asker, std::shared_ptr<flow_place>, append_upload first,
                                       std::uint64_t bytes);

/// A part of an opened file.
std::shared_ptr<body_source> file_source(file_asker, std::shared_ptr<flow_place>,
                                         std::shared_ptr<file_bytes>, std::uint64_t from,
                                         std::uint64_t bytes);

}  // namespace frontdesk
