#include "bench/checker/checker.hpp"
#include "tests/net/self_signed.hpp"
#include "tests/process/corpus_player.hpp"
#include "tests/process/node_process.hpp"
#include "tests/repository.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

using testing::HasSubstr;

constexpr std::size_t at_a_time = 8;

/// A node that speaks TLS with a certificate made out to "first".
class TlsNode : public testing::Test {
 protected:
  void starts(const self_signed_wish& wish = {.name = "first"}) {
    puts(wish);
    furnish(node_.data());
    node_.start();
  }

  /// Writes a certificate over the one that is there.
  void puts(const self_signed_wish& wish) {
    const self_signed made = make_self_signed(folder_.path("made"), wish);
    std::filesystem::rename(made.certificate, certificate_);
    std::filesystem::rename(made.key, key_);
  }

  place door() const { return {node_.port(), 0, true}; }
  std::string name_given() const { return ask(door(), page_request).server_name; }
  bool passes_until(const std::function<bool()>& it_is_so) {
    return loop_.turn_until(it_is_so, patience);
  }
  bool logs(std::string_view what) {
    return passes_until([&] { return node_.log().find(what) != std::string::npos; });
  }

  static constexpr std::string_view page_request =
      "GET / HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\n\r\n";

  const temp_folder folder_;
  const std::string certificate_ = folder_.path("desk.crt");
  const std::string key_ = folder_.path("desk.key");
  const bool has_folder_ = std::filesystem::create_directory(folder_.path("made"));
  node_process node_{folder_.path("data"), {"--tls-certificate", certificate_, "--tls-key", key_}};
  socket_loop loop_;
};

TEST_F(TlsNode, CarriesDialoguesWordForWord) {
  starts();
  EXPECT_EQ(node_.address(), "https://127.0.0.1:" + std::to_string(node_.port()));
  std::vector<signed_in> agents;
  for (const std::string& email : furniture{}.agents) {
    agents.push_back(sign_in(door(), email, furniture::password));
  }
  EXPECT_THAT(ask(door(), page_request).head, HasSubstr("Strict-Transport-Security: max-age="));
  const auto dialogues = dialogues_of(repository() / "tests/process/dialogues.jsonl");
  checker::history seen;
  {
    corpus_player player(door(), seen, agents);
    EXPECT_TRUE(player.play(dialogues, at_a_time)) << player.complaint() << node_.log();
    EXPECT_EQ(player.conversations().size(), dialogues.size());
  }
  EXPECT_EQ(node_.stop(), 0) << node_.log();
  add_stored(seen, output_of({"inspect", "--json", "--data", node_.data()}));
  const checker::report found = checker::check(seen);
  EXPECT_TRUE(found.is_clean()) << found.text();
}

TEST_F(TlsNode, ReadsItsCertificateAgain) {
  starts();
  unsigned answers_count = 0;
  socket_link::ears ears;
  ears.on_text = [&](std::string_view) { ++answers_count; };
  socket_link old(loop_, door(), ears);
  ASSERT_TRUE(passes_until([&] { return old.is_open(); }));
  ASSERT_EQ(old.server_name(), "first");

  puts({.name = "second"});
  EXPECT_EQ(name_given(), "first") << "nobody has said so yet";
  node_.reload();
  EXPECT_TRUE(passes_until([&] { return name_given() == "second"; })) << node_.log();

  EXPECT_EQ(old.server_name(), "first");
  old.send("not a frame");
  EXPECT_TRUE(passes_until([&] { return answers_count > 0 || old.close_code() >= 1000; }))
      << "the old one is served";
}

TEST_F(TlsNode, KeepsItsCertificateIfTheNextIsBad) {
  starts();
  write_text(key_, "nonsense");
  node_.reload();
  EXPECT_TRUE(logs("certificate_kept"));
  EXPECT_THAT(node_.log(), HasSubstr("holds no private key in PEM form"));
  EXPECT_EQ(name_given(), "first");
}

TEST_F(TlsNode, WarnsOfACertificateThatHasExpired) {
  starts({.name = "old", .from = -20, .until = -10});
  EXPECT_THAT(node_.log(), HasSubstr("certificate_loaded"));
  EXPECT_THAT(node_.log(), HasSubstr("It has expired"));
  EXPECT_EQ(name_given(), "old");
}

TEST_F(TlsNode, DoesNotStartWithoutItsFiles) {
  const auto ended = run_frontdesk(
      {"start", "--data", node_.data(), "--tls-certificate", certificate_, "--tls-key", key_});
  EXPECT_EQ(ended.code, 78);
  EXPECT_EQ(ended.error, "frontdesk: The certificate file " + certificate_ +
                             " cannot be read: No such file or directory.\n");
}

}  // namespace
}  // namespace frontdesk::process
