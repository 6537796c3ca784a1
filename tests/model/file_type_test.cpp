#include "model/file_type.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace frontdesk {
namespace {

using namespace std::string_literals;

class bytes_at_hand final : public file_bytes {
 public:
  explicit bytes_at_hand(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string read(std::uint64_t from, std::size_t count) override {
    return bytes_.substr(std::min<std::size_t>(from, bytes_.size()), count);
  }

 private:
  std::string bytes_;
};

std::string type_of(std::string bytes) {
  bytes_at_hand from(std::move(bytes));
  const auto look = look_at(from);
  return look ? std::string(look->type) : "none";
}

std::string size_of(std::string bytes) {
  bytes_at_hand from(std::move(bytes));
  const auto look = look_at(from);
  return look ? std::to_string(look->width) + "x" + std::to_string(look->height) : "none";
}

std::string png_of(std::string_view width, std::string_view height) {
  return "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s + std::string(width) + std::string(height) + "\x08\x02";
}

std::string jpeg_of(std::size_t padding) {
  std::string bytes = "\xff\xd8"s;
  while (padding > 0) {
    const std::size_t part = std::min<std::size_t>(padding, 60'000);
    const std::size_t length = part + 2;
    bytes += "\xff\xe1"s + static_cast<char>(length >> 8U) + static_cast<char>(length & 0xffU) +
             std::string(part, 'x');
    padding -= part;
  }
  return bytes + "\xff\xc2\x00\x11\x08\x00\x20\x01\x00\x03"s + std::string(20, '\0');
}

TEST(FileType, SeesWhatPicturesAre) {
  EXPECT_EQ(size_of(png_of("\0\0\x01\0"s, "\0\0\0\x20"s)), "256x32");
  EXPECT_EQ(size_of("GIF87a\x10\x00\x20\x00"s), "16x32");
  EXPECT_EQ(size_of(jpeg_of(0)), "256x32");
  EXPECT_EQ(size_of(jpeg_of(200'000)), "256x32");
  EXPECT_EQ(size_of("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\0\0\x1f\0\0"s), "256x32");
  EXPECT_EQ(size_of("RIFF\0\0\0\0WEBPVP8L\x0a\0\0\0\x2f\xff\xc0\x07\x00"s), "256x32");
  EXPECT_EQ(size_of("RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x00\x01\x20\x00"s), "256x32");
}

TEST(FileType, TakesNoPictureWithoutASizeOrWithAGiganticOne) {
  EXPECT_EQ(type_of(png_of("\0\0\0\0"s, "\0\0\0\x20"s)), "none");
  EXPECT_EQ(type_of(png_of("\x7f\xff\xff\xff"s, "\0\0\0\x20"s)), "none");
  EXPECT_EQ(type_of("\xff\xd8\xff\xd9"s), "none");
  EXPECT_EQ(type_of("\xff\xd8"s + std::string(70'000, '\xff')), "none");
  EXPECT_EQ(type_of("GIF89a"s), "none");
}

TEST(FileType, SeesDocuments) {
  EXPECT_EQ(type_of("%PDF-1.7\n\x80\x81"s), "application/pdf");
  EXPECT_EQ(type_of("PK\x03\x04"s + std::string(40, '\0')), "application/zip");
  EXPECT_EQ(type_of("PK\x03\x04"s + std::string(200'000, '\0') + "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
  EXPECT_EQ(type_of("PK\x03\x04"s + std::string(40, '\0') + "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(type_of("PK\x03\x04"s + std::string(26, '\0') +
                    "mimetypeapplication/vnd.oasis.opendocument.textPK"),
            "application/vnd.oasis.opendocument.text");
  const std::string disk = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"s + std::string(65'520, '\0');
  EXPECT_EQ(type_of(disk), "none");
  EXPECT_EQ(type_of(disk + "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"s), "application/msword");
}

TEST(FileType, SeesFilmsAndSounds) {
  EXPECT_EQ(type_of("\0\0\0\x20"s + "ftypisom"), "video/mp4");
  EXPECT_EQ(type_of("\0\0\0\x20"s + "ftypqt  "), "video/quicktime");
  EXPECT_EQ(type_of("\0\0\0\x20"s + "ftypM4A "), "audio/mp4");
  EXPECT_EQ(type_of("\0\0\0\x20"s + "ftypheic"), "none");
  EXPECT_EQ(type_of("\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x84webm"s), "video/webm");
  EXPECT_EQ(type_of("\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x88matroska"s), "none");
  EXPECT_EQ(type_of("OggS\0\x02"s), "audio/ogg");
  EXPECT_EQ(type_of("ID3\x04\0"s), "audio/mpeg");
  EXPECT_EQ(type_of("\xff\xfb\x90\x44"s), "audio/mpeg");
  EXPECT_EQ(type_of("\xff\xf1\x50\x80\0"s), "none");
}

TEST(FileType, TakesForTextWhatIsNothingElse) {
  EXPECT_EQ(type_of("a,b\r\n1,2\r\n"), "text/plain");
  EXPECT_EQ(type_of("gr\xfc\xdf Gott"), "text/plain");
  EXPECT_EQ(type_of("\xef\xbb\xbf{\"json\": true}"), "text/plain");
  EXPECT_EQ(type_of(""), "none");
  EXPECT_EQ(type_of("text\0"s), "none");
  EXPECT_EQ(type_of(std::string(200'000, 'a') + "\x01"), "none");
}

TEST(FileType, TakesNoPagesProgramsOrDrawings) {
  for (const std::string& bytes :
       {"<!DOCTYPE html><p>"s, "  \n<HTML>"s, "<script>1</script>"s, "<svg xmlns='x'/>"s,
        "\xef\xbb\xbf<?xml version='1.0'?>"s, "<!-- --><html>"s, "MZ\x90\0\x03"s,
        "\x7f"s + "ELF\x02"s, "\xca\xfe\xba\xbe\0\0"s, "BM\x36\0\0\0"s, "\0\0\x01\0"s}) {
    EXPECT_EQ(type_of(bytes), "none") << bytes;
  }
}

TEST(FileType, LetsNothingClaimToBeAnother) {
  EXPECT_TRUE(is_as_claimed("", "image/png"));
  EXPECT_TRUE(is_as_claimed("application/octet-stream", "application/pdf"));
  EXPECT_TRUE(is_as_claimed("image/jpeg", "image/png"));
  EXPECT_TRUE(is_as_claimed("IMAGE/PNG; q=1", "image/png"));
  EXPECT_TRUE(is_as_claimed("application/vnd.ms-excel", "text/plain"));
  EXPECT_TRUE(is_as_claimed("video/mp4", "audio/mp4"));
  EXPECT_FALSE(is_as_claimed("image/png", "text/plain"));
  EXPECT_FALSE(is_as_claimed("text/plain", "application/zip"));
  EXPECT_FALSE(is_as_claimed("text/html", "text/plain"));
}

TEST(FileType, TurnsAwayAtOnceWhatIsOnNoList) {
  EXPECT_TRUE(may_be_taken(""));
  EXPECT_TRUE(may_be_taken("image/png"));
  EXPECT_TRUE(may_be_taken("text/csv; charset=utf-8"));
  for (const char* const type : {"text/html", "image/svg+xml", "application/javascript",
                                 "application/x-msdownload", "text/xml", "image"}) {
    EXPECT_FALSE(may_be_taken(type)) << type;
  }
}

TEST(FileType, BoundsThumbnails) {
  EXPECT_TRUE(look_at_thumbnail(png_of("\0\0\x04\0"s, "\0\0\0\x20"s)));
  EXPECT_FALSE(look_at_thumbnail(png_of("\0\0\x04\x01"s, "\0\0\0\x20"s)));
  EXPECT_FALSE(look_at_thumbnail("GIF87a\x10\x00\x20\x00"s));
  EXPECT_FALSE(look_at_thumbnail("text"));
  EXPECT_FALSE(look_at_thumbnail(png_of("\0\0\0\x20"s, "\0\0\0\x20"s) +
                                 std::string(limits::thumbnail_bytes_max, '\0')));
}

}  // namespace
}  // namespace frontdesk
