#include "net/http/forwarding.hpp"

#include "net/client_network.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace frontdesk {
namespace {

using boost::asio::ip::make_address;
using headers = std::vector<http_request::field_line>;

std::optional<client_address> at(const char* text) {
  return network_of(make_address(text));
}

trusted_proxies named(std::initializer_list<const char*> texts) {
  trusted_proxies all;
  for (const char* text : texts) {
    EXPECT_TRUE(all.add(text)) << text;
  }
  return all;
}

forwarded_client said(headers lines) {
  http_request request;
  request.fields = std::move(lines);
  return forwarded_by(named({"10.0.0.0/24", "fd00::1"}), request);
}

std::optional<client_address> client(std::string forwarded_for) {
  return said({{"x-forwarded-for", std::move(forwarded_for)}}).from;
}

std::optional<client_address> standard_client(std::string forwarded) {
  return said({{"forwarded", std::move(forwarded)}}).from;
}

TEST(TrustedProxies, AreAddressesAndNetworks) {
  const auto all = named({"192.0.2.1", "10.32.0.0/11", "2001:db8::/33", "::1"});
  for (const char* text :
       {"192.0.2.1", "::ffff:192.0.2.1", "10.32.0.0", "10.63.255.255", "2001:db8:7fff::1", "::1"}) {
    EXPECT_TRUE(all.holds(make_address(text))) << text;
  }
  for (const char* text :
       {"192.0.2.0", "192.0.2.2", "10.64.0.0", "10.31.255.255", "2001:db8:8000::1", "::2"}) {
    EXPECT_FALSE(all.holds(make_address(text))) << text;
  }
  EXPECT_TRUE(named({"0.0.0.0/0"}).holds(make_address("203.0.113.9")));
  EXPECT_FALSE(named({"0.0.0.0/0"}).holds(make_address("2001:db8::1")));
}

TEST(TrustedProxies, AreNothingElse) {
  trusted_proxies none;
  for (const char* text : {"", "proxy.example", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
                           "10.0.0.0/8x", "::/129", "/8", "10.0.0.1 "}) {
    EXPECT_FALSE(none.add(text)) << text;
  }
  EXPECT_FALSE(none.holds(make_address("10.0.0.1")));
}

TEST(Forwarding, FindsTheLastHopThatIsNotNamed) {
  EXPECT_EQ(client("192.0.2.1"), at("192.0.2.1"));
  EXPECT_EQ(client("198.51.100.1, 192.0.2.1 "), at("192.0.2.1"));
  EXPECT_EQ(client("198.51.100.1, 192.0.2.1, 10.0.0.7, fd00::1"), at("192.0.2.1"));
  EXPECT_EQ(client("10.0.0.7"), at("10.0.0.7")) << "somebody on a proxy's machine";
  EXPECT_EQ(client("2001:db8:1:2::3"), at("2001:db8:1:2::"));
}

TEST(Forwarding, ReadsHopsWithPortsAndQuotes) {
  EXPECT_EQ(client("192.0.2.1:4711"), at("192.0.2.1"));
  EXPECT_EQ(client("[2001:db8::1]:4711"), at("2001:db8::1"));
  EXPECT_EQ(standard_client("for=192.0.2.1;proto=http;by=10.0.0.1"), at("192.0.2.1"));
  EXPECT_EQ(standard_client("For=\"[2001:db8::1]:4711\""), at("2001:db8::1"));
  EXPECT_EQ(standard_client("for=198.51.100.1, proto=https; for=\"192.0.2.1\", for=10.0.0.9"),
            at("192.0.2.1"));
}

TEST(Forwarding, StopsAtWhatItCannotRead) {
  EXPECT_EQ(client(""), std::nullopt);
  EXPECT_EQ(client("192.0.2.1, unknown"), std::nullopt);
  EXPECT_EQ(client("192.0.2.1, unknown, 10.0.0.7"), at("10.0.0.7"));
  EXPECT_EQ(client("192.0.2.1, [2001:db8::1"), std::nullopt);
  EXPECT_EQ(client("198.51.100.1,"), std::nullopt) << "a claim, and a proxy that said nothing";
  EXPECT_EQ(client("198.51.100.1,, 10.0.0.7"), at("10.0.0.7"));
  EXPECT_EQ(standard_client("for=198.51.100.1,"), std::nullopt);
  EXPECT_EQ(standard_client("for=_hidden"), std::nullopt);
  EXPECT_EQ(standard_client("by=10.0.0.1"), std::nullopt);
}

TEST(Forwarding, IsNotDeceivedByAQuoteThatTheClientOpened) {
  EXPECT_EQ(standard_client("for=\"198.51.100.1, for=192.0.2.1"), at("192.0.2.1"));
}

TEST(Forwarding, ReadsAllFieldsOfANameInTheirOrder) {
  EXPECT_EQ(said({{"x-forwarded-for", "198.51.100.1"},
                  {"x-other", "203.0.113.1"},
                  {"x-forwarded-for", "192.0.2.1, 10.0.0.7"}})
                .from,
            at("192.0.2.1"));
}

TEST(Forwarding, BelievesNeitherOfTwoThatDiffer) {
  const auto both = [](const char* usual, const char* standard) {
    return said({{"x-forwarded-for", usual}, {"forwarded", standard}}).from;
  };
  EXPECT_EQ(both("192.0.2.1", "for=192.0.2.1"), at("192.0.2.1"));
  EXPECT_EQ(both("192.0.2.1", "for=198.51.100.1"), std::nullopt);
  EXPECT_EQ(both("192.0.2.1", "for=unknown"), std::nullopt);
}

TEST(Forwarding, SaysTheScheme) {
  const auto scheme = [](headers lines) { return said(std::move(lines)).scheme; };
  using enum http_scheme;
  EXPECT_EQ(scheme({}), unknown);
  EXPECT_EQ(scheme({{"x-forwarded-proto", "HTTPS"}}), https);
  EXPECT_EQ(scheme({{"x-forwarded-proto", "wss"}}), https);
  EXPECT_EQ(scheme({{"x-forwarded-proto", "https, http"}}), http);
  EXPECT_EQ(scheme({{"x-forwarded-proto", "gopher"}}), unknown);
  EXPECT_EQ(scheme({{"forwarded", "for=192.0.2.1;proto=https"}}), https);
  EXPECT_EQ(scheme({{"forwarded", "proto=https"}, {"x-forwarded-proto", "http"}}), unknown);
}

}  // namespace
}  // namespace frontdesk
