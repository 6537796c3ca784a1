// The fuzz targets without libFuzzer and without Clang, for every change: each is given its corpus
// and the golden files, and then some thousand broken copies of them. What follows the paths of the
// code is scripts/fuzz.

#include "tests/repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <vector>

// The entries of the targets, each under the name that the build gives it.
extern "C" {
int admin_json_fuzz(const std::uint8_t* bytes, std::size_t size);
int forwarding_fuzz(const std::uint8_t* bytes, std::size_t size);
int frame_json_fuzz(const std::uint8_t* bytes, std::size_t size);
int frame_protobuf_fuzz(const std::uint8_t* bytes, std::size_t size);
int http_request_fuzz(const std::uint8_t* bytes, std::size_t size);
int record_fuzz(const std::uint8_t* bytes, std::size_t size);
int token_fuzz(const std::uint8_t* bytes, std::size_t size);
int websocket_codec_fuzz(const std::uint8_t* bytes, std::size_t size);
}

namespace frontdesk {
namespace {

constexpr std::uint64_t inputs_default = 10000;
/// As scripts/fuzz has it: enough to pass the bounds on a header, a body and a token.
constexpr std::size_t input_bytes_max = 10000;

struct fuzz_target {
  std::string name;
  int (*entry)(const std::uint8_t*, std::size_t);
};

std::ostream& operator<<(std::ostream& out, const fuzz_target& target) {
  return out << target.name;
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  std::string digits;
  for (const char each : hex) {
    if (each != '\n') digits += each;
    if (digits.size() == 2) {
      bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
      digits.clear();
    }
  }
  return bytes;
}

/// In the order of their names, so that a seed means the same everywhere.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (exists(folder)) {
    for (const auto& each : std::filesystem::directory_iterator(folder))
      files.push_back(each.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> seeds_of(const std::string& target) {
  std::vector<std::string> seeds;
  for (const auto& file : files_in(repository() / "tests/fuzz/corpus" / target))
    seeds.push_back(contents_of(file));
  for (const auto& file : files_in(repository() / "tests/wire/golden")) {
    const bool is_frame = file.filename().string().starts_with("client_");
    const std::string form = file.extension();
    const bool is_hex = (target == "record" && form == ".hex") ||
                        (target == "frame_protobuf" && is_frame && form == ".protobuf");
    if (target == "frame_json" && is_frame && form == ".json") seeds.push_back(contents_of(file));
    if (is_hex) seeds.push_back(bytes_of_hex(contents_of(file)));
  }
  return seeds;
}

class FuzzTarget : public testing::TestWithParam<fuzz_target> {
 protected:
  void SetUp() override { ASSERT_FALSE(seeds_.empty()); }

  void feed(const std::string& input) const {
    GetParam().entry(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }

  /// A seed, broken in one to four places.
  std::string broken_copy() {
    std::string bytes = any_seed();
    for (std::uint64_t i = 1 + random_() % 4; i > 0; --i)
      break_somewhere(bytes);
    bytes.resize(std::min(bytes.size(), input_bytes_max));
    return bytes;
  }

  const std::string& any_seed() { return seeds_[random_() % seeds_.size()]; }

  void break_somewhere(std::string& bytes) {
    const std::size_t at = bytes.empty() ? 0 : random_() % bytes.size();
    const std::size_t count = std::min<std::size_t>(bytes.size() - at, 1 + random_() % 16);
    switch (random_() % 6) {
      case 0:
        if (!bytes.empty()) bytes[at] = static_cast<char>(random_());
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random_() % 8));
        break;
      case 2:
        bytes.erase(at, count);
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, count));
        break;
      case 4:
        bytes.insert(at, std::string(1 + random_() % 300, static_cast<char>(random_())));
        break;
      default:
        const std::string& other = any_seed();
        bytes = bytes.substr(0, at) + other.substr(random_() % (other.size() + 1));
    }
  }

  const std::uint64_t seed_ = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::vector<std::string> seeds_ = seeds_of(GetParam().name);
  std::mt19937_64 random_{seed_};
};

TEST_P(FuzzTarget, KeepsItsPromisesForItsCorpus) {
  for (const std::string& each : seeds_)
    feed(each);
}

TEST_P(FuzzTarget, KeepsItsPromisesForBrokenCopies) {
  // Said before: a broken promise ends the program.
  std::cout << "FRONTDESK_SEED=" << seed_ << std::endl;
  const std::uint64_t inputs = number_from("FRONTDESK_FUZZ_INPUTS", inputs_default);
  for (std::uint64_t i = 0; i < inputs; ++i)
    feed(broken_copy());
}

INSTANTIATE_TEST_SUITE_P(Every, FuzzTarget,
                         testing::Values(fuzz_target{"admin_json", admin_json_fuzz},
                                         fuzz_target{"forwarding", forwarding_fuzz},
                                         fuzz_target{"frame_json", frame_json_fuzz},
                                         fuzz_target{"frame_protobuf", frame_protobuf_fuzz},
                                         fuzz_target{"http_request", http_request_fuzz},
                                         fuzz_target{"record", record_fuzz},
                                         fuzz_target{"token", token_fuzz},
                                         fuzz_target{"websocket_codec", websocket_codec_fuzz}),
                         [](const testing::TestParamInfo<fuzz_target>& info) {
                           return info.param.name;
                         });

/// A target that is not played here is played nowhere before a change is kept.
TEST(FuzzTargets, AreAllPlayed) {
  std::size_t count = 0;
  for (const auto& file : files_in(repository() / "tests/fuzz"))
    count += file.filename().string().ends_with("_fuzz.cpp") ? 1 : 0;

  EXPECT_EQ(count, 8U);
}

}  // namespace
}  // namespace frontdesk
