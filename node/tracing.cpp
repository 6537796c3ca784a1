#include "node/tracing.hpp"

#include "node/process_figures.hpp"
#include "node/program_version.hpp"

#include <fmt/format.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace frontdesk {

void choose_tracing(desk_settings& how, desk_foundation& on, const settings& chosen,
                    log_book& log) {
  std::random_device chance;
  how.traces.part = chosen.trace_sample;
  how.traces.seed = static_cast<std::uint64_t>(chance()) << 32U | chance();
  if (chosen.least != log_level::debug) {
    return;
  }
  on.on_span = [&log](const span& done) {
    log.debug("span", {{"name", name_of(done.what.kind)},
                       {"trace", to_text(done.what.at.trace)},
                       {"span", to_text(done.what.at.span)},
                       {"parent", to_text(done.what.parent)},
                       {"conversation", to_text(done.conversation)},
                       {"us", std::to_string(done.lasted().count() / 1000)},
                       {"result", done.result}});
  };
}

std::unique_ptr<otlp_exporter> open_exporter(trace_board& board, std::uint64_t seed,
                                             const settings& chosen, log_book& log) {
  if (!chosen.otlp_endpoint) {
    return nullptr;
  }
  otlp_options how;
  how.host = chosen.otlp_endpoint->host;
  how.port = chosen.otlp_endpoint->port;
  how.who = {program_version(), own_host_name(), fmt::format("{:016x}", mixed(seed))};
  how.on_change = [&log](std::string_view why) {
    why.empty() ? log.info("collector_listens")
                : log.warning("collector_does_not_listen", {{"why", why}});
  };
  return otlp_exporter::open(board.shared_from_this(), std::move(how));
}

}  // namespace frontdesk
