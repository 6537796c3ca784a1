#pragma once

#include "net/http/assets.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"
#include "net/internal/node_view.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

/// Everything that can be asked at the internal port. It answers whoever reaches it, so it only
/// reads, and says no tenant's content:
///
///     /livez     200: the process answers            text; JSON for `Accept: application/json`
///     /readyz    200, or 503 and why not             likewise
///     /startupz  200 from the start's end on, 503    likewise
///     /stats     all figures of the desk                JSON (wire/stats_json.hpp)
///     /metrics   Prometheus' text format
///     /notices   the last lines of the log           JSON; `?after=N`: those behind the N-th
///     /status/   the page, and its parts
///
/// A page of somebody else's can reach a port that its visitor can reach: it gives its own name the
/// address of this machine, and its browser takes the answers for the page's own (DNS rebinding).
/// So all but the probes are refused for a `Host` that is not surely ours: an IP address,
/// `localhost`, a name without a dot, one that the public DNS never answers (`.localhost`,
/// `.internal`, `.cluster.local`), or one that the operator has named.
///
/// Immutable, thread-safe as far as the view is.
class internal_routes {
 public:
  /// `hosts`: names by which operators come, in lower case.
  internal_routes(const node_view&, std::span<const embedded_file>, std::vector<std::string> hosts);

  http_answer answer(const http_request&) const;

 private:
  bool is_ours(std::string_view host) const;
  http_answer health_answer(const http_request&, std::string_view probe, const health&) const;
  http_answer served(const http_request&) const;

  const node_view& node_;
  const assets assets_;
  const std::vector<std::string> hosts_;
};

/// The name in a `Host` field: without the port, without a dot at its end, in lower case; of an
/// IPv6 address without its brackets.
std::string host_name(std::string_view field);

}  // namespace frontdesk
