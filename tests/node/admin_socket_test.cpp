#include "node/admin/admin_socket.hpp"

#include "node/admin/unix_socket.hpp"
#include "node/audit/audit_log.hpp"
#include "node/system_clock.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* list_tenants = "{\"do\":\"tenant.list\"}";

/// A directory with one tenant.
class small_administration final : public administration {
 public:
  directory_ptr directory_now() const override {
    auto known = std::make_shared<directory>();
    known->put(tenant{tenant_id{1}, "acme", timestamp{}});
    return known;
  }
  fault_or<directory_change> change(directory_change what) override { return what; }
  fault_or<std::string> hash(std::string password) override { return password; }
  fault_or<done> make_checkpoint() override { return done{}; }
  fault_or<std::vector<quarantined>> quarantine_of(tenant_id whose) override {
    quarantined poison;
    poison.id = quarantine_id{3};
    poison.tenant = whose;
    poison.message = "say";
    poison.text = "a secret \xff";
    return std::vector{poison};
  }
  fault_or<done> discard_quarantined(tenant_id, quarantine_id which) override {
    return which == quarantine_id{3} ? fault_or<done>{done{}} : fault_code::not_found;
  }
  fault_or<done> pin_tier(std::optional<unsigned>, std::chrono::milliseconds) override {
    return done{};
  }
  const token_identity& tokens() const override { return *tokens_; }
  fault_or<done> admit_deed() override {
    return is_flooded ? fault_or<done>{fault_code::rate_limited} : done{};
  }
  fault_or<done> audit(const audit_entry& what, std::chrono::milliseconds) override {
    audited_.push_back(what);
    return is_audit_full ? fault_or<done>{fault_code::storage_full} : done{};
  }
  fault_or<audit_page> read_audit(const audit_query&) override {
    return audit_page{audited_, audit_number{7}};
  }
  std::vector<audit_entry> audited() { return std::exchange(audited_, {}); }

  std::atomic<bool> is_flooded = false;
  std::atomic<bool> is_audit_full = false;
  fault_or<desk_stats> stats() const override {
    desk_stats now;
    now.visitors_present = 42;
    return now;
  }

 private:
  std::vector<audit_entry> audited_;
  std::unique_ptr<token_identity> tokens_ = token_identity::with_secret(std::string(64, 's'));
};

/// A program at the other end, which keeps to no rule.
class caller {
 public:
  explicit caller(const std::string& path) : socket_(std::move(*connect_to(path))) {
    // Longer than anything takes; only a test that fails waits for it.
    constexpr timeval patience{60, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  caller& sends(const std::string& bytes) {
    send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return *this;
  }
  caller& ends() {
    shutdown(socket_.get(), SHUT_WR);
    return *this;
  }
  /// The next line, without its end; empty: there is none and the connection is closed.
  std::string hears() {
    for (;;) {
      const std::size_t end = heard_.find('\n');
      if (end != std::string::npos) {
        std::string line = heard_.substr(0, end);
        heard_.erase(0, end + 1);
        return line;
      }
      std::array<char, 4096> room{};
      const ssize_t size = read(socket_.get(), room.data(), room.size());
      if (size <= 0) {
        EXPECT_THAT(errno == EAGAIN && size < 0, false) << "nothing came for a minute";
        return {};
      }
      heard_.append(room.data(), static_cast<std::size_t>(size));
    }
  }
  bool is_hung_up() { return hears().empty(); }

 private:
  descriptor socket_;
  std::string heard_;
};

class AdminSocket : public testing::Test {
 protected:
  void opens(std::chrono::milliseconds patience = 1h) {
    auto opened = admin_socket::open(path_, with_, time_, patience);
    ASSERT_TRUE(opened.ok());
    open_ = std::move(*opened);
  }
  caller comes() const { return caller(path_); }

  const temp_folder folder_;
  const std::string path_ = folder_.path("admin.sock");
  const system_clock time_;
  small_administration with_;
  std::unique_ptr<admin_socket> open_;
};

TEST_F(AdminSocket, AnswersLineAfterLine) {
  opens();
  caller operator_ = comes();

  operator_.sends(list_tenants).sends("\n");
  EXPECT_THAT(operator_.hears(), HasSubstr("acme"));
  operator_.sends(list_tenants).sends("\n");
  EXPECT_THAT(operator_.hears(), HasSubstr("acme"));
}

TEST_F(AdminSocket, TellsTheStatistics) {
  opens();
  caller operator_ = comes();

  operator_.sends("{\"do\":\"stats\"}\n");

  const std::string answer = operator_.hears();
  EXPECT_TRUE(answer.starts_with("{\"ok\":{\"recent_ms\":")) << answer;
  EXPECT_THAT(answer, HasSubstr("\"visitors_present\":42,"));
}

TEST_F(AdminSocket, AnswersManyLinesThatCameAtOnce) {
  opens();
  caller operator_ = comes();
  std::string many;
  for (int i = 0; i < 5000; ++i) {
    many += "{}\n";
  }

  operator_.sends(many + list_tenants + "\n");

  for (int i = 0; i < 5000; ++i) {
    ASSERT_THAT(operator_.hears(), HasSubstr("bad_frame")) << i;
  }
  EXPECT_THAT(operator_.hears(), HasSubstr("acme"));
}

TEST_F(AdminSocket, ShowsWhatACustomerSaidOnlyWhenItIsAskedFor) {
  opens();
  caller operator_ = comes();
  const auto answer_to = [&operator_](const char* line) {
    operator_.sends(line).sends("\n");
    return operator_.hears();
  };

  EXPECT_THAT(answer_to(R"({"do":"quarantine.list"})"),
              testing::AllOf(HasSubstr("\"id\":3"), testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(answer_to(R"({"do":"quarantine.show","id":3})"),
              testing::AllOf(HasSubstr("\"id\":3"), testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(answer_to(R"({"do":"quarantine.show","id":3,"text":true})"),
              HasSubstr("bytes 612073656372657420ff"));
  EXPECT_THAT(answer_to(R"({"do":"quarantine.show","id":4,"text":true})"), HasSubstr("not_found"));
  EXPECT_THAT(answer_to(R"({"do":"quarantine.drop","id":3})"), HasSubstr("ok"));
  EXPECT_THAT(answer_to(R"({"do":"quarantine.list","tenant":"none"})"), HasSubstr("not_found"));
}

TEST_F(AdminSocket, LeavesAnEntryOfEveryDeedWithWhoDidIt) {
  opens();
  caller operator_ = comes();
  const auto entry_of = [&](const std::string& line) {
    operator_.sends(line).sends("\n").hears();
    const auto all = with_.audited();
    EXPECT_EQ(all.size(), 1U) << line;
    if (all.empty()) return std::string{};
    EXPECT_EQ(all[0].who.origin, audit_origin::admin_socket);
    EXPECT_EQ(all[0].who.uid, getuid());
    return all[0].action + " " + all[0].target + " " + parameters_text(all[0]) + " " +
           all[0].outcome;
  };

  EXPECT_EQ(entry_of(R"({"do":"tenant.create","name":"shop"})"), "tenant.create shop id=0 done");
  EXPECT_EQ(entry_of(R"({"do":"inbox.create","name":"S","widget_key":"k","origins":"a b"})"),
            "inbox.create k name=S origins=a b id=0 done");
  EXPECT_EQ(entry_of(R"({"do":"agent.create","email":"a@b.c","name":"A","password":"geheim12"})"),
            "agent.create a@b.c name=A id=0 done");
  EXPECT_EQ(entry_of(R"({"do":"agent.password","email":"a@b.c","password":"geheim12"})"),
            "agent.password a@b.c  unknown_agent");
  EXPECT_EQ(entry_of(R"({"do":"token.visitor","widget_key":"k","vip":true})"),
            "token.visitor k vip=yes unknown_inbox");
  EXPECT_EQ(entry_of(R"({"do":"token.agent","email":"a@b.c","tenant":"acme"})"),
            "token.agent a@b.c tenant=acme unknown_agent");
  EXPECT_EQ(entry_of(R"({"do":"checkpoint","folder":"/backup"})"), "backup /backup  done");
  EXPECT_EQ(entry_of(R"({"do":"quarantine.show","id":3,"text":true})"),
            "quarantine.show 3 text=yes done");
  EXPECT_EQ(entry_of(R"({"do":"quarantine.drop","id":4})"), "quarantine.drop 4  not_found");
  EXPECT_EQ(entry_of(R"({"do":"tier.pin","tier":2,"ms":1000})"), "tier.pin 2 ms=1000 done");
  EXPECT_EQ(entry_of(R"({"do":"tier.pin"})"), "tier.auto   done");
  EXPECT_EQ(entry_of(R"({"password":"geheim12")"), "request   not_json");
}

TEST_F(AdminSocket, LeavesNoEntryOfWhatOnlyReads) {
  opens();
  caller operator_ = comes();

  for (const char* line : {list_tenants, R"({"do":"stats"})", R"({"do":"quarantine.show","id":3})",
                           R"({"do":"quarantine.list"})", R"({"do":"audit.list"})"}) {
    EXPECT_THAT(operator_.sends(line).sends("\n").hears(), HasSubstr("ok")) << line;
  }

  EXPECT_TRUE(with_.audited().empty());
}

TEST_F(AdminSocket, TellsNothingOfADeedThatCannotBeAudited) {
  with_.is_audit_full = true;
  opens();
  caller operator_ = comes();

  EXPECT_THAT(operator_.sends(R"({"do":"quarantine.show","id":3,"text":true})").sends("\n").hears(),
              testing::AllOf(HasSubstr("storage_full"), testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(operator_.sends(R"({"do":"token.agent","email":"a@b.c"})").sends("\n").hears(),
              HasSubstr("unknown_agent"));
  EXPECT_THAT(operator_.sends(R"({"do":"tier.pin"})").sends("\n").hears(), HasSubstr("ok"))
      << "who mends the node goes on";
}

TEST_F(AdminSocket, DoesNothingInAFlood) {
  with_.is_flooded = true;
  opens();
  caller operator_ = comes();

  EXPECT_THAT(operator_.sends(R"({"do":"tenant.create","name":"shop"})").sends("\n").hears(),
              HasSubstr("rate_limited"));
  const auto all = with_.audited();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].action + all[0].target, "request") << "the same entry for all of them";
  EXPECT_THAT(operator_.sends(list_tenants).sends("\n").hears(), HasSubstr("acme"));
}

TEST_F(AdminSocket, ShowsTheAuditInPages) {
  opens();
  caller operator_ = comes();
  operator_.sends(R"({"do":"tier.pin"})").sends("\n").hears();

  EXPECT_THAT(operator_.sends(R"({"do":"audit.list"})").sends("\n").hears(),
              testing::AllOf(HasSubstr("\"action\":\"tier.auto\""), HasSubstr("\"next\":7")));
}

TEST_F(AdminSocket, SaysWhatIsNoRequestAndReadsTheNext) {
  opens();
  caller operator_ = comes();

  operator_.sends("hello?\n");
  EXPECT_THAT(operator_.hears(), HasSubstr("not_json"));
  operator_.sends("{\"do\":\"tenant.destroy\"}\n");
  EXPECT_THAT(operator_.hears(), HasSubstr("unknown_frame"));
  operator_.sends(std::string("\xff\0\n", 3));
  EXPECT_THAT(operator_.hears(), HasSubstr("not_json"));
  operator_.sends(list_tenants).sends("\n");
  EXPECT_THAT(operator_.hears(), HasSubstr("acme"));
}

TEST_F(AdminSocket, RefusesALineThatIsTooLong) {
  opens();
  const std::string long_name(admin_socket::line_bytes_max, 'a');

  caller without_end = comes();
  without_end.sends(long_name + "a");
  EXPECT_THAT(without_end.hears(), HasSubstr("too_large"));
  EXPECT_TRUE(without_end.is_hung_up());

  caller with_end = comes();
  with_end.sends(long_name + "a\n");
  EXPECT_THAT(with_end.hears(), HasSubstr("too_large"));
  EXPECT_TRUE(with_end.is_hung_up());

  caller just_fits = comes();
  just_fits.sends(long_name + "\n");
  EXPECT_THAT(just_fits.hears(), HasSubstr("not_json"));
}

TEST_F(AdminSocket, DoesNotWaitForTheEndOfALineForEver) {
  opens(20ms);
  caller half = comes();
  caller silent = comes();

  half.sends("{\"do\":");

  EXPECT_THAT(half.hears(), HasSubstr("not_json"));
  EXPECT_TRUE(half.is_hung_up());
  EXPECT_TRUE(silent.is_hung_up());
}

TEST_F(AdminSocket, ReadsALineThatEndsWithTheCaller) {
  opens();

  caller whole = comes();
  whole.sends(list_tenants).ends();
  EXPECT_THAT(whole.hears(), HasSubstr("acme"));
  EXPECT_TRUE(whole.is_hung_up());

  caller half = comes();
  half.sends("{\"do\":\"tenant.list\"").ends();
  EXPECT_THAT(half.hears(), HasSubstr("not_json"));
  EXPECT_TRUE(half.is_hung_up());
}

TEST_F(AdminSocket, TellsOneTooManyThatItIsBusyAndServesTheOthers) {
  opens();
  std::vector<caller> inside;
  for (std::size_t i = 0; i < admin_socket::connections_max; ++i) {
    inside.push_back(comes());
    // Once there is an answer, it is inside.
    EXPECT_THAT(inside.back().sends("{}\n").hears(), HasSubstr("bad_frame"));
  }

  caller one_too_many = comes();
  EXPECT_THAT(one_too_many.hears(), HasSubstr("busy"));
  EXPECT_TRUE(one_too_many.is_hung_up());
  for (caller& each : inside) {
    EXPECT_THAT(each.sends(list_tenants).sends("\n").hears(), HasSubstr("acme"));
  }

  inside.pop_back();
  std::string said = "busy";
  while (said.find("busy") != std::string::npos) {
    said = comes().sends(list_tenants).sends("\n").hears();
  }
  EXPECT_THAT(said, HasSubstr("acme"));
}

TEST_F(AdminSocket, ServesOthersWhileOneTakesNoAnswers) {
  opens();
  caller deaf = comes();
  std::string many;
  for (int i = 0; i < 20'000; ++i) {
    many += "{}\n";
  }
  deaf.sends(many);

  caller operator_ = comes();

  EXPECT_THAT(operator_.sends(list_tenants).sends("\n").hears(), HasSubstr("acme"));
}

TEST_F(AdminSocket, EndsWhateverItsCallersAreAt) {
  opens();
  caller half = comes();
  half.sends("{");
  caller silent = comes();

  open_.reset();

  EXPECT_TRUE(half.is_hung_up());
  EXPECT_TRUE(silent.is_hung_up());
  EXPECT_FALSE(connect_to(path_).ok());
}

}  // namespace
}  // namespace frontdesk
