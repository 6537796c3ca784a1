#pragma once

#include "model/desk_stats.hpp"
#include "model/node_figures.hpp"

#include <string>

namespace frontdesk {

/// What is known of a node, in the text format of Prometheus (0.0.4).
///
/// Nothing is counted twice: a scrape takes the figures that the desk keeps anyway and gives them
/// their names, `frontdesk_*` in base units (`process_*` where all programs have the same). Spreads
/// are histograms since the start, so that they can be added up over nodes; their bounds are the
/// ends of buckets that the desk keeps, so that every count is exact.
///
/// The number of series is bounded: none has a conversation, a person or a connection in its
/// labels. The first `limits::metric_tenants_max` tenants and `limits::metric_queues_max` queues,
/// in the order of their ids, have their own; the rest are one, with the label "other".
std::string metrics_text(const desk_stats&, const node_figures&);

}  // namespace frontdesk
