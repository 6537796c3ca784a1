#include "node/setting_table.hpp"

#include "model/tier_rule.hpp"
#include "net/http/forwarding.hpp"
#include "net/http/http_words.hpp"
#include "net/internal/internal_routes.hpp"
#include "node/quantity.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace frontdesk {

namespace {

using texts = std::vector<std::string>;

constexpr std::size_t io_threads_max = 256;

bool is_ip(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(AF_INET, text.c_str(), parsed.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), parsed.data()) == 1;
}

std::string put_listen(settings& into, const texts& values) {
  std::vector<listen_address> addresses;
  for (const std::string& text : values) {
    auto address = address_from_text(text);
    if (!address) {
      return "is not an IP address and a port, such as 127.0.0.1:8080";
    }
    addresses.push_back(std::move(*address));
  }
  into.listen = std::move(addresses);
  return {};
}

std::string put_internal_listen(settings& into, const texts& values) {
  into.internal_listen = address_from_text(values.back());
  return into.internal_listen ? "" : "is not an IP address and a port, such as 127.0.0.1:8081";
}

std::string put_internal_hosts(settings& into, const texts& values) {
  std::vector<std::string> hosts;
  for (const std::string_view text : values) {
    for (std::string_view rest = text; !rest.empty();) {
      hosts.push_back(host_name(next_word(rest)));
    }
  }
  const auto is_empty = [](const std::string& host) { return host.empty(); };
  if (hosts.empty() || std::ranges::any_of(hosts, is_empty)) {
    return "is not a host's name, such as frontdesk.example.org";
  }
  into.internal_hosts = std::move(hosts);
  return {};
}

std::string put_data(settings& into, const texts& values) {
  if (values.back().empty()) {
    return "is not the path of a directory";
  }
  into.data = values.back();
  return {};
}

template <std::string settings::*Which>
std::string put_file(settings& into, const texts& values) {
  if (values.back().empty()) {
    return "is not the path of a file";
  }
  into.*Which = values.back();
  return {};
}

template <bool settings::*Which>
std::string put_flag(settings& into, const texts& values) {
  const std::string& text = values.back();
  if (text != "true" && text != "false") {
    return "is not true or false";
  }
  into.*Which = text == "true";
  return {};
}

std::string put_level(settings& into, const texts& values) {
  static constexpr std::array names{"debug", "info", "warning", "error"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (values.back() == names[i]) {
      into.least = static_cast<log_level>(i);
      return {};
    }
  }
  return "is not debug, info, warning or error";
}

std::string put_format(settings& into, const texts& values) {
  if (values.back() != "console" && values.back() != "json") {
    return "is not console or json";
  }
  into.format = values.back() == "json" ? log_format::json : log_format::console;
  return {};
}

std::string put_io_threads(settings& into, const texts& values) {
  const auto count = count_from_text(values.back());
  if (!count || *count > io_threads_max) {
    return "is not a number of threads up to 256 (0: one per processor)";
  }
  into.io_threads = *count;
  return {};
}

std::string put_connections(settings& into, const texts& values) {
  const auto count = count_from_text(values.back());
  if (!count) {
    return "is not a number of connections (0: no limit)";
  }
  into.connections_max = *count;
  return {};
}

std::string put_hellos(settings& into, const texts& values) {
  const auto count = count_from_text(values.back());
  if (!count || *count > 1'000'000) {
    return "is not a number of hellos a second up to 1000000 (0: by the threads)";
  }
  into.hellos_per_second = *count;
  return {};
}

std::string put_tier(settings& into, const texts& values) {
  const auto tier = count_from_text(values.back());
  if (values.back() != "auto" && (!tier || *tier > tier_max)) {
    return "is not a tier from 0 to 3, or auto";
  }
  into.tier.reset();
  if (tier) into.tier = static_cast<unsigned>(*tier);
  return {};
}

std::string put_proxies(settings& into, const texts& values) {
  std::vector<std::string> proxies;
  for (const std::string_view text : values) {
    for (std::string_view rest = text; !rest.empty();) {
      proxies.emplace_back(next_word(rest));
    }
  }
  const auto is_proxy = [](const std::string& text) { return trusted_proxies().add(text); };
  if (proxies.empty() || !std::ranges::all_of(proxies, is_proxy)) {
    return "is not the IP address or network of a proxy, such as 10.0.0.1 or 10.0.0.0/8";
  }
  into.trusted_proxies = std::move(proxies);
  return {};
}

template <std::chrono::milliseconds settings::*Which>
std::string put_duration(settings& into, const texts& values) {
  const auto duration = duration_from_text(values.back());
  if (!duration || duration->count() == 0) {
    return "is not a duration, such as 250ms, 25s, 10m or 24h";
  }
  into.*Which = *duration;
  return {};
}

// Above it a silent peer would be given up before it was asked.
std::string put_ping(settings& into, const texts& values) {
  const auto duration = duration_from_text(values.back());
  if (!duration || duration->count() == 0 || *duration > limits::ping_interval) {
    return "is not a duration of at most 25s";
  }
  into.ping_interval = *duration;
  return {};
}

template <std::uint64_t settings::*Which>
std::string put_bytes(settings& into, const texts& values) {
  const auto bytes = bytes_from_text(values.back());
  if (!bytes) {
    return "is not a size, such as 64KB, 256MB or 10GB";
  }
  into.*Which = *bytes;
  return {};
}

std::string put_file_bytes(settings& into, const texts& values) {
  const auto bytes = bytes_from_text(values.back());
  if (!bytes || *bytes == 0 || *bytes > limits::file_bytes_configurable_max) {
    return "is not a size up to 1GB, such as 5MB or 25MB";
  }
  into.file_bytes_max = *bytes;
  return {};
}

std::string put_trace_sample(settings& into, const texts& values) {
  const std::string& text = values.back();
  double part = 0;
  const auto [end, wrong] =
      std::from_chars(text.data(), text.data() + text.size(), part, std::chars_format::general);
  if (wrong != std::errc{} || end != text.data() + text.size() || !(part >= 0 && part <= 1)) {
    return "is not a part from 0 to 1, such as 0.01";
  }
  into.trace_sample = part;
  return {};
}

std::string put_otlp_endpoint(settings& into, const texts& values) {
  if (values.back().starts_with("https:")) {
    return "is not spoken: traces go to a collector beside the node, such as "
           "http://127.0.0.1:4318, which may speak TLS to others";
  }
  into.otlp_endpoint = collector_from_text(values.back());
  return into.otlp_endpoint ? "" : "is not a collector's address, such as http://127.0.0.1:4318";
}

}  // namespace

std::span<const setting_line> setting_table() {
  static constexpr setting_line table[] = {
      {{"listen", "IP address and port; 0 as port lets the system choose", false, true},
       put_listen},
      {{"internal_listen", "Port for operators: health, metrics, status page; not for the world"},
       put_internal_listen},
      {{"internal_host", "A name by which operators come to that port, beside addresses", false,
        true},
       put_internal_hosts},
      {{"data", "Directory of all that is kept"}, put_data},
      {{"demo", "Make a demo shop with two agents if there is no tenant yet", true},
       put_flag<&settings::is_demo>},
      {{"log_level", "debug, info, warning or error"}, put_level},
      {{"log_format", "console or json"}, put_format},
      {{"io_threads", "Threads that carry sockets; 0: one per processor that the node may use"},
       put_io_threads},
      {{"max_connections", "Beyond it newcomers are refused; 0: no limit"}, put_connections},
      {{"hellos_per_second", "Beyond it newcomers wait, strangers first; 0: by the threads"},
       put_hellos},
      {{"tier", "Stay in this tier of degradation (0 to 3) whatever the load; auto: by the load"},
       put_tier},
      {{"tls_certificate", "Speak TLS with this certificate and its chain (PEM file)"},
       put_file<&settings::tls_certificate>},
      {{"tls_key", "The certificate's key (PEM file without a passphrase)"},
       put_file<&settings::tls_key>},
      {{"trusted_proxy", "IP addresses and networks that are believed who comes through them",
        false, true},
       put_proxies},
      {{"agent_grace", "How long an agent may be gone before the desk takes over"},
       put_duration<&settings::agent_grace>},
      {{"passivate_after", "When a quiet conversation leaves memory"},
       put_duration<&settings::passivate_after>},
      {{"drain_max", "The longest that an end in order takes"}, put_duration<&settings::drain_max>},
      {{"ping_interval", "How often a silent connection is asked"}, put_ping},
      {{"store_cache", "Memory of the store"}, put_bytes<&settings::store_cache_bytes>},
      {{"store_max", "What the store may take of the disk; 0: what there is"},
       put_bytes<&settings::store_bytes_max>},
      {{"file_max", "The largest file that may be sent; at most 1GB"}, put_file_bytes},
      {{"stats", "Count what actors do, and watch for those that hang; false: do not"},
       put_flag<&settings::has_stats>},
      {{"trace_sample", "The part of messages that is traced, from 0 to 1; see otlp_endpoint"},
       put_trace_sample},
      {{"otlp_endpoint", "Where traces go: a collector that speaks OTLP, http://HOST:PORT"},
       put_otlp_endpoint},
  };
  return table;
}

std::optional<collector_place> collector_from_text(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  constexpr std::string_view in_a_host =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = count_from_text(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  const bool is_v6 = host.find(':') != std::string_view::npos;
  const bool is_host = !host.empty() && host.size() <= limits::name_bytes_max &&
                       host.find_first_not_of(in_a_host) == std::string_view::npos &&
                       is_v6 == is_bracketed && (!is_v6 || is_ip(std::string(host)));
  if (!is_host || !port || *port == 0 || *port > 65535) return std::nullopt;
  return collector_place{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::optional<listen_address> address_from_text(std::string_view text) {
  listen_address address;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    std::string_view host = text.substr(0, colon);
    const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (is_bracketed) {
      host = host.substr(1, host.size() - 2);
    }
    address.host = host;
    const bool is_v6 = host.find(':') != std::string_view::npos;
    if (!is_ip(address.host) || is_v6 != is_bracketed) {
      return std::nullopt;
    }
    text.remove_prefix(colon + 1);
  }
  const auto port = count_from_text(text);
  if (!port || *port > 65535) {
    return std::nullopt;
  }
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

}  // namespace frontdesk
