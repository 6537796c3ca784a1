#pragma once

#include "model/chat.hpp"
#include "model/fault.hpp"
#include "model/file_type.hpp"
#include "model/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace frontdesk {

/// What can be asked about files by requests (docs/wire.md §9), and what is told in return. Of all:
/// `unknown_file` for whatever the asker may not know of, `storage_full`, `storage_failed`, `busy`.

/// A file in a conversation.
struct file_place {
  conversation_id conversation;
  file_id file;
};

/// Begin an upload. Answer: `upload_state`. Faults: unknown_conversation, forbidden (a visitor's
/// note), file_type, too_large, rate_limited (too many that were not posted).
struct begin_upload {
  conversation_id conversation;
  track where = track::visible;
  std::string name;
  /// As the uploader says, or empty.
  std::string type;
  std::uint64_t bytes = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// These bytes come next. Answer: `upload_state`; after the last byte it means: complete, and on
/// the disk. Faults: too_large (more than was said), file_type (the upload is gone).
struct append_upload {
  file_place place;
  std::uint64_t from = 0;
  /// At most `limits::file_piece_bytes`.
  std::string bytes;
};

/// Its small picture. Answer: `upload_state`. Fault: file_type.
struct picture_upload {
  file_place place;
  std::string bytes;
};

/// Forget an upload that was not posted. Answer: `done`.
struct give_up_upload {
  file_place place;
};

/// How far is it? Answer: `upload_state` to the uploader of one that was not posted, else as
/// `open_file`.
struct ask_file {
  file_place place;
};

/// I want to read it. Answer: `opened_file`.
struct open_file {
  file_place place;
  bool wants_thumbnail = false;
};

/// Part of one that was opened. Answer: `file_piece`, as long as was asked for.
struct read_file {
  std::shared_ptr<file_bytes> content;
  std::uint64_t from = 0;
  std::size_t count = 0;
};

using file_wish = std::variant<begin_upload, append_upload, picture_upload, give_up_upload,
                               ask_file, open_file, read_file>;

struct upload_state {
  file_id file;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  /// Nothing was appended, because it goes on at `offset`.
  bool is_elsewhere = false;
};
struct opened_file {
  /// Of a thumbnail: its own type and size.
  file_ref what;
  /// Names these bytes among all others.
  std::string digest;
  std::shared_ptr<file_bytes> content;
};
struct file_piece {
  std::string bytes;
};

using file_told = std::variant<upload_state, opened_file, file_piece, done>;

/// Who waits for an answer. It is called once, on some thread; with `busy` if whoever should answer
/// has gone.
class file_reply {
 public:
  using function = std::function<void(fault_or<file_told>)>;

  explicit file_reply(function tell) : tell_(std::move(tell)) {}
  file_reply(const file_reply&) = delete;
  file_reply& operator=(const file_reply&) = delete;
  ~file_reply() {
    if (tell_) tell_(fault_code::busy);
  }

  void operator()(fault_or<file_told> answer) {
    if (const auto tell = std::exchange(tell_, nullptr)) tell(std::move(answer));
  }

 private:
  function tell_;
};

}  // namespace frontdesk
