#include "net/identity/token_identity.hpp"
#include "tests/process/desk_door.hpp"
#include "tests/process/fetch_link.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/socket_link.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

namespace json = boost::json;

constexpr const char* allowed_page = "https://shop.example";
/// Stands in every text that is posted here, and must stand in no log.
constexpr const char* secret_words = "my-secret-body";

json::value parsed(const std::string& text) {
  return text.empty() ? json::value{} : json::parse(text);
}

std::string field(const json::value& frame, std::string_view name) {
  const auto* found = frame.is_object() ? frame.as_object().if_contains(name) : nullptr;
  return found == nullptr ? std::string{} : std::string(found->as_string());
}

/// Somebody at the other end of a WebSocket who says what they like.
class stranger {
 public:
  stranger(socket_loop& loop, const place& at, std::string_view more = {})
      : loop_(loop),
        link_(loop, at,
              {.on_open = {},
               .on_text = [this](std::string_view text) { heard_.emplace_back(text); },
               .on_closed = {}},
              more) {}

  void says(std::string_view text) { link_.send(text); }
  void sends(unsigned opcode, std::string_view payload) { link_.send_frame(opcode, payload); }

  void greets(const std::string& token, std::uint64_t device = 1) {
    says(json::serialize(
        json::object{{"t", "hello"}, {"token", token}, {"device", device_name(device)}}));
  }

  void posts(const std::string& conversation, std::uint64_t n, const std::string& text) {
    says(json::serialize(
        json::object{{"t", "post"}, {"conversation", conversation}, {"n", n}, {"text", text}}));
  }

  /// The next frame of this kind; what comes before is forgotten. Null: it never came.
  json::value hears(std::string_view t) {
    json::value found;
    loop_.turn_until(
        [&] {
          while (!heard_.empty() && found.is_null()) {
            json::value next = parsed(heard_.front());
            heard_.pop_front();
            if (field(next, "t") == t) found = std::move(next);
          }
          return !found.is_null() || link_.is_gone();
        },
        patience);
    return found;
  }

  std::string hears_fault() { return field(hears("fault"), "code"); }

  /// The code with which the node ends the connection, or the status of its refusal.
  unsigned hears_end() {
    EXPECT_TRUE(loop_.turn_until([this] { return link_.is_gone(); }, patience));
    return link_.close_code();
  }

 private:
  socket_loop& loop_;
  std::deque<std::string> heard_;
  socket_link link_;
};

/// A node that many strangers in turn do bad things to. After each of them it serves as before.
class BadInput : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<temp_folder>();
    node_ = std::make_unique<node_process>(folder_->path("data"));
    furniture what;
    what.agents.resize(1);
    what.origin = allowed_page;
    furnish(node_->data(), what);
    node_->start();
  }

  static void TearDownTestSuite() {
    EXPECT_EQ(node_->stop(), 0) << node_->log();
    node_.reset();
    folder_.reset();
  }

  void TearDown() override {
    ASSERT_TRUE(node_->is_alive()) << node_->log();
    auto [who, conversation] = welcomed();
    who->posts(conversation, 1, secret_words);
    EXPECT_FALSE(who->hears("ack").is_null()) << "the node serves nobody any more";
    const std::string log = node_->log();
    EXPECT_EQ(log.find(secret_words), std::string::npos) << log;
    for (const std::string& token : tokens_) {
      EXPECT_EQ(log.find(token), std::string::npos) << log;
    }
  }

  /// From another address each time, so that no rate is reached by accident.
  static place somewhere() { return {node_->port(), ++addresses_count_}; }

  std::string visitor_token() {
    tokens_.push_back(new_visitor(somewhere(), furniture::widget_key).token);
    return tokens_.back();
  }

  std::unique_ptr<stranger> comes() { return std::make_unique<stranger>(loop_, somewhere()); }

  struct guest {
    std::unique_ptr<stranger> who;
    /// Where the first post goes.
    std::string conversation;
  };

  /// A visitor who has done nothing wrong yet.
  guest welcomed() {
    guest made{comes(), {}};
    made.who->greets(visitor_token());
    made.conversation = field(made.who->hears("roster"), "next");
    EXPECT_FALSE(made.conversation.empty());
    return made;
  }

  /// Frames without a WebSocket, as docs/wire.md §8 has them.
  static std::string plain(std::string_view path, const std::string& token,
                           const std::string& body = {},
                           const std::string& device = device_name(1)) {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\n"
        "Frontdesk-Device: {}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {}\r\n"
        "Connection: close\r\n\r\n{}",
        path, node_->port(), token, device, body.size(), body);
  }

  /// The next frame of this kind on a stream; null: it ended before.
  json::value hears(plain_request& stream, std::string_view t) {
    json::value found;
    loop_.turn_until(
        [&] {
          stream.turn();
          std::string line;
          while (found.is_null() && stream.take_line(line)) {
            json::value next = parsed(line);
            if (field(next, "t") == t) found = std::move(next);
          }
          return !found.is_null() || stream.is_over();
        },
        patience);
    return found;
  }

  /// Signs with the secret of this node.
  static std::string token_made_at(timestamp when) {
    std::ifstream file(node_->data() + "/secret", std::ios::binary);
    const std::string secret{std::istreambuf_iterator<char>(file), {}};
    inbox shop;
    shop.id = inbox_id{1};
    shop.tenant = tenant_id{1};
    const person_id visitor{person_kind::visitor, 7};
    return token_identity::with_secret(secret)->visitor_token(shop, visitor, when);
  }

  socket_loop loop_;
  std::vector<std::string> tokens_;
  inline static std::unique_ptr<temp_folder> folder_;
  inline static std::unique_ptr<node_process> node_;
  inline static std::uint32_t addresses_count_ = 0;
};

TEST_F(BadInput, EndsAfterThreeStrikes) {
  auto [who, conversation] = welcomed();

  who->says("this is not JSON");
  EXPECT_EQ(who->hears_fault(), "not_json");
  who->says(R"({"t":"post","conversation":"0000000000000001","n":"one","text":5})");
  EXPECT_EQ(who->hears_fault(), "bad_frame");
  who->says(R"({"t":"dance"})");
  EXPECT_EQ(who->hears_fault(), "unknown_frame");

  EXPECT_EQ(who->hears_end(), 4509U);
}

TEST_F(BadInput, SurvivesValuesThatCannotBe) {
  for (const std::string text :
       {R"({"t":"post","conversation":"xyz","n":1,"text":"a"})",
        R"({"t":"post","conversation":"0000000000000001","n":-1,"text":"a"})",
        R"({"t":"post","conversation":"0000000000000001","n":1e300,"text":"a"})",
        R"({"t":"sub","subs":[]})", R"({"t":"sub","subs":[[[[[[[[]]]]]]]]})", "[]", "null", "{}",
        R"({"t":null})", "\"t\"", "{\"t\":\"post\""}) {
    auto [who, conversation] = welcomed();
    who->says(text);
    EXPECT_NE(who->hears_fault(), "") << text;
  }
}

TEST_F(BadInput, RefusesAFrameThatIsTooLarge) {
  auto [who, conversation] = welcomed();

  who->posts(conversation, 1, std::string(70'000, 'a'));

  const unsigned code = who->hears_end();
  EXPECT_TRUE(code == 1009 || code == 4507) << code;
}

TEST_F(BadInput, RefusesATextThatIsTooLong) {
  auto [who, conversation] = welcomed();

  who->posts(conversation, 1, std::string(33 * 1024, 'a'));

  EXPECT_EQ(who->hears_fault(), "text_too_long");
}

TEST_F(BadInput, RefusesWhatIsNotText) {
  auto [binary, first] = welcomed();
  binary->sends(0x2, "\x01\x02");
  EXPECT_EQ(binary->hears_end(), 4500U);

  auto [broken, second] = welcomed();
  broken->says("{\"t\":\"\xc3\x28\"}");
  EXPECT_EQ(broken->hears_end(), 1007U);
}

TEST_F(BadInput, WantsAHelloFirst) {
  for (const std::string text :
       {R"({"t":"post","conversation":"0000000000000001","n":1,"text":"a"})", R"({"t":"pong"})",
        "not JSON"}) {
    auto who = comes();
    who->says(text);
    EXPECT_EQ(who->hears_end(), 4502U) << text;
  }
}

TEST_F(BadInput, WantsOnlyOneHello) {
  auto [who, conversation] = welcomed();

  who->greets(visitor_token());

  EXPECT_EQ(who->hears_end(), 4500U);
}

TEST_F(BadInput, GivesARepeatedPostItsFirstAnswer) {
  auto [who, conversation] = welcomed();
  who->posts(conversation, 1, secret_words);
  const json::value first = who->hears("ack");

  who->posts(conversation, 1, secret_words);
  EXPECT_EQ(who->hears("ack"), first);
  who->posts(conversation, 1, "something else");
  EXPECT_EQ(who->hears_fault(), "conflict");
}

TEST_F(BadInput, TakesNoNumberThatIsNotTheNext) {
  auto [who, conversation] = welcomed();
  who->posts(conversation, 1, secret_words);
  EXPECT_FALSE(who->hears("ack").is_null());

  for (const std::uint64_t n : {3ULL, 1000ULL, 9007199254740991ULL}) {
    who->posts(conversation, n, secret_words);
    const json::value fault = who->hears("fault");
    EXPECT_EQ(field(fault, "code"), "out_of_order") << n;
    EXPECT_EQ(fault.at("expects").to_number<std::uint64_t>(), 2U);
  }
}

TEST_F(BadInput, KeepsAConversationFromOtherVisitors) {
  auto [victim, conversation] = welcomed();
  victim->posts(conversation, 1, secret_words);
  EXPECT_FALSE(victim->hears("ack").is_null());
  auto [thief, own] = welcomed();

  thief->posts(conversation, 1, "I am you");
  EXPECT_EQ(thief->hears_fault(), "unknown_conversation");
  thief->says(json::serialize(
      json::object{{"t", "sub"}, {"subs", {{{"conversation", conversation}, {"after", 0}}}}}));
  EXPECT_EQ(thief->hears_fault(), "unknown_conversation");
  thief->says(json::serialize(json::object{
      {"t", "history"}, {"id", 1}, {"conversation", conversation}, {"after", 0}, {"limit", 50}}));
  EXPECT_EQ(thief->hears_fault(), "unknown_conversation");
  thief->says(
      json::serialize(json::object{{"t", "close"}, {"id", 2}, {"conversation", conversation}}));
  EXPECT_EQ(thief->hears_fault(), "unknown_conversation");
}

TEST_F(BadInput, KeepsVisitorsFromTheWorkOfAgents) {
  auto [who, conversation] = welcomed();

  for (const std::string text :
       {R"({"t":"status","id":1,"status":"accepting"})", R"({"t":"watch","id":2,"on":true})",
        R"({"t":"list","id":3,"view":"all","limit":10})", R"({"t":"agents","id":4})"}) {
    who->says(text);
    EXPECT_EQ(who->hears_fault(), "forbidden") << text;
  }
}

TEST_F(BadInput, KnowsAnExpiredToken) {
  auto who = comes();

  tokens_.push_back(token_made_at(timestamp{1'000'000'000'000}));
  who->greets(tokens_.back());

  EXPECT_EQ(who->hears_fault(), "token_expired");
  EXPECT_EQ(who->hears_end(), 4400U);
}

TEST_F(BadInput, KnowsAForgedToken) {
  const std::string token = visitor_token();
  const auto changed = [&](std::size_t at) {
    std::string forged = token;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    return forged;
  };
  const std::size_t claims = token.find('.') + 10;
  for (const std::string& forged : {changed(3), changed(claims), changed(token.size() - 5),
                                    token.substr(0, token.rfind('.') + 1), std::string("x")}) {
    auto who = comes();
    who->greets(forged);
    EXPECT_EQ(who->hears_fault(), "bad_token");
    EXPECT_EQ(who->hears_end(), 4501U);
  }
}

TEST_F(BadInput, IsForThePagesOfItsInboxOnly) {
  const std::string right = fmt::format("Origin: {}\r\n", allowed_page);

  EXPECT_EQ(stranger(loop_, somewhere(), "Origin: https://evil.example\r\n").hears_end(), 403U);
  stranger welcome(loop_, somewhere(), right);
  welcome.greets(visitor_token());

  EXPECT_FALSE(welcome.hears("welcome").is_null());
}

TEST_F(BadInput, AnswersWhatIsNoRequest) {
  EXPECT_EQ(ask(somewhere(), "hello?\r\n\r\n").status, 400U);
  EXPECT_EQ(ask(somewhere(), "GET / HTTP/1.1\r\nX: " + std::string(9000, 'x')).status, 431U);
  EXPECT_EQ(post_json(somewhere(), "/v1/visitors", "{").status, 400U);
  EXPECT_EQ(post_json(somewhere(), "/v1/sessions", R"({"email":"a","password":"b"})").status, 401U);
}

TEST_F(BadInput, ServesWhileTwoHundredSayNothing) {
  std::vector<int> silent;
  for (int i = 0; i < 200; ++i) {
    silent.push_back(connect_to(somewhere()));
    constexpr std::string_view half = "GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgr";
    ::send(silent.back(), half.data(), half.size(), MSG_NOSIGNAL);
  }

  auto [who, conversation] = welcomed();
  who->posts(conversation, 1, secret_words);

  EXPECT_FALSE(who->hears("ack").is_null());
  for (const int each : silent) {
    ::close(each);
  }
}

// ---- Without a WebSocket.

TEST_F(BadInput, EndsTheOlderOfTwoStreamsOfOneDevice) {
  const std::string token = visitor_token();
  const place from = somewhere();
  plain_request older(from, plain("/v1/stream", token));
  ASSERT_FALSE(hears(older, "welcome").is_null());

  plain_request newer(from, plain("/v1/stream", token));

  EXPECT_FALSE(hears(newer, "welcome").is_null());
  EXPECT_EQ(hears(older, "bye").at("code").to_number<int>(), 4508);
  EXPECT_TRUE(loop_.turn_until([&] { return older.turn(), older.is_over(); }, patience));
  newer.turn();
  EXPECT_FALSE(newer.is_over());
}

TEST_F(BadInput, AnswersBadLinesOneByOne) {
  const std::string token = visitor_token();
  const auto said = ask(somewhere(), plain("/v1/frames", token,
                                           "{\"t\":\"pong\"}\nnot JSON\n{\"t\":\"dance\"}\n"
                                           "{\"t\":\"sub\",\"subs\":[{\"conversation\":"
                                           "\"0000000000000001\",\"after\":0}]}\n"));

  EXPECT_EQ(said.status, 200U);
  EXPECT_NE(said.body.find("not_json"), std::string::npos) << said.body;
  EXPECT_NE(said.body.find("unknown_frame"), std::string::npos) << said.body;
  EXPECT_NE(said.body.find("forbidden"), std::string::npos) << said.body;
  EXPECT_EQ(said.body.find("bye"), std::string::npos) << said.body;

  const auto ended = ask(somewhere(), plain("/v1/frames", token, "a\nb\nc\n{\"t\":\"pong\"}\n"));
  EXPECT_NE(ended.body.find("4509"), std::string::npos) << ended.body;
}

TEST_F(BadInput, PostsForNobodyElseWithoutAWebSocket) {
  auto [who, conversation] = welcomed();
  who->posts(conversation, 1, secret_words);
  ASSERT_FALSE(who->hears("ack").is_null());

  const std::string post =
      fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"x"}})", conversation);
  const auto said = ask(somewhere(), plain("/v1/frames", visitor_token(), post));

  EXPECT_NE(said.body.find("unknown_conversation"), std::string::npos) << said.body;
}

TEST_F(BadInput, RefusesPlainRequestsThatSayTooLittleOrTooMuch) {
  const std::string token = visitor_token();
  const auto status = [&](const std::string& request) { return ask(somewhere(), request).status; };

  EXPECT_EQ(status(plain("/v1/frames", "", "{}")), 401U);
  EXPECT_EQ(status(plain("/v1/stream", token + "x")), 401U);
  EXPECT_EQ(status(plain("/v1/poll", token, "", "nobody")), 400U);
  EXPECT_EQ(status(plain("/v1/frames", token, std::string(129 * 1024, 'x'))), 413U);
  EXPECT_EQ(status(plain("/v1/frames", token, std::string(65 * 2, '\n') + "x")), 200U);
  std::string many;
  for (int i = 0; i < 65; ++i) {
    many += "{}\n";
  }
  EXPECT_EQ(status(plain("/v1/frames", token, many)), 413U);
}

}  // namespace
}  // namespace frontdesk::process
