#include "node/config.hpp"

#include "tests/node/affinity.hpp"

#include <gmock/gmock.h>

using namespace frontdesk;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

// What the three places say; the settings that come of it, or the sentence.
struct config_case {
  given_flags flags;
  environment_variables environment;
  std::optional<std::string> file;

  or_trouble<settings> read() const {
    std::optional<config_file> there;
    if (file) {
      there = config_file{"desk.toml", *file};
    }
    return read_settings(flags, environment, there);
  }
  settings chosen() const {
    const auto found = read();
    EXPECT_TRUE(found.ok()) << (found ? "" : found.why().sentence);
    return found ? *found : settings{};
  }
  trouble refused() const {
    const auto found = read();
    EXPECT_FALSE(found.ok());
    return found ? trouble{} : found.why();
  }
};

config_case file(std::string text) {
  return {{}, {}, std::move(text)};
}
config_case variable(std::string name, std::string value) {
  return {{}, {{std::move(name), std::move(value)}}, std::nullopt};
}
config_case flag(std::string name, std::string value) {
  return {{{std::move(name), {std::move(value)}}}, {}, std::nullopt};
}

TEST(Config, TakesAPartOfMessagesToTrace) {
  EXPECT_EQ(config_case{}.chosen().trace_sample, 0);
  EXPECT_EQ(file("trace_sample = 0.25").chosen().trace_sample, 0.25);
  EXPECT_EQ(file("trace_sample = 0.00001").chosen().trace_sample, 0.00001);
  EXPECT_EQ(variable("FRONTDESK_TRACE_SAMPLE", "1").chosen().trace_sample, 1);
  for (const char* wrong : {"-0.1", "1.1", "nan", "inf", "half", "", "0.1x", " 0.1"}) {
    EXPECT_THAT(variable("FRONTDESK_TRACE_SAMPLE", wrong).refused().sentence,
                HasSubstr("is not a part from 0 to 1"))
        << wrong;
  }
}

TEST(Config, TakesACollectorsAddress) {
  struct row {
    const char* text;
    const char* host;
    int port;
  };
  for (const row& each :
       {row{"http://127.0.0.1:4318", "127.0.0.1", 4318}, row{"http://[::1]:4318/", "::1", 4318},
        row{"http://otel-collector.local:1", "otel-collector.local", 1}}) {
    const settings chosen = variable("FRONTDESK_OTLP_ENDPOINT", each.text).chosen();
    ASSERT_TRUE(chosen.otlp_endpoint) << each.text;
    EXPECT_EQ(chosen.otlp_endpoint->host, each.host);
    EXPECT_EQ(chosen.otlp_endpoint->port, each.port);
  }
  for (const char* wrong :
       {"", "127.0.0.1:4318", "http://", "http://:4318", "http://a", "http://a:0", "http://a:65536",
        "http://a b:4318", "http://::1:4318", "http://[a]:4318", "http://a:4318/v1/traces",
        "http://u@a:4318", "ftp://a:4318"}) {
    EXPECT_THAT(variable("FRONTDESK_OTLP_ENDPOINT", wrong).refused().sentence,
                HasSubstr("is not a collector's address"))
        << wrong;
  }
  EXPECT_THAT(variable("FRONTDESK_OTLP_ENDPOINT", "https://a:4318").refused().sentence,
              HasSubstr("which may speak TLS to others"));
}

}  // namespace

TEST(Config, HasADefaultForEverything) {
  const settings chosen = config_case{}.chosen();

  ASSERT_EQ(chosen.listen.size(), 1U);
  EXPECT_EQ(chosen.listen[0].host, "127.0.0.1");
  EXPECT_EQ(chosen.listen[0].port, 8080);
  EXPECT_FALSE(chosen.is_demo);
  EXPECT_EQ(chosen.agent_grace, limits::agent_grace);
}

TEST(Config, PutsFlagsOverTheEnvironmentOverTheFile) {
  const given_flags flags{{"data", {"from-flag"}}};
  const environment_variables environment{{"FRONTDESK_DATA", "from-environment"}};
  const std::string text = "data = \"from-file\"";

  EXPECT_EQ((config_case{{}, {}, text}).chosen().data, "from-file");
  EXPECT_EQ((config_case{{}, environment, text}).chosen().data, "from-environment");
  EXPECT_EQ((config_case{flags, environment, text}).chosen().data, "from-flag");
}

TEST(Config, ReadsEverySettingFromAFile) {
  const settings chosen = file(R"(
listen = ["0.0.0.0:9000", "[::1]:9001"]
data = "/var/lib/frontdesk"
demo = true
log_level = "debug"
log_format = "json"
io_threads = 4
max_connections = 500
hellos_per_second = 300
tls_certificate = "desk.crt"
tls_key = "desk.key"
trusted_proxy = ["10.0.0.1", "10.1.0.0/16"]
agent_grace = "45s"
passivate_after = "2m"
ping_interval = "20s"
store_cache = "64MB"
store_max = "10GB"
)")
                              .chosen();

  ASSERT_EQ(chosen.listen.size(), 2U);
  EXPECT_EQ(chosen.listen[1].host, "::1");
  EXPECT_EQ(chosen.listen[1].port, 9001);
  EXPECT_EQ(chosen.data, "/var/lib/frontdesk");
  EXPECT_TRUE(chosen.is_demo);
  EXPECT_EQ(chosen.least, log_level::debug);
  EXPECT_EQ(chosen.format, log_format::json);
  EXPECT_EQ(chosen.io_threads, 4U);
  EXPECT_EQ(chosen.connections_max, 500U);
  EXPECT_EQ(chosen.hellos_per_second, 300U);
  EXPECT_EQ(chosen.tls_certificate, "desk.crt");
  EXPECT_EQ(chosen.tls_key, "desk.key");
  EXPECT_EQ(chosen.trusted_proxies, (std::vector<std::string>{"10.0.0.1", "10.1.0.0/16"}));
  EXPECT_EQ(chosen.agent_grace, 45s);
  EXPECT_EQ(chosen.passivate_after, 2min);
  EXPECT_EQ(chosen.ping_interval, 20s);
  EXPECT_EQ(chosen.store_cache_bytes, 64ULL << 20U);
  EXPECT_EQ(chosen.store_bytes_max, 10ULL << 30U);
}

TEST(Config, TakesFilesOfASizeThatCanBeLookedAt) {
  EXPECT_EQ(flag("file_max", "5MB").chosen().file_bytes_max, 5ULL << 20U);
  for (const char* text : {"0", "2GB", "large"}) {
    EXPECT_EQ(flag("file_max", text).refused().code, exit_code::usage) << text;
  }
}

TEST(Config, WantsACertificateAndItsKey) {
  EXPECT_EQ(
      flag("tls_key", "desk.key").refused(),
      (trouble{exit_code::config, "There is tls_key, but no tls_certificate: TLS needs both."}));
  EXPECT_EQ(flag("tls_certificate", "desk.crt").refused().sentence,
            "There is tls_certificate, but no tls_key: TLS needs both.");
  EXPECT_TRUE(
      (config_case{
           {{"tls_key", {"desk.key"}}}, {{"FRONTDESK_TLS_CERTIFICATE", "desk.crt"}}, std::nullopt})
          .read()
          .ok());
  EXPECT_EQ(flag("tls_key", "").refused().code, exit_code::usage);
}

TEST(Config, TakesProxiesWithCommasFromAnywhere) {
  const std::vector<std::string> both{"10.0.0.1", "fd00::/8"};
  EXPECT_EQ(flag("trusted_proxy", "10.0.0.1,fd00::/8").chosen().trusted_proxies, both);
  EXPECT_EQ(variable("FRONTDESK_TRUSTED_PROXY", "10.0.0.1, fd00::/8").chosen().trusted_proxies,
            both);
  for (const char* text : {"", "proxy.example", "10.0.0.0/33", "10.0.0.1:80"}) {
    EXPECT_EQ(flag("trusted_proxy", text).refused().code, exit_code::usage) << text;
  }
}

TEST(Config, SplitsAListInTheEnvironmentAtItsCommas) {
  const settings chosen = variable("FRONTDESK_LISTEN", "127.0.0.1:1, 127.0.0.1:2").chosen();

  ASSERT_EQ(chosen.listen.size(), 2U);
  EXPECT_EQ(chosen.listen[1].port, 2);
}

TEST(Config, NamesLineAndColumnOfABadValue) {
  const trouble why = file("demo = true\nagent_grace = \"soon\"\n").refused();

  EXPECT_EQ(why.code, exit_code::config);
  EXPECT_THAT(why.sentence, HasSubstr("desk.toml, line 2, column 15: "));
  EXPECT_THAT(why.sentence, HasSubstr("such as 250ms, 25s"));
}

TEST(Config, NamesLineAndColumnOfAnUnknownKeyAndSuggestsAKnownOne) {
  const trouble why = file("demo = true\n  log_levl = \"info\"\n").refused();

  EXPECT_EQ(why.code, exit_code::config);
  EXPECT_THAT(why.sentence, HasSubstr("line 2, column 3: \"log_levl\" is not a setting."));
  EXPECT_THAT(why.sentence, HasSubstr("Did you mean \"log_level\"?"));
}

TEST(Config, NamesThePlaceOfWhatIsNotToml) {
  const trouble why = file("demo = true\ndata = \"open\n").refused();

  EXPECT_EQ(why.code, exit_code::config);
  EXPECT_THAT(why.sentence, HasSubstr("desk.toml, line 2, column "));
}

TEST(Config, RefusesAValueOfTheWrongType) {
  EXPECT_THAT(file("data = [\"a\", \"b\"]").refused().sentence, HasSubstr("wrong type"));
  EXPECT_THAT(file("io_threads = 1.5").refused().sentence, HasSubstr("is not a number of threads"));
  EXPECT_THAT(file("[listen]\nport = 1").refused().sentence, HasSubstr("wrong type"));
  EXPECT_THAT(file("listen = []").refused().sentence, HasSubstr("wrong type"));
}

TEST(Config, NamesTheVariableOfABadValue) {
  const trouble why = variable("FRONTDESK_LOG_FORMAT", "xml").refused();

  EXPECT_EQ(why,
            (trouble{exit_code::config, "FRONTDESK_LOG_FORMAT=\"xml\" is not console or json."}));
}

TEST(Config, RefusesAMisspeltVariable) {
  const trouble why = variable("FRONTDESK_LISTNE", "127.0.0.1:1").refused();

  EXPECT_EQ(why.code, exit_code::config);
  EXPECT_THAT(why.sentence, HasSubstr("Did you mean FRONTDESK_LISTEN?"));
}

TEST(Config, LeavesVariablesOfOthersAlone) {
  EXPECT_TRUE(variable("FRONTDESK_SERVICE_HOST", "10.0.0.1").read().ok());
  EXPECT_TRUE(variable("FRONTDESK_BINARY", "/usr/bin/frontdesk").read().ok());
  EXPECT_TRUE(variable("FRONTDESK_PORT", "tcp://10.0.0.1:80").read().ok());
}

TEST(Config, CallsABadFlagAMistakeOfUsage) {
  const trouble why = flag("listen", "nowhere:80").refused();

  EXPECT_EQ(why.code, exit_code::usage);
  EXPECT_THAT(why.sentence, HasSubstr("--listen \"nowhere:80\" is not an IP address and a port"));
}

TEST(Config, RefusesDurationsThatNobodyCanMean) {
  for (const char* text : {"", "25", "s", "-1s", "1.5s", "25 s", "25S", "0s", "1w", "99999999h"}) {
    EXPECT_EQ(flag("agent_grace", text).refused().code, exit_code::usage) << text;
  }
}

TEST(Config, RefusesAPingThatComesAfterThePeerWasGivenUp) {
  EXPECT_EQ(flag("ping_interval", "30s").refused().code, exit_code::usage);
}

TEST(Config, RefusesSizesThatNobodyCanMean) {
  for (const char* text : {"", "64", "MB", "64M", "-1KB", "99999999999GB"}) {
    EXPECT_EQ(flag("store_cache", text).refused().code, exit_code::usage) << text;
  }
  EXPECT_EQ(flag("store_max", "0").chosen().store_bytes_max, 0U);
}

TEST(Config, ReadsAddressesInEveryForm) {
  EXPECT_EQ(address_from_text("8080")->host, "127.0.0.1");
  EXPECT_EQ(address_from_text("8080")->port, 8080);
  EXPECT_EQ(address_from_text("[::]:0")->host, "::");
  EXPECT_EQ(address_from_text("0.0.0.0:65535")->port, 65535);
  for (const char* text : {"", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80",
                           "[127.0.0.1]:80", "localhost:80", "[::1]"}) {
    EXPECT_FALSE(address_from_text(text).has_value()) << text;
  }
}

TEST(Config, HasAThreadForSocketsForEachProcessorThatItMayUse) {
  const one_processor only;

  EXPECT_EQ(io_threads_of(settings{}), 1U);
  settings wished;
  wished.io_threads = 3;
  EXPECT_EQ(io_threads_of(wished), 3U);
}

TEST(Config, HasAPortForOperatorsOnlyIfItIsAskedFor) {
  EXPECT_FALSE(settings{}.internal_listen);
  const settings chosen =
      file("internal_listen = \"127.0.0.1:8081\"\ninternal_host = [\"Desk.example\", \"b.c\"]")
          .chosen();
  EXPECT_EQ(chosen.internal_listen->port, 8081);
  EXPECT_EQ(chosen.internal_hosts, (std::vector<std::string>{"desk.example", "b.c"}));
  EXPECT_THAT(file("internal_listen = \"here\"").refused().sentence, HasSubstr("127.0.0.1:8081"));
}

TEST(Config, HasTheSameNameInThreeSpellings) {
  EXPECT_EQ(flag_of("log_level"), "--log-level");
  EXPECT_EQ(flag("log_level", "error").chosen().least, log_level::error);
  EXPECT_EQ(variable("FRONTDESK_LOG_LEVEL", "error").chosen().least, log_level::error);
}
