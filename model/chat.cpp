#include "model/chat.hpp"

#include "model/limits.hpp"

namespace frontdesk {

std::uint32_t content_hash(const post& said) {
  if (said.hash) return *said.hash;
  const std::string_view text = said.text;
  std::uint64_t hash = mixed(static_cast<std::uint64_t>(said.where) + text.size());
  std::uint64_t word = 0;
  unsigned filled = 0;
  for (const char c : text) {
    word = word << 8U | static_cast<unsigned char>(c);
    if (++filled == 8) {
      hash = mixed(hash ^ word);
      word = 0;
      filled = 0;
    }
  }
  hash = mixed(hash ^ word ^ filled);
  // Each in a form of its own, and without any trace if it is absent: hashes are stored.
  if (said.reply_to) hash = mixed(hash ^ mixed(said.reply_to.value ^ 0x1ULL << 60U));
  if (said.edits) hash = mixed(hash ^ mixed(said.edits.value ^ 0x2ULL << 60U));
  if (said.deletes) hash = mixed(hash ^ mixed(said.deletes.value ^ 0x3ULL << 60U));
  if (said.file) hash = mixed(hash ^ mixed(said.file->id.high) ^ said.file->id.low);
  return static_cast<std::uint32_t>(hash >> 32U);
}

post without_content(const post& said) {
  post left;
  left.conversation = said.conversation;
  left.author = said.author;
  left.device = said.device;
  left.n = said.n;
  left.where = said.where;
  left.refused = said.refused;
  left.hash = content_hash(said);
  left.trace = said.trace;
  return left;
}

fault_code text_fault(std::string_view text) {
  if (text.size() > limits::text_bytes_max) {
    return fault_code::text_too_long;
  }
  bool empty = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool space = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
    if ((byte < 0x20 && !space) || byte == 0x7f) {
      return fault_code::text_not_clean;
    }
    empty = empty && space;
  }
  return empty ? fault_code::empty_text : fault_code::none;
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) {
    return text;
  }
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

std::string_view name_of(conversation_status status) {
  switch (status) {
    case conversation_status::queued:
      return "queued";
    case conversation_status::bot:
      return "bot";
    case conversation_status::assigned:
      return "assigned";
    case conversation_status::snoozed:
      return "snoozed";
    case conversation_status::closed:
      return "closed";
  }
  return "queued";
}

std::string_view name_of(track where) {
  return where == track::visible ? "public" : "internal";
}

}  // namespace frontdesk
