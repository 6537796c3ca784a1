#include "wire/file_record.hpp"

#include "tests/wire/golden.hpp"

#include <gtest/gtest.h>

#include <string>

namespace frontdesk {
namespace {

kept_file posted_file() {
  return {
      .tenant = tenant_id{7},
      .conversation = conversation_id{0x0123456789abcdef},
      .where = track::internal,
      .uploader = {person_kind::agent, 3},
      .visitor = {person_kind::visitor, 4},
      .what = {.id = {0x1111, 0x2222},
               .name = "Grüße.pdf",
               .type = "application/pdf",
               .bytes = 12345,
               .width = 6,
               .height = 8,
               .has_thumbnail = true},
      .begun_at = timestamp{1'767'225'600'000},
      .boot = "",
      .is_complete = true,
      .digest = std::string(64, 'a'),
      .device = {5, 6},
      .n = post_number{7},
      .after = sequence{8},
      .seq = sequence{9},
  };
}

TEST(FileRecord, IsAsItWasEverWritten) {
  golden::expect_bytes("kept_file.hex", to_bytes(posted_file()));
  EXPECT_EQ(kept_file_from_bytes(golden::bytes_of("kept_file.hex")), posted_file());
}

TEST(FileRecord, ReadsNothingOfTornBytes) {
  const std::string whole = to_bytes(posted_file());
  EXPECT_EQ(kept_file_from_bytes(""), std::nullopt);
  EXPECT_EQ(kept_file_from_bytes("\x02" + whole.substr(1)), std::nullopt);
  EXPECT_EQ(kept_file_from_bytes(whole.substr(0, 9)), std::nullopt);
}

TEST(FileRecord, ReadsNoFileThatIsCompleteWithoutADigest) {
  kept_file file = posted_file();
  file.is_complete = false;
  file.digest.clear();
  std::string bytes = to_bytes(file);
  // Field 16, a flag: complete.
  bytes += "\x80\x01\x01";

  EXPECT_EQ(kept_file_from_bytes(bytes), std::nullopt);
}

}  // namespace
}  // namespace frontdesk
