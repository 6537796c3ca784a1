#include "tests/wire/golden.hpp"

#include "tests/repository.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>

namespace frontdesk::golden {

namespace {

constexpr std::size_t bytes_per_line = 32;

bool shall_rewrite() {
  const char* wish = std::getenv("FRONTDESK_REWRITE_GOLDEN");
  return wish != nullptr && std::string_view{wish} == "1";
}

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (at > 0 && at % bytes_per_line == 0) {
      hex += '\n';
    }
    hex += fmt::format("{:02x}", static_cast<unsigned char>(bytes[at]));
  }
  return hex;
}

}  // namespace

std::filesystem::path path_of(std::string_view name) {
  return repository() / "tests" / "wire" / "golden" / name;
}

std::string text_of(std::string_view name) {
  std::string text = contents_of(path_of(name));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

void expect_text(std::string_view name, std::string_view text) {
  if (text_of(name) == text) return;
  if (!shall_rewrite()) {
    EXPECT_EQ(text_of(name), text) << path_of(name) << " (see tests/wire/golden.hpp)";
    return;
  }
  std::ofstream{path_of(name), std::ios::binary} << text << '\n';
  ADD_FAILURE() << "rewrote " << path_of(name);
}

std::string bytes_of(std::string_view name) {
  std::string hex = text_of(name);
  std::erase(hex, '\n');
  std::string bytes;
  for (std::size_t at = 0; at + 2 <= hex.size(); at += 2) {
    unsigned char byte = 0;
    std::from_chars(hex.data() + at, hex.data() + at + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

void expect_bytes(std::string_view name, std::string_view bytes) {
  expect_text(name, hex_of(bytes));
}

}  // namespace frontdesk::golden
