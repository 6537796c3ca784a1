#pragma once

#include "actors/spawn.hpp"
#include "model/ids.hpp"
#include "net/http/body_flow.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

/// Between the bodies of requests and the desk's files.
namespace frontdesk {

/// The requests for files under way at a time, with their bodies in both directions. Nobody has
/// more than a part of them: whoever drains a file byte by byte holds a place for hours.
/// Thread-safe.
class flow_book {
 public:
  bool enter(const person_name&);
  void leave(const person_name&);

 private:
  std::mutex mutex_;
  std::size_t all_ = 0;
  std::unordered_map<person_name, std::size_t> by_person_;
  std::unordered_map<tenant_id, std::size_t> by_tenant_;
};

/// One of them.
class flow_place {
 public:
  /// Empty if the node, the tenant or the person has its most (`model/limits.hpp`).
  static std::shared_ptr<flow_place> take(const std::shared_ptr<flow_book>&, const person_name&);

  flow_place(std::shared_ptr<flow_book> all, const person_name& whose)
      : all_(std::move(all)), whose_(whose) {}
  flow_place(const flow_place&) = delete;
  flow_place& operator=(const flow_place&) = delete;
  ~flow_place() { all_->leave(whose_); }

 private:
  const std::shared_ptr<flow_book> all_;
  const person_name whose_;
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
