#include "net/files/file_headers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace frontdesk {
namespace {

using kinds = byte_range::kinds;

constexpr std::string_view place = "/v1/files/0123456789abcdef/00112233445566778899aabbccddeeff";

byte_range range(std::string text, std::string if_range = {}) {
  http_request request;
  request.fields = {{"range", std::move(text)}};
  if (!if_range.empty()) {
    request.fields.push_back({"if-range", std::move(if_range)});
  }
  return range_of(request, "\"tag\"", 100);
}

std::string part(const byte_range& of) {
  return of.kind == kinds::part    ? std::to_string(of.from) + "+" + std::to_string(of.bytes)
         : of.kind == kinds::whole ? "whole"
                                   : "impossible";
}

TEST(FileHeaders, KnowThePathOfAFile) {
  const auto found = file_path_of(place);
  ASSERT_TRUE(found);
  EXPECT_EQ(to_text(found->place.conversation), "0123456789abcdef");
  EXPECT_EQ(to_text(found->place.file), "00112233445566778899aabbccddeeff");
  EXPECT_FALSE(found->is_thumbnail);
  EXPECT_TRUE(file_path_of(std::string(place) + "/thumbnail")->is_thumbnail);
}

TEST(FileHeaders, KnowNoOtherPath) {
  for (const std::string& path :
       {std::string("/v1/files/"), std::string("/v1/files"), std::string(place) + "/",
        std::string(place) + "/other", std::string(place) + "/thumbnail/thumbnail",
        std::string("/v1/files/0123456789abcdeF/00112233445566778899aabbccddeeff"),
        std::string("/v1/files/0123456789abcdef%2f00112233445566778899aabbccddeeff"),
        std::string("/v1/files/../../../../etc/00112233445566778899aabbccddeeff")}) {
    EXPECT_FALSE(file_path_of(path)) << path;
  }
}

TEST(FileHeaders, ReadOneRange) {
  EXPECT_EQ(part(range("bytes=0-9")), "0+10");
  EXPECT_EQ(part(range("bytes=90-")), "90+10");
  EXPECT_EQ(part(range("bytes=99-5000")), "99+1");
  EXPECT_EQ(part(range("bytes=-10")), "90+10");
  EXPECT_EQ(part(range("bytes=-500")), "0+100");
  EXPECT_EQ(part(range("bytes=100-")), "impossible");
  EXPECT_EQ(part(range("bytes=-0")), "impossible");
}

TEST(FileHeaders, GiveTheWholeForARangeThatIsNone) {
  for (const char* const text :
       {"bytes=0-1,5-6", "bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "bytes=+1-2",
        "bytes= 1-2", "bytes=0-99999999999999999999", "bytes=0"}) {
    EXPECT_EQ(part(range(text)), "whole") << text;
  }
}

TEST(FileHeaders, GiveAPartOnlyOfTheBytesThatWereMeant) {
  EXPECT_EQ(part(range("bytes=0-9", "\"tag\"")), "0+10");
  EXPECT_EQ(part(range("bytes=0-9", "\"other\"")), "whole");
}

TEST(FileHeaders, LetNoNameEndTheLine) {
  EXPECT_EQ(disposition_of("a b.pdf"),
            "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf");
  EXPECT_EQ(disposition_of("\"\r\nSet-Cookie: x=\\;/%"),
            "attachment; filename=\"___Set-Cookie_ x_____\"; "
            "filename*=UTF-8''%22%0D%0ASet-Cookie%3A%20x%3D%5C%3B%2F%25");
  EXPECT_EQ(disposition_of("\xc3\xbc"), "attachment; filename=\"__\"; filename*=UTF-8''%C3%BC");
}

TEST(FileHeaders, ReadWholeNumbers) {
  EXPECT_EQ(whole_number("0"), 0U);
  EXPECT_EQ(whole_number("123456789012345678"), 123456789012345678U);
  for (const char* const text : {"", "-1", "+1", " 1", "1 ", "0x1", "1234567890123456789"}) {
    EXPECT_FALSE(whole_number(text)) << text;
  }
}

}  // namespace
}  // namespace frontdesk
