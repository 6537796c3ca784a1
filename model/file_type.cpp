#include "model/file_type.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace frontdesk {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t head_bytes = 4096;
constexpr std::size_t tail_bytes = 128 * 1024;
constexpr std::size_t step_bytes = 64 * 1024;
/// A JPEG's size stands behind what cameras write; more segments than this no camera writes.
constexpr int jpeg_segments_max = 256;

enum class family : std::uint8_t { picture, pdf, text, archive, media };

struct known_type {
  std::string_view name;
  family of;
};

/// What browsers call the kinds on the list, and sometimes their neighbours.
constexpr known_type known_types[] = {
    {"image/png", family::picture},
    {"image/jpeg", family::picture},
    {"image/jpg", family::picture},
    {"image/pjpeg", family::picture},
    {"image/gif", family::picture},
    {"image/webp", family::picture},
    {"application/pdf", family::pdf},
    {"text/plain", family::text},
    {"text/csv", family::text},
    {"text/markdown", family::text},
    {"text/x-log", family::text},
    {"application/json", family::text},
    {"text/rtf", family::text},
    {"application/rtf", family::text},
    {"application/zip", family::archive},
    {"application/x-zip-compressed", family::archive},
    {"application/msword", family::archive},
    {"application/vnd.ms-excel", family::archive},
    {"application/vnd.ms-powerpoint", family::archive},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", family::archive},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", family::archive},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", family::archive},
    {"application/vnd.oasis.opendocument.text", family::archive},
    {"application/vnd.oasis.opendocument.spreadsheet", family::archive},
    {"application/vnd.oasis.opendocument.presentation", family::archive},
    {"video/mp4", family::media},
    {"video/quicktime", family::media},
    {"video/webm", family::media},
    {"video/ogg", family::media},
    {"audio/mp4", family::media},
    {"audio/x-m4a", family::media},
    {"audio/mpeg", family::media},
    {"audio/mp3", family::media},
    {"audio/webm", family::media},
    {"audio/ogg", family::media},
    {"application/ogg", family::media},
};

bool says_nothing(std::string_view claimed) {
  return claimed.empty() || claimed == "application/octet-stream";
}

/// Without parameters and in lower case, as lists have it.
std::string plain(std::string_view claimed) {
  std::string name(claimed.substr(0, claimed.find(';')));
  std::erase(name, ' ');
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

std::optional<family> family_of(std::string_view type) {
  const auto found = std::ranges::find(known_types, type, &known_type::name);
  return found == std::end(known_types) ? std::nullopt : std::optional{found->of};
}

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value = value << 8U | byte_at(bytes, at + i);
  }
  return value;
}

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i > 0; --i) {
    value = value << 8U | byte_at(bytes, at + i - 1);
  }
  return value;
}

// ---- Pictures: the size stands in the header.

file_look png(std::string_view head) {
  const bool has_size = head.substr(12, 4) == "IHDR";
  return {"image/png", has_size ? big(head, 16, 4) : 0, has_size ? big(head, 20, 4) : 0};
}

file_look gif(std::string_view head) {
  return {"image/gif", little(head, 6, 2), little(head, 8, 2)};
}

file_look webp(std::string_view head) {
  const std::string_view form = head.substr(12, 4);
  if (form == "VP8X") {
    return {"image/webp", little(head, 24, 3) + 1, little(head, 27, 3) + 1};
  }
  if (form == "VP8L" && byte_at(head, 20) == 0x2f) {
    const std::uint32_t bits = little(head, 21, 4);
    return {"image/webp", (bits & 0x3fffU) + 1, (bits >> 14U & 0x3fffU) + 1};
  }
  if (form == "VP8 " && head.substr(23, 3) == "\x9d\x01\x2a"sv) {
    return {"image/webp", little(head, 26, 2) & 0x3fffU, little(head, 28, 2) & 0x3fffU};
  }
  return {"image/webp", 0, 0};
}

/// Of the markers C0 … CF those that begin a frame; the others are tables.
bool is_jpeg_frame(std::uint32_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

file_look jpeg(file_bytes& from) {
  std::uint64_t at = 2;
  for (int i = 0; i < jpeg_segments_max; ++i) {
    const std::string segment = from.read(at, 9);
    const std::uint32_t marker = byte_at(segment, 1);
    if (segment.size() < 9 || byte_at(segment, 0) != 0xff) {
      break;
    }
    if (is_jpeg_frame(marker)) {
      return {"image/jpeg", big(segment, 7, 2), big(segment, 5, 2)};
    }
    // Any number of FF may stand in front of a marker.
    at += marker == 0xff ? 1 : 2 + big(segment, 2, 2);
  }
  return {"image/jpeg", 0, 0};
}

bool is_within(const file_look& picture, std::uint32_t side_max) {
  return picture.width > 0 && picture.width <= side_max && picture.height > 0 &&
         picture.height <= side_max;
}

std::optional<file_look> picture_in(file_bytes& from, std::string_view head) {
  if (head.starts_with("\x89PNG\r\n\x1a\n"sv)) {
    return png(head);
  }
  if (head.starts_with("\xff\xd8\xff"sv)) {
    return jpeg(from);
  }
  if (head.starts_with("GIF87a") || head.starts_with("GIF89a")) {
    return gif(head);
  }
  if (head.starts_with("RIFF") && head.substr(8, 4) == "WEBP") {
    return webp(head);
  }
  return std::nullopt;
}

// ---- Films and sounds.

std::string_view mp4_type(std::string_view head) {
  constexpr std::string_view brands[] = {"isom", "iso2", "iso4", "iso5", "iso6", "mp41",
                                         "mp42", "avc1", "M4V ", "MSNV", "dash"};
  const std::string_view brand = head.substr(8, 4);
  if (brand == "M4A " || brand == "M4B ") {
    return "audio/mp4";
  }
  if (brand == "qt  ") {
    return "video/quicktime";
  }
  return std::ranges::find(brands, brand) != std::end(brands) ? "video/mp4" : "";
}

/// The beginning of a frame of layer III whose rates are none of the forbidden ones.
bool is_mp3_frame(std::string_view head) {
  const std::uint32_t word = big(head, 0, 4);
  return (word & 0xffe60000U) == 0xffe20000U && (word & 0x00180000U) != 0x00080000U &&
         (word & 0xf000U) != 0xf000U && (word & 0xf000U) != 0 && (word & 0x0c00U) != 0x0c00U;
}

std::string_view media_in(std::string_view head) {
  if (head.substr(4, 4) == "ftyp") {
    return mp4_type(head);
  }
  if (head.starts_with("\x1a\x45\xdf\xa3"sv)) {
    return head.substr(0, 64).find("webm") != std::string_view::npos ? "video/webm" : "";
  }
  if (head.starts_with("OggS\0"sv)) {
    const bool has_film = head.substr(0, 512).find("\x80theora") != std::string_view::npos;
    return has_film ? "video/ogg" : "audio/ogg";
  }
  return head.starts_with("ID3") || is_mp3_frame(head) ? "audio/mpeg" : "";
}

// ---- Archives, and what office programs make of them.

std::string_view zip_type(file_bytes& from, std::string_view head) {
  constexpr std::string_view open_document = "mimetypeapplication/vnd.oasis.opendocument.";
  const std::string_view first = head.substr(std::min<std::size_t>(30, head.size()));
  if (first.starts_with(open_document)) {
    const std::string_view kind = first.substr(open_document.size());
    return kind.starts_with("text")           ? "application/vnd.oasis.opendocument.text"
           : kind.starts_with("spreadsheet")  ? "application/vnd.oasis.opendocument.spreadsheet"
           : kind.starts_with("presentation") ? "application/vnd.oasis.opendocument.presentation"
                                              : "application/zip";
  }
  // The list of what is in it stands at its end.
  const std::uint64_t size = from.size();
  const std::string tail = from.read(size > tail_bytes ? size - tail_bytes : 0, tail_bytes);
  const auto has = [&tail](std::string_view name) { return tail.find(name) != std::string::npos; };
  if (has("word/document.xml")) {
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  }
  if (has("xl/workbook.")) {
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  }
  if (has("ppt/presentation.xml")) {
    return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
  }
  return "application/zip";
}

// ---- What only the whole file tells.

/// Shows the file in steps; each begins with the last bytes of the one before. False ends it.
template <class Look>
void each_step(file_bytes& from, Look look) {
  constexpr std::size_t overlap = 64;
  std::string step;
  for (std::uint64_t at = 0; at < from.size();) {
    const std::string fresh = from.read(at, step_bytes);
    step.erase(0, step.size() - std::min(step.size(), overlap));
    step += fresh;
    if (fresh.empty() || !look(step, fresh)) {
      return;
    }
    at += fresh.size();
  }
}

/// The older office files are small disks; the name of the document is in their list of contents.
/// Programs for installing use the same form, and are not taken.
std::string_view old_office_type(file_bytes& from) {
  static constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"sv, "application/msword"},
      {"W\0o\0r\0k\0b\0o\0o\0k\0"sv, "application/vnd.ms-excel"},
      {"P\0o\0w\0e\0r\0P\0o\0i\0n\0t\0 \0D\0o\0c\0u\0m\0"sv, "application/vnd.ms-powerpoint"}};
  std::string_view type;
  each_step(from, [&](std::string_view step, std::string_view) {
    for (const auto& [name, its] : names) {
      if (step.find(name) != std::string_view::npos) {
        type = its;
      }
    }
    return type.empty();
  });
  return type;
}

bool is_text_byte(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code >= 0x20 ? code != 0x7f : code == '\t' || code == '\n' || code == '\r' || code == '\f';
}

/// A page or a drawing with scripts in it is text as well; nobody may take it for one.
bool begins_as_page(std::string_view head) {
  head.remove_prefix(head.starts_with("\xef\xbb\xbf") ? 3 : 0);
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n\f"), head.size()));
  const std::string start = plain(head.substr(0, 16));
  constexpr std::string_view marks[] = {"<!doctype", "<html", "<head",   "<body", "<script",
                                        "<svg",      "<?xml", "<iframe", "<!--"};
  return std::ranges::any_of(marks, [&](std::string_view mark) { return start.starts_with(mark); });
}

bool is_text(file_bytes& from, std::string_view head) {
  bool is_clean = !begins_as_page(head);
  each_step(from, [&](std::string_view, std::string_view fresh) {
    is_clean = is_clean && std::ranges::all_of(fresh, is_text_byte);
    return is_clean;
  });
  return is_clean;
}

std::string_view document_in(file_bytes& from, std::string_view head) {
  if (head.starts_with("%PDF-")) {
    return "application/pdf";
  }
  if (head.starts_with("PK\x03\x04")) {
    return zip_type(from, head);
  }
  if (head.starts_with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv)) {
    return old_office_type(from);
  }
  return "";
}

class bytes_in_memory final : public file_bytes {
 public:
  explicit bytes_in_memory(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string read(std::uint64_t from, std::size_t count) override {
    return std::string(bytes_.substr(std::min<std::size_t>(from, bytes_.size()), count));
  }

 private:
  std::string_view bytes_;
};

}  // namespace

std::optional<file_look> look_at(file_bytes& from) {
  std::string head = from.read(0, head_bytes);
  // Rules read at fixed places: there is room for them in the shortest file.
  const std::size_t size = head.size();
  head.resize(std::max<std::size_t>(size, 64));
  if (const auto picture = picture_in(from, head)) {
    return is_within(*picture, limits::picture_side_max) ? picture : std::nullopt;
  }
  if (const std::string_view type = document_in(from, head); !type.empty()) {
    return file_look{type};
  }
  if (const std::string_view type = media_in(head); !type.empty()) {
    return file_look{type};
  }
  head.resize(size);
  return size > 0 && is_text(from, head) ? std::optional{file_look{"text/plain"}} : std::nullopt;
}

std::optional<file_look> look_at_thumbnail(std::string_view bytes) {
  bytes_in_memory from(bytes);
  const auto found = look_at(from);
  const bool is_taken = found && found->type != "image/gif" &&
                        bytes.size() <= limits::thumbnail_bytes_max &&
                        is_within(*found, limits::thumbnail_side_max);
  return is_taken ? found : std::nullopt;
}

bool may_be_taken(std::string_view claimed_type) {
  const std::string name = plain(claimed_type);
  return says_nothing(name) || family_of(name).has_value();
}

bool is_as_claimed(std::string_view claimed_type, std::string_view found_type) {
  const std::string name = plain(claimed_type);
  if (says_nothing(name)) {
    return true;
  }
  const auto claimed = family_of(name);
  const auto found = family_of(found_type);
  // Where office is installed, a list of comma-separated values is called one of its files.
  const bool is_list = name == "application/vnd.ms-excel" && found == family::text;
  return is_list || (claimed && claimed == found);
}

}  // namespace frontdesk
