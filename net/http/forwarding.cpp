#include "net/http/forwarding.hpp"

#include "net/client_network.hpp"
#include "net/http/http_words.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <ranges>
#include <string>

namespace frontdesk {

namespace {

namespace ip = boost::asio::ip;

constexpr unsigned bits_all = 128;
/// Of an IPv4 address in the dress of an IPv6 one.
constexpr unsigned bits_before_v4 = 96;

std::optional<ip::address> address_in(std::string_view text) {
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(text), error);
  return error ? std::nullopt : std::optional{address};
}

std::array<unsigned char, 16> bits_of(const ip::address& address) {
  return (address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6())
      .to_bytes();
}

// A hop as proxies write it: an address, with or without a port, in quotes or not.
std::optional<ip::address> hop_in(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end == std::string_view::npos ? std::nullopt : address_in(text.substr(1, end - 1));
  }
  // More than one colon is an IPv6 address, which has no port without its brackets.
  if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return address_in(text);
}

using reading = std::function<std::string_view(std::string_view element)>;

std::string_view whole(std::string_view element) {
  return element;
}

// `for` or `proto` of an element of `Forwarded`.
reading parameter(std::string_view name) {
  return [name](std::string_view element) {
    while (!element.empty()) {
      const std::string_view pair = next_word(element, ';');
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && equal_words(trimmed(pair.substr(0, equals)), name)) {
        return trimmed(pair.substr(equals + 1));
      }
    }
    return std::string_view();
  };
}

// All elements over all fields of this name, the nearest first. Split at each comma, quotes or not:
// a quote that the client opened must not swallow what a proxy wrote behind it.
std::vector<std::string_view> from_the_end(const http_request& request, std::string_view name) {
  std::vector<std::string_view> all;
  for (const auto& field : request.fields) {
    std::string_view list = field.name == name ? std::string_view(field.value) : "";
    bool is_more = !list.empty();
    while (is_more) {
      // Behind a last comma stands a word too, an empty one: that of a proxy which knew no address.
      is_more = list.find(',') != std::string_view::npos;
      all.push_back(next_word(list));
    }
  }
  std::ranges::reverse(all);
  return all;
}

std::optional<ip::address> client_in(const std::vector<std::string_view>& elements,
                                     const reading& hop_of, const trusted_proxies& named) {
  std::optional<ip::address> client;
  for (const std::string_view each : elements) {
    const auto hop = hop_in(hop_of(each));
    // Not readable: the one who wrote it is the last that is known.
    if (!hop) {
      break;
    }
    client = hop;
    if (!named.holds(*hop)) {
      break;
    }
  }
  return client;
}

http_scheme scheme_in(const std::vector<std::string_view>& elements, const reading& scheme_of) {
  if (elements.empty()) {
    return http_scheme::unknown;
  }
  const std::string_view word = scheme_of(elements.front());
  const auto is = [&](std::string_view one, std::string_view other) {
    return equal_words(word, one) || equal_words(word, other);
  };
  if (is("https", "wss")) {
    return http_scheme::https;
  }
  return is("http", "ws") ? http_scheme::http : http_scheme::unknown;
}

}  // namespace

bool trusted_proxies::add(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = address_in(text.substr(0, slash));
  if (!address) {
    return false;
  }
  const unsigned before = address->is_v4() ? bits_before_v4 : 0;
  network made{bits_of(*address), bits_all};
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned length = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() ||
        length > bits_all - before) {
      return false;
    }
    made.length = before + length;
  }
  networks_.push_back(made);
  return true;
}

bool trusted_proxies::holds(const ip::address& address) const {
  const auto bits = bits_of(address);
  return std::ranges::any_of(networks_, [&](const network& each) {
    for (unsigned i = 0; i < each.length; i += 8) {
      const unsigned rest = std::min(8U, each.length - i);
      const auto differing = static_cast<unsigned>(bits[i / 8] ^ each.bits[i / 8]);
      if (differing >> (8 - rest) != 0) {
        return false;
      }
    }
    return true;
  });
}

forwarded_client forwarded_by(const trusted_proxies& named, const http_request& request) {
  const auto standard = from_the_end(request, "forwarded");
  const auto usual = from_the_end(request, "x-forwarded-for");
  const auto usual_scheme = from_the_end(request, "x-forwarded-proto");
  const auto one = client_in(standard, parameter("for"), named);
  const auto other = client_in(usual, whole, named);
  forwarded_client found;
  if (standard.empty() || usual.empty() || one == other) {
    const auto client = usual.empty() ? one : other;
    found.from = client ? std::optional{network_of(*client)} : std::nullopt;
  }
  const http_scheme first = scheme_in(standard, parameter("proto"));
  const http_scheme second = scheme_in(usual_scheme, whole);
  if (first == http_scheme::unknown || second == http_scheme::unknown || first == second) {
    found.scheme = second == http_scheme::unknown ? first : second;
  }
  return found;
}

}  // namespace frontdesk
