#pragma once

#include "model/file_wish.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What the header of a request for a file says, and that of its answer.
namespace frontdesk {

/// `/v1/files/CONVERSATION/FILE`, perhaps with `/thumbnail` behind; none: another path.
struct file_path {
  file_place place;
  bool is_thumbnail = false;
};
std::optional<file_path> file_path_of(std::string_view path);

/// A number without a sign or a space before it; none if it is none, or has more than 18 digits.
std::optional<std::uint64_t> whole_number(std::string_view text);

/// Part of a file, as a single `Range` asks for it.
struct byte_range {
  enum class kinds : std::uint8_t { whole, part, impossible };
  kinds kind = kinds::whole;
  std::uint64_t from = 0;
  std::uint64_t bytes = 0;
};
/// Several ranges, or one that cannot be read, ask for the whole. So does an `If-Range` that names
/// other bytes.
byte_range range_of(const http_request&, const std::string& tag, std::uint64_t size);

/// The name of the bytes for caches, in quotes.
std::string tag_of(const opened_file&);

/// `attachment`, with the name for every browser: in ASCII, and whole (RFC 6266, RFC 8187). Nothing
/// of a name can end the line or the quotes.
std::string disposition_of(std::string_view name);

/// Everything but the body: it is what its bytes are, it may not be run, framed or guessed at, and
/// a cache asks before it gives it.
void describe(http_answer&, const opened_file&);

}  // namespace frontdesk
