#include "node/announcement.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

namespace frontdesk {

std::string address_of(const listen_address& asked, std::uint16_t port, bool speaks_tls) {
  const std::string_view scheme = speaks_tls ? "https" : "http";
  if (asked.host == "0.0.0.0" || asked.host == "::") {
    return fmt::format("{}://127.0.0.1:{}", scheme, port);
  }
  const bool is_v6 = asked.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(is_v6 ? "{}://[{}]:{}" : "{}://{}:{}"), scheme, asked.host, port);
}

void announce(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  std::clearerr(stdout);
}

}  // namespace frontdesk
