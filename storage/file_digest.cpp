#include "storage/file_digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <memory>

namespace frontdesk {

namespace {

constexpr std::size_t step_bytes = 256 * 1024;

class sha256 {
 public:
  sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    [[maybe_unused]] const int begun = EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
    assert(begun == 1);
  }

  void take(std::string_view bytes) {
    [[maybe_unused]] const int taken = EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
    assert(taken == 1);
  }

  std::string digest() {
    std::array<unsigned char, 32> bytes{};
    [[maybe_unused]] const int made = EVP_DigestFinal_ex(context_.get(), bytes.data(), nullptr);
    assert(made == 1);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string digest_of(std::string_view bytes) {
  sha256 hash;
  hash.take(bytes);
  return hash.digest();
}

std::optional<std::string> digest_of(file_bytes& from) {
  sha256 hash;
  for (std::uint64_t at = 0; at < from.size();) {
    const std::string step = from.read(at, step_bytes);
    if (step.empty()) return std::nullopt;
    hash.take(step);
    at += step.size();
  }
  std::string digits;
  for (const char byte : hash.digest()) {
    digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return digits;
}

}  // namespace frontdesk
