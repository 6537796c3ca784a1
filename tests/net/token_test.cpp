#include "net/identity/token.hpp"

#include "net/identity/token_identity.hpp"
#include "tests/net/fake_desk.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <chrono>
#include <ostream>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t now_s = 1'767'225'600;
constexpr timestamp now{now_s * 1000};

std::string base64url(std::string_view bytes) {
  std::string digits(bytes.size() * 2 + 4, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(digits.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  digits.resize(static_cast<std::size_t>(size));
  while (digits.ends_with('=')) {
    digits.pop_back();
  }
  for (char& digit : digits) {
    digit = digit == '+' ? '-' : digit == '/' ? '_' : digit;
  }
  return digits;
}

std::string mac_of(std::string_view text, std::string_view secret) {
  std::string mac(32, '\0');
  unsigned size = 32;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  return mac;
}

/// A token of any header and any claims with a right signature, as nobody without the secret could
/// make it: what is refused is refused for its contents.
std::string forged(std::string_view header, std::string_view claims,
                   std::string_view secret = test_secret) {
  const std::string text = base64url(header) + '.' + base64url(claims);
  return text + '.' + base64url(mac_of(text, secret));
}

const std::string header = R"({"alg":"HS256","typ":"visitor+jwt"})";

std::string claims_with(std::string_view what, std::string_view instead) {
  std::string claims = R"({"iss":"frontdesk","aud":"frontdesk/visitor",)"
                       R"("sub":"visitor:00000000000000ff","tenant":1,"inbox":1,)"
                       R"("iat":1767225600,"nbf":1767225600,"exp":1767225700})";
  const std::size_t at = claims.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return claims.replace(at, what.size(), instead);
}

std::string claims() {
  return claims_with("{", "{");
}

token_key key() {
  return *token_key::from_secret(test_secret);
}

fault_code verdict(std::string_view token, timestamp at = now) {
  const auto read = key().verify(token, at);
  return read ? fault_code::none : read.error().code;
}

token_claims some(token_kind kind) {
  return {.kind = kind,
          .who = {tenant_id{3},
                  {kind == token_kind::visitor ? person_kind::visitor : person_kind::agent, 0xab}},
          .inbox = inbox_id{kind == token_kind::visitor ? 9U : 0U},
          .generation = kind == token_kind::visitor ? 0U : 4U,
          .issued_at = now,
          .expires_at = timestamp{now.value + 3'600'000}};
}

TEST(Token, SaysWhatWasSigned) {
  for (const auto kind : {token_kind::visitor, token_kind::access, token_kind::refresh}) {
    const auto read = key().verify(key().sign(some(kind)), now);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, kind);
    EXPECT_EQ(read->who, some(kind).who);
    EXPECT_EQ(read->inbox, some(kind).inbox);
    EXPECT_EQ(read->generation, some(kind).generation);
    EXPECT_EQ(read->issued_at, now);
    EXPECT_EQ(read->expires_at, some(kind).expires_at);
  }
}

TEST(Token, IsAnOrdinaryJsonWebToken) {
  EXPECT_EQ(verdict(forged(header, claims())), fault_code::none) << "whoever has the secret";
  EXPECT_EQ(key().sign({.kind = token_kind::visitor,
                        .who = {tenant_id{1}, {person_kind::visitor, 0xff}},
                        .inbox = inbox_id{1},
                        .issued_at = now,
                        .expires_at = timestamp{(now_s + 100) * 1000}}),
            forged(header, claims()));
}

struct refused_token {
  const char* what;
  std::string token;
};

void PrintTo(const refused_token& row, std::ostream* out) {
  *out << row.what;
}

class RefusedToken : public testing::TestWithParam<refused_token> {};

TEST_P(RefusedToken, IsBad) {
  EXPECT_EQ(verdict(GetParam().token), fault_code::bad_token);
}

std::string with_header(std::string_view text) {
  return forged(text, claims());
}
std::string with_claim(std::string_view what, std::string_view instead) {
  return forged(header, claims_with(what, instead));
}
std::string good() {
  return forged(header, claims());
}
std::string unsigned_part() {
  return good().substr(0, good().rfind('.'));
}

INSTANTIATE_TEST_SUITE_P(
    Header, RefusedToken,
    testing::Values(
        refused_token{"AlgNone", base64url(R"({"alg":"none","typ":"visitor+jwt"})") + '.' +
                                     base64url(claims()) + '.'},
        refused_token{"AlgNoneSigned", with_header(R"({"alg":"none","typ":"visitor+jwt"})")},
        refused_token{"AlgNoneCapital", with_header(R"({"alg":"None","typ":"visitor+jwt"})")},
        refused_token{"AlgNoneMixed", with_header(R"({"alg":"nOnE","typ":"visitor+jwt"})")},
        refused_token{"AlgHs512", with_header(R"({"alg":"HS512","typ":"visitor+jwt"})")},
        refused_token{"AlgRs256", with_header(R"({"alg":"RS256","typ":"visitor+jwt"})")},
        refused_token{"AlgEs256", with_header(R"({"alg":"ES256","typ":"visitor+jwt"})")},
        refused_token{"NoAlg", with_header(R"({"typ":"visitor+jwt"})")},
        refused_token{"TwoAlgs",
                      with_header(R"({"alg":"HS256","alg":"HS256","typ":"visitor+jwt"})")},
        refused_token{"NoTyp", with_header(R"({"alg":"HS256"})")},
        refused_token{"PlainTyp", with_header(R"({"alg":"HS256","typ":"JWT"})")},
        refused_token{"OtherTyp", with_header(R"({"alg":"HS256","typ":"access+jwt"})")},
        refused_token{"OtherOrder", with_header(R"({"typ":"visitor+jwt","alg":"HS256"})")},
        refused_token{"Space", with_header(R"({"alg": "HS256","typ":"visitor+jwt"})")},
        refused_token{"Kid", with_header(R"({"alg":"HS256","typ":"visitor+jwt","kid":"1"})")},
        refused_token{"KidAsPath",
                      with_header(R"({"alg":"HS256","typ":"visitor+jwt","kid":"../../dev/null"})")},
        refused_token{"KidAsSql",
                      with_header(R"({"alg":"HS256","typ":"visitor+jwt","kid":"' or 1=1"})")},
        refused_token{"HugeKid", with_header(R"({"alg":"HS256","typ":"visitor+jwt","kid":")" +
                                             std::string(65536, 'k') + "\"}")},
        refused_token{"Jku",
                      with_header(R"({"alg":"HS256","typ":"visitor+jwt","jku":"http://x"})")},
        refused_token{"X5u",
                      with_header(R"({"alg":"HS256","typ":"visitor+jwt","x5u":"http://x"})")},
        refused_token{"Jwk", with_header(R"({"alg":"HS256","typ":"visitor+jwt","jwk":{"k":""}})")},
        refused_token{"Crit", with_header(R"({"alg":"HS256","typ":"visitor+jwt","crit":["x"]})")}),
    [](const auto& row) { return row.param.what; });

INSTANTIATE_TEST_SUITE_P(
    Form, RefusedToken,
    testing::Values(
        refused_token{"Empty", ""}, refused_token{"OneDot", unsigned_part()},
        refused_token{"OnlyDots", ".."}, refused_token{"NoDots", "abc"},
        refused_token{"EmptySignature", unsigned_part() + '.'},
        refused_token{"FourParts", good() + ".x"}, refused_token{"FiveParts", good() + ".."},
        refused_token{"LeadingDot", "." + good()}, refused_token{"Padding", good() + "="},
        refused_token{"NewLine", good() + "\n"}, refused_token{"LeadingSpace", " " + good()},
        refused_token{"Nul", good() + std::string(1, '\0')},
        refused_token{"OtherSecret", forged(header, claims(),
                                            "another secret that is "
                                            "long enough, too")},
        refused_token{"EmptySecret", forged(header, claims(), "")},
        refused_token{
            "LongerThan4096",
            forged(header, claims_with("{", R"({"x":")" + std::string(4096, 'x') + "\","))}),
    [](const auto& row) { return row.param.what; });

INSTANTIATE_TEST_SUITE_P(
    Claims, RefusedToken,
    testing::Values(
        refused_token{"NotJson", forged(header, "claims")},
        refused_token{"Array", forged(header, "[]")}, refused_token{"Nothing", forged(header, "")},
        refused_token{"Deep", forged(header, std::string(1000, '['))},
        refused_token{"TwoExps", with_claim("\"exp\"", R"("exp":9,"exp")")},
        refused_token{"TwoSubs", with_claim("\"sub\"", R"("sub":"visitor:0","sub")")},
        refused_token{"EscapedTwin", with_claim("\"exp\"", R"("e\u0078p":9,"exp")")},
        refused_token{"NoExp", with_claim(R"(,"exp":1767225700)", "")},
        refused_token{"NoIat", with_claim(R"("iat":1767225600,)", "")},
        refused_token{"NoNbf", with_claim(R"("nbf":1767225600,)", "")},
        refused_token{"ExpText", with_claim("1767225700", "\"1767225700\"")},
        refused_token{"ExpFraction", with_claim("1767225700", "1767225700.5")},
        refused_token{"ExpWholeFraction", with_claim("1767225700", "1767225700.0")},
        refused_token{"ExpExponent", with_claim("1767225700", "1e308")},
        refused_token{"ExpSmallExponent", with_claim("1767225700", "1767225700e0")},
        refused_token{"ExpNegative", with_claim("1767225700", "-1767225700")},
        refused_token{"ExpHuge", with_claim("1767225700", "18446744073709551615")},
        refused_token{"ExpOverflowsAsMilliseconds", with_claim("1767225700", "9007199254740991")},
        refused_token{"ExpNull", with_claim("1767225700", "null")},
        refused_token{"ExpTrue", with_claim("1767225700", "true")},
        refused_token{"IatText", with_claim(R"("iat":1767225600)", R"("iat":"1767225600")")},
        refused_token{"IatFraction", with_claim(R"("iat":1767225600)", R"("iat":1767225600.1)")},
        refused_token{"IatNegative", with_claim(R"("iat":1767225600)", R"("iat":-1)")},
        refused_token{"IatTomorrow", with_claim(R"("iat":1767225600)", R"("iat":1767312000)")},
        refused_token{"IatBeyondSkew", with_claim(R"("iat":1767225600)", R"("iat":1767225661)")},
        refused_token{"NbfText", with_claim(R"("nbf":1767225600)", R"("nbf":"1767225600")")},
        refused_token{"NbfFraction", with_claim(R"("nbf":1767225600)", R"("nbf":1.5)")},
        refused_token{"NbfNegative", with_claim(R"("nbf":1767225600)", R"("nbf":-5)")},
        refused_token{"NbfBeyondSkew", with_claim(R"("nbf":1767225600)", R"("nbf":1767225661)")},
        refused_token{"OtherIssuer", with_claim(R"("iss":"frontdesk")", R"("iss":"other")")},
        refused_token{"NoIssuer", with_claim(R"("iss":"frontdesk",)", "")},
        refused_token{"OtherAudience", with_claim("frontdesk/visitor", "frontdesk/access")},
        refused_token{"AudienceList",
                      with_claim(R"("frontdesk/visitor")", R"(["frontdesk/visitor"])")},
        refused_token{"AgentAsVisitor", with_claim("visitor:00", "agent:00")},
        refused_token{"SystemAsVisitor", with_claim("visitor:00000000000000ff", "system")},
        refused_token{"ShortSub", with_claim("visitor:00000000000000ff", "visitor:ff")},
        refused_token{"CapitalSub", with_claim("00ff", "00FF")},
        refused_token{"TenantText", with_claim(R"("tenant":1)", R"("tenant":"1")")},
        refused_token{"TenantBeyond32Bits", with_claim(R"("tenant":1)", R"("tenant":4294967297)")},
        refused_token{"NoInbox", with_claim(R"("inbox":1,)", "")}),
    [](const auto& row) { return row.param.what; });

TEST(Token, IsRefusedWithAnyByteChanged) {
  const std::string token = good();
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const int bit : {1, 2, 4, 32}) {
      std::string changed = token;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      ASSERT_EQ(verdict(changed), fault_code::bad_token) << i;
    }
  }
}

TEST(Token, IsRefusedCutAtAnyByte) {
  const std::string token = good();
  for (std::size_t size = 0; size < token.size(); ++size) {
    ASSERT_EQ(verdict(token.substr(0, size)), fault_code::bad_token) << size;
  }
}

TEST(Token, BearsWithClocksThatDifferByAMinute) {
  EXPECT_EQ(verdict(good(), timestamp{(now_s - 60) * 1000}), fault_code::none);
  EXPECT_EQ(verdict(good(), timestamp{(now_s - 61) * 1000}), fault_code::bad_token);
  EXPECT_EQ(verdict(good(), timestamp{(now_s + 159) * 1000}), fault_code::none);
  EXPECT_EQ(verdict(good(), timestamp{(now_s + 160) * 1000}), fault_code::token_expired);
}

TEST(Token, IsRefusedWhenTheClockWasSetBackByADay) {
  EXPECT_EQ(verdict(good(), timestamp{(now_s - 86'400) * 1000}), fault_code::bad_token);
}

TEST(Token, NeedsASecretAsLongAsItsSignature) {
  EXPECT_FALSE(token_key::from_secret(std::string(31, 's')));
  EXPECT_TRUE(token_key::from_secret(std::string(32, 's')));
  EXPECT_EQ(token_identity::with_secret(std::string(31, 's')), nullptr);
}

class TokenIdentity : public testing::Test {
 protected:
  const agent& ann() { return *people_.agent_by_email(tenant_id{1}, "ann@acme.example"); }

  void changes(const std::function<void(agent&)>& change) {
    agent changed = ann();
    change(changed);
    people_.put(changed);
  }

  fault_code verdict(std::string_view token, timestamp at = now) {
    const auto read = tokens_->identify(token, people_, at);
    return read ? fault_code::none : read.error().code;
  }

  static timestamp after(std::chrono::milliseconds passed) {
    return timestamp{now.value + passed.count()};
  }

  directory people_ = *acme();
  std::unique_ptr<token_identity> tokens_ = token_identity::with_secret(test_secret);
  std::string access_ = tokens_->access_token(ann(), now);
  std::string refresh_ = tokens_->refresh_token(ann(), now);
};

TEST_F(TokenIdentity, KnowsAnAgentAsItStandsNow) {
  changes([](agent& a) { a.name = "Ann Other"; });
  const auto who = tokens_->identify(access_, people_, now);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->who, (person_name{tenant_id{1}, {person_kind::agent, 7}}));
  EXPECT_EQ(who->name, "Ann Other");
  EXPECT_EQ(who->role, agent_role::admin);
  EXPECT_EQ(who->team, team_id{1});
  EXPECT_EQ(who->expires_at, after(1h));
}

TEST_F(TokenIdentity, KnowsAVisitorForAYear) {
  const inbox& open = *people_.inbox_by_widget_key("open");
  const auto token = tokens_->visitor_token(open, {person_kind::visitor, 5}, now);
  const auto who = tokens_->identify(token, people_, after(24h * 364));
  ASSERT_TRUE(who);
  EXPECT_EQ(who->who, (person_name{tenant_id{1}, {person_kind::visitor, 5}}));
  EXPECT_EQ(who->inbox, inbox_id{1});
  EXPECT_EQ(who->team, open.team);
  EXPECT_TRUE(who->team);
  EXPECT_EQ(verdict(token, after(24h * 366)), fault_code::token_expired);
}

TEST_F(TokenIdentity, NeverTakesARefreshTokenForAnAccessToken) {
  EXPECT_EQ(verdict(refresh_), fault_code::bad_token);
  EXPECT_EQ(tokens_->refresh(access_, people_, now).error().code, fault_code::bad_token);
  EXPECT_EQ((*tokens_->refresh(refresh_, people_, now))->name, "Ann");
}

TEST_F(TokenIdentity, LetsAgentsTokensEnd) {
  EXPECT_EQ(verdict(access_, after(59min)), fault_code::none);
  EXPECT_EQ(verdict(access_, after(62min)), fault_code::token_expired);
  EXPECT_TRUE(tokens_->refresh(refresh_, people_, after(24h * 29)));
  EXPECT_EQ(tokens_->refresh(refresh_, people_, after(24h * 31)).error().code,
            fault_code::token_expired);
}

TEST_F(TokenIdentity, ForbidsWhoIsGone) {
  changes([](agent& a) { a.active = false; });
  EXPECT_EQ(verdict(access_), fault_code::forbidden);
  EXPECT_EQ(tokens_->refresh(refresh_, people_, now).error().code, fault_code::forbidden);
  EXPECT_FALSE(tokens_->identify(access_, directory(), now));
}

TEST_F(TokenIdentity, MakesOldTokensWorthlessWithAnewGeneration) {
  changes([](agent& a) { ++a.token_generation; });
  EXPECT_EQ(verdict(access_), fault_code::token_expired);
  EXPECT_EQ(tokens_->refresh(refresh_, people_, now).error().code, fault_code::token_expired);
  EXPECT_EQ(verdict(tokens_->access_token(ann(), now)), fault_code::none);
}

TEST_F(TokenIdentity, ForbidsVisitorsOfAnInboxThatIsGone) {
  inbox gone = *people_.inbox_by_widget_key("open");
  gone.id = inbox_id{99};
  EXPECT_EQ(verdict(tokens_->visitor_token(gone, {person_kind::visitor, 5}, now)),
            fault_code::forbidden);
}

TEST_F(TokenIdentity, IsFasterThanAnythingAroundIt) {
  const auto begin = std::chrono::steady_clock::now();
  constexpr int rounds = 2000;
  for (int i = 0; i < rounds; ++i) {
    ASSERT_EQ(verdict(access_), fault_code::none);
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  RecordProperty("microseconds", std::to_string(took.count() / rounds));
  EXPECT_LT(took.count() / rounds, 1000) << "a thousand a second on the slowest machine";
}

}  // namespace
}  // namespace frontdesk
