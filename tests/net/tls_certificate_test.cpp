#include "net/tls/tls_certificate.hpp"

#include "tests/net/self_signed.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

namespace frontdesk {
namespace {

using testing::HasSubstr;

class TlsCertificate : public testing::Test {
 protected:
  static std::string content_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // Why these two files are refused.
  static std::string refusal_of(const std::string& certificate, const std::string& key) {
    const auto loaded = tls_certificate::load({certificate, key});
    EXPECT_EQ(loaded.certificate, nullptr);
    return loaded.why_not;
  }

  const temp_folder folder_;
  const self_signed mine_ = make_self_signed(folder_.path(""));
};

TEST_F(TlsCertificate, SaysHowLongItIsValid) {
  const auto now = timestamp{static_cast<std::int64_t>(std::time(nullptr)) * 1000};
  const auto loaded = tls_certificate::load({mine_.certificate, mine_.key});
  ASSERT_NE(loaded.certificate, nullptr) << loaded.why_not;
  constexpr std::int64_t hour = 3'600'000;
  EXPECT_NEAR(static_cast<double>(loaded.certificate->valid_from().value - now.value), -hour,
              60'000);
  EXPECT_NEAR(static_cast<double>(loaded.certificate->valid_until().value - now.value), 24 * hour,
              60'000);
}

TEST_F(TlsCertificate, IsLoadedWithItsChain) {
  const auto authority = make_self_signed(folder_.path(""), {.name = "authority"});
  const std::string chain = folder_.path("chain.pem");
  write_text(chain, content_of(mine_.certificate) + content_of(authority.certificate));
  EXPECT_EQ(tls_certificate::load({chain, mine_.key}).why_not, "");

  write_text(chain, content_of(mine_.certificate) +
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  EXPECT_THAT(refusal_of(chain, mine_.key), HasSubstr("chain.pem is damaged"));
}

TEST_F(TlsCertificate, MayBeLoadedAfterItsTime) {
  const auto old = make_self_signed(folder_.path(""), {.name = "old", .from = -20, .until = -10});
  const auto loaded = tls_certificate::load({old.certificate, old.key});
  ASSERT_NE(loaded.certificate, nullptr);
}

TEST_F(TlsCertificate, NamesTheFileThatIsNotThere) {
  EXPECT_EQ(refusal_of("/no/such.crt", mine_.key),
            "The certificate file /no/such.crt cannot be read: No such file or directory.");
  EXPECT_EQ(refusal_of(mine_.certificate, "/no/such.key"),
            "The key file /no/such.key cannot be read: No such file or directory.");
  EXPECT_THAT(refusal_of(folder_.path(""), mine_.key), HasSubstr("Is a directory"));
}

TEST_F(TlsCertificate, SaysThatAFileIsForbidden) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root reads everything";
  }
  ::chmod(mine_.key.c_str(), 0);
  const auto loaded = tls_certificate::load({mine_.certificate, mine_.key});
  EXPECT_TRUE(loaded.is_forbidden);
  EXPECT_THAT(loaded.why_not, HasSubstr("Permission denied"));
}

TEST_F(TlsCertificate, SaysWhichFileIsSomethingElse) {
  EXPECT_EQ(refusal_of(mine_.key, mine_.key), mine_.key + " holds no certificate in PEM form.");
  EXPECT_EQ(refusal_of(mine_.certificate, mine_.certificate),
            mine_.certificate + " holds no private key in PEM form.");
}

TEST_F(TlsCertificate, RefusesTheKeyOfAnother) {
  for (const bool is_rsa : {false, true}) {
    const auto other = make_self_signed(folder_.path(""), {.name = "other", .is_rsa = is_rsa});
    EXPECT_EQ(refusal_of(mine_.certificate, other.key),
              "The key in " + other.key + " does not belong to the certificate in " +
                  mine_.certificate + ".");
  }
}

TEST_F(TlsCertificate, AsksForNoPassphrase) {
  std::ifstream in(mine_.key);
  const std::unique_ptr<BIO, int (*)(BIO*)> plain(BIO_new_file(mine_.key.c_str(), "r"), &BIO_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      PEM_read_bio_PrivateKey(plain.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const std::string path = folder_.path("locked.key");
  const std::unique_ptr<BIO, int (*)(BIO*)> locked(BIO_new_file(path.c_str(), "w"), &BIO_free);
  std::string word = "word";
  PEM_write_bio_PrivateKey(locked.get(), key.get(), EVP_aes_128_cbc(),
                           reinterpret_cast<const unsigned char*>(word.data()),
                           static_cast<int>(word.size()), nullptr, nullptr);
  BIO_flush(locked.get());
  EXPECT_THAT(refusal_of(mine_.certificate, path), HasSubstr("has a passphrase"));
}

}  // namespace
}  // namespace frontdesk
