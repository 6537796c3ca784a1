#pragma once

#include "actors/spawn.hpp"
#include "net/otlp_exporter.hpp"
#include "node/config.hpp"
#include "node/log_book.hpp"

#include <cstdint>
#include <memory>

/// How a node's traces hang together: which messages are traced, where their spans are told, and
/// what the log says of them (docs/tracing.md).
namespace frontdesk {

/// Before the desk is opened. The log outlives it.
void choose_tracing(desk_settings&, desk_foundation&, const settings& chosen, log_book&);

/// Null, if the operator has named no collector. What is handed in outlives it.
std::unique_ptr<otlp_exporter> open_exporter(trace_board&, std::uint64_t seed,
                                             const settings& chosen, log_book&);

}  // namespace frontdesk
