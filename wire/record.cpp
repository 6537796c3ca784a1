#include "wire/record.hpp"

#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"

#include <google/protobuf/arena.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <limits>
#include <utility>

namespace frontdesk {

namespace {

using google::protobuf::Arena;
using google::protobuf::MessageLite;

constexpr char version = 1;

/// Where a message is built: what an ordinary record takes lies on the stack, so that only its
/// texts are allocated.
class workbench {
 public:
  workbench() : arena_(room_.data(), room_.size()) {}

  template <class Message>
  Message& make() {
    return *Arena::CreateMessage<Message>(&arena_);
  }

 private:
  alignas(std::max_align_t) std::array<char, 2560> room_;
  Arena arena_;
};

/// The version, then the message.
std::string versioned(const MessageLite& message) {
  const std::size_t size = message.ByteSizeLong();
  assert(size < std::numeric_limits<int>::max());
  std::string bytes(size + 1, version);
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.data() + 1));
  return bytes;
}

bool read_versioned(MessageLite& message, std::string_view bytes) {
  if (bytes.empty() || bytes.front() != version || bytes.size() > std::numeric_limits<int>::max()) {
    return false;
  }
  return message.ParseFromArray(bytes.data() + 1, static_cast<int>(bytes.size() - 1));
}

template <class Message, class Value>
std::string bytes_of(const Value& value) {
  workbench bench;
  auto& message = bench.make<Message>();
  stored::put(message, value);
  return versioned(message);
}

template <class Value, class Message>
std::optional<Value> value_of(std::string_view bytes) {
  workbench bench;
  auto& message = bench.make<Message>();
  return read_versioned(message, bytes) ? stored::take(message) : std::nullopt;
}

}  // namespace

std::string to_bytes(const event& value) {
  return bytes_of<v1::event>(value);
}

std::string to_bytes(const head& value) {
  return bytes_of<v1::head>(value);
}

std::string to_bytes(const post_window& value) {
  return bytes_of<v1::post_window>(value);
}

std::string to_bytes(const cursor& value) {
  return bytes_of<v1::cursor>(value);
}

std::string to_bytes(const tenant& value) {
  return bytes_of<v1::tenant>(value);
}

std::string to_bytes(const inbox& value) {
  return bytes_of<v1::inbox>(value);
}

std::string to_bytes(const agent& value) {
  return bytes_of<v1::agent>(value);
}

std::string to_bytes(const quarantined& value) {
  return bytes_of<v1::quarantined>(value);
}

std::string to_bytes(const audit_entry& value) {
  return bytes_of<v1::audit_entry>(value);
}

std::string to_bytes(const batch& value) {
  return bytes_of<v1::batch>(value);
}

std::optional<event> event_from_bytes(std::string_view bytes) {
  return value_of<event, v1::event>(bytes);
}

std::optional<head> head_from_bytes(std::string_view bytes) {
  return value_of<head, v1::head>(bytes);
}

std::optional<post_window> window_from_bytes(std::string_view bytes) {
  return value_of<post_window, v1::post_window>(bytes);
}

std::optional<cursor> cursor_from_bytes(std::string_view bytes) {
  return value_of<cursor, v1::cursor>(bytes);
}

std::optional<tenant> tenant_from_bytes(std::string_view bytes) {
  return value_of<tenant, v1::tenant>(bytes);
}

std::optional<inbox> inbox_from_bytes(std::string_view bytes) {
  return value_of<inbox, v1::inbox>(bytes);
}

std::optional<agent> agent_from_bytes(std::string_view bytes) {
  return value_of<agent, v1::agent>(bytes);
}

std::optional<quarantined> quarantined_from_bytes(std::string_view bytes) {
  return value_of<quarantined, v1::quarantined>(bytes);
}

std::optional<audit_entry> audit_entry_from_bytes(std::string_view bytes) {
  return value_of<audit_entry, v1::audit_entry>(bytes);
}

std::optional<batch> batch_from_bytes(std::string_view bytes) {
  return value_of<batch, v1::batch>(bytes);
}

}  // namespace frontdesk
