#include "net/client_network.hpp"
#include "net/http/forwarding.hpp"
#include "net/http/http_words.hpp"
#include "tests/fuzz/promise.hpp"

#include <optional>
#include <string>
#include <utility>

namespace frontdesk {
namespace {

using address = boost::asio::ip::address;

const char* const client = "192.0.2.1";

trusted_proxies named_proxies() {
  trusted_proxies named;
  promise(named.add("10.0.0.0/24") && named.add("2001:db8::/32"), "networks are read");
  return named;
}

http_request request_with(std::vector<http_request::field_line> fields) {
  http_request request;
  request.fields = std::move(fields);
  return request;
}

// What stands in front of a proxy's own word is a claim, whatever it is.
void claim(const trusted_proxies& named, const std::string& claim) {
  const auto from = network_of(boost::asio::ip::make_address(client));
  const auto usual =
      forwarded_by(named, request_with({{"x-forwarded-for", claim + ", " + client + ", 10.0.0.7"},
                                        {"x-forwarded-proto", claim + ", https"}}));
  promise(usual.from == std::optional{from}, "no claim moves what a proxy wrote behind it");
  promise(usual.scheme == http_scheme::https, "no claim moves a proxy's scheme");

  const auto standard =
      forwarded_by(named, request_with({{"forwarded", claim + ", for=" + client +
                                                          ";proto=https, for=\"[2001:db8::7]\""
                                                          ";proto=https"}}));
  promise(standard.from == std::optional{from}, "nor in Forwarded");
  promise(standard.scheme == http_scheme::https, "nor its scheme there");

  const auto in_two_lines =
      forwarded_by(named, request_with({{"x-forwarded-for", claim}, {"x-forwarded-for", client}}));
  promise(in_two_lines.from == std::optional{from}, "nor in a line of its own");

  // Who names another client in the header that the proxy lets pass gets nobody's address.
  const auto in_both =
      forwarded_by(named, request_with({{"forwarded", claim}, {"x-forwarded-for", client}}));
  promise(!in_both.from || in_both.from == std::optional{from}, "two words that differ are none");
}

// The whole way as a stranger wrote it.
void read_alone(const trusted_proxies& named, const std::string& way) {
  const auto once = forwarded_by(named, request_with({{"x-forwarded-for", way}}));
  const auto twice = forwarded_by(named, request_with({{"x-forwarded-for", way + ", 10.0.0.7"}}));
  promise(!once.from || once.from == twice.from, "a named proxy adds nothing to the way");
  const trusted_proxies nobody;
  const auto last = forwarded_by(nobody, request_with({{"x-forwarded-for", way}}));
  const auto comma = way.rfind(',');
  const std::string end = comma == std::string::npos ? way : way.substr(comma + 1);
  const auto alone = forwarded_by(nobody, request_with({{"x-forwarded-for", end}}));
  promise(comma + 1 == way.size() || last.from == alone.from,
          "without proxies the last hop counts");
}

void name_proxies(std::string_view text) {
  trusted_proxies named;
  const bool is_added = named.add(text);
  boost::system::error_code error;
  const auto made =
      boost::asio::ip::make_address(std::string(text.substr(0, text.find('/'))), error);
  promise(!is_added || (!error && named.holds(made)), "a network holds the address it is named by");
  promise(is_added || !named.holds(boost::asio::ip::make_address(client)),
          "what is no network holds nobody");
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto named = frontdesk::named_proxies();
  const std::string text(frontdesk::text_of(bytes, size));
  frontdesk::claim(named, text);
  frontdesk::read_alone(named, text);
  frontdesk::name_proxies(text);
  return 0;
}
