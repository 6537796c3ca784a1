#pragma once

#include "model/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace frontdesk {

/// Writes one JSON document front to back into a string. Every message goes through here once, so
/// it knows the desk's ids, allocates once if the size was guessed well, and keeps no tree.
///
/// Commas come by themselves; that every `open` has its `close` is the caller's business. Keys are
/// written as they are, values are escaped as RFC 8259 demands and not beyond. Text must be UTF-8.
class json_writer {
 public:
  explicit json_writer(std::size_t bytes_expected) { out_.reserve(bytes_expected); }
  /// Goes on with a document whose outermost object has fields and is not closed yet.
  json_writer(std::string_view begun, std::size_t bytes_more)
      : json_writer(begun.size() + bytes_more) {
    out_.append(begun);
    comma_ = true;
  }

  /// @name Objects and lists
  /// Without a key: the outermost, or an element of a list.
  /// @{
  void open();
  void open(std::string_view key);
  void close();
  void open_list(std::string_view key);
  void close_list();
  /// @}

  /// @name Fields
  /// @{
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint64_t value);
  void time(std::string_view key, timestamp value);
  void flag(std::string_view key, bool value);
  void id(std::string_view key, conversation_id value);
  void id(std::string_view key, connection_id value);
  void id(std::string_view key, device_id value);
  void id(std::string_view key, file_id value);
  void id(std::string_view key, person_id value);
  /// @}

  /// An element of a list.
  void id(conversation_id value);

  /// What was written; the writer is empty afterwards.
  std::string take() { return std::move(out_); }

 private:
  void separate();
  void key(std::string_view key);
  void hex(std::uint64_t value);
  void escaped(std::string_view value);
  void escaped(unsigned char byte);

  std::string out_;
  bool comma_ = false;
};

}  // namespace frontdesk
