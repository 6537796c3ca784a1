#include "net/internal/internal_routes.hpp"

#include "wire/metrics_text.hpp"
#include "wire/operator_json.hpp"
#include "wire/stats_json.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace frontdesk {

namespace {

constexpr std::string_view after_is = "after=";

// Whatever a browser runs here came from here, and nothing here may be shown inside another page.
constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

http_answer text_answer(unsigned status, std::string text) {
  http_answer answer = bare_answer(status);
  answer.body = std::move(text);
  answer.with("Content-Type", "text/plain; charset=utf-8").with("Cache-Control", "no-store");
  return answer;
}

http_answer redirect_to_page() {
  http_answer answer = bare_answer(302);
  answer.with("Location", "/status/").with("Cache-Control", "no-store");
  return answer;
}

http_answer metrics_answer(const node_view& node) {
  http_answer answer = bare_answer(200);
  answer.body = metrics_text(node.stats(), node.figures());
  answer.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  answer.with("Cache-Control", "no-store");
  return answer;
}

http_answer notices_answer(const node_view& node, std::string_view query) {
  std::uint64_t after = 0;
  if (!query.empty()) {
    const bool is_known = query.starts_with(after_is);
    const char* const end = query.data() + query.size();
    const char* const begin = query.data() + std::min(after_is.size(), query.size());
    const auto read = std::from_chars(begin, end, after);
    if (!is_known || read.ec != std::errc() || read.ptr != end) {
      return refusal(fault_code::bad_value, 400, "It is /notices?after=N, with a whole number.");
    }
  }
  const std::vector<notice> found = node.notices(after);
  return json_answer(200, operator_json::of(found));
}

health alive() {
  return {{{"process", true, "answers"}}};
}

// Of the embedded pages only this one is for operators.
bool is_page(std::string_view path) {
  return path == "/status" || path.starts_with("/status/");
}

http_answer guarded(http_answer answer) {
  std::erase_if(answer.fields,
                [](const auto& field) { return field.first == "Content-Security-Policy"; });
  std::erase_if(answer.fields, [](const auto& field) { return field.first == "Referrer-Policy"; });
  answer.with("Content-Security-Policy", std::string(content_policy))
      .with("Cross-Origin-Resource-Policy", "same-origin")
      .with("Cross-Origin-Opener-Policy", "same-origin")
      .with("Referrer-Policy", "no-referrer")
      .with("X-Frame-Options", "DENY");
  return answer;
}

http_answer strange_host() {
  return refusal(fault_code::forbidden, 403,
                 "This name is not known to be this node's. Ask by its IP address, or tell the "
                 "node the name with --internal-host NAME.");
}

http_answer only_reading() {
  http_answer answer = refusal(fault_code::not_found, 405, "Here one can only read.");
  answer.with("Allow", "GET, HEAD");
  return answer;
}

}  // namespace

std::string host_name(std::string_view field) {
  if (field.starts_with('[')) {
    const std::size_t end = field.find(']');
    field = end == std::string_view::npos ? "" : field.substr(1, end - 1);
  } else {
    field = field.substr(0, field.find(':'));
  }
  if (field.ends_with('.')) {
    field.remove_suffix(1);
  }
  std::string name(field);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

internal_routes::internal_routes(const node_view& node, std::span<const embedded_file> files,
                                 std::vector<std::string> hosts)
    : node_(node), assets_(files), hosts_(std::move(hosts)) {}

bool internal_routes::is_ours(std::string_view host) const {
  const std::string name = host_name(host);
  if (name.empty()) {
    return false;
  }
  boost::system::error_code is_no_address;
  boost::asio::ip::make_address(name, is_no_address);
  if (!is_no_address || std::ranges::find(hosts_, name) != hosts_.end()) {
    return true;
  }
  return name.find('.') == std::string::npos || name.ends_with(".localhost") ||
         name.ends_with(".internal") || name.ends_with(".cluster.local");
}

http_answer internal_routes::health_answer(const http_request& request, std::string_view probe,
                                           const health& found) const {
  const unsigned status = found.holds() ? 200 : 503;
  return request.lists("accept", "application/json")
             ? json_answer(status, operator_json::of(found))
             : text_answer(status, operator_json::text_of(found, probe));
}

http_answer internal_routes::answer(const http_request& request) const {
  if (request.method != http_method::get && request.method != http_method::head) {
    return guarded(only_reading());
  }
  return guarded(served(request));
}

http_answer internal_routes::served(const http_request& request) const {
  const std::string_view path = request.path();
  // Who probes may come by any name, and hears nothing that is worth a trick.
  if (path == "/livez") {
    return health_answer(request, "livez", alive());
  }
  if (path == "/readyz") {
    return health_answer(request, "readyz", node_.readiness());
  }
  if (path == "/startupz") {
    return health_answer(request, "startupz", node_.startup());
  }
  if (!is_ours(request.field("host"))) {
    return strange_host();
  }
  if (path == "/stats") {
    return json_answer(200, stats_json::to_json(node_.stats()));
  }
  if (path == "/tree") {
    return json_answer(200, operator_json::of(node_.tree()));
  }
  if (path == "/metrics") {
    return metrics_answer(node_);
  }
  if (path == "/notices") {
    return notices_answer(node_, request.query());
  }
  if (path == "/") {
    return redirect_to_page();
  }
  return is_page(path) ? assets_.answer(request, {}) : answer_of(fault(fault_code::not_found));
}

}  // namespace frontdesk
