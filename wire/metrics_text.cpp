#include "wire/metrics_text.hpp"

#include "model/limits.hpp"
#include "model/tier_rule.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace frontdesk {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using label = ClientMetric::Label;
using labels = std::vector<label>;

constexpr const char* rest = "other";
constexpr double nanoseconds = 1e9;

double seconds_of(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Bounds of a histogram: every power of two from 2^first to 2^last, less one, which is where one
/// of `stats_histogram`'s buckets ends.
struct powers {
  unsigned first;
  unsigned last;
  /// So many of what is counted are one of the unit. Divided by, because 4095 · 1e-9 is
  /// not 4.095e-6.
  double per_unit;
};
/// 4 µs to 17 s.
constexpr powers durations{12, 34, nanoseconds};
/// 100 µs to 17 s: nothing that reaches a disk is faster.
constexpr powers disk_durations{17, 34, nanoseconds};
constexpr powers lengths{1, 16, 1};
constexpr powers sizes{10, 26, 1};

/// The families of one answer. A sample belongs to the family that was begun last.
class metric_page {
 public:
  void gauge(const char* name, const char* help) { begin(name, help, MetricType::Gauge); }
  void counter(const char* name, const char* help) { begin(name, help, MetricType::Counter); }
  void histogram(const char* name, const char* help) { begin(name, help, MetricType::Histogram); }

  void gauge(const char* name, const char* help, double value) {
    gauge(name, help);
    put(value);
  }
  void counter(const char* name, const char* help, double value) {
    counter(name, help);
    put(value);
  }
  void histogram(const char* name, const char* help, const spread& values, const powers& bounds) {
    histogram(name, help);
    put(values, bounds);
  }

  void put(double value, labels of = {}) {
    ClientMetric& sample = add(std::move(of));
    (families_.back().type == MetricType::Counter ? sample.counter.value : sample.gauge.value) =
        value;
  }

  void put(const spread& values, const powers& bounds, labels of = {}) {
    ClientMetric::Histogram& into = add(std::move(of)).histogram;
    for (unsigned power = bounds.first; power <= bounds.last; ++power) {
      const std::uint64_t highest = (std::uint64_t{1} << power) - 1;
      into.bucket.push_back(
          {values.all.count_up_to(highest), static_cast<double>(highest) / bounds.per_unit});
    }
    into.sample_count = values.all.count();
    into.sample_sum = values.all.sum() / bounds.per_unit;
  }

  std::string text() {
    // A family without samples is a name that nobody can ask for.
    std::erase_if(families_, [](const MetricFamily& each) { return each.metric.empty(); });
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  void begin(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
  }
  ClientMetric& add(labels of) {
    ClientMetric& sample = families_.back().metric.emplace_back();
    sample.label = std::move(of);
    return sample;
  }

  std::vector<MetricFamily> families_;
};

void put_node(metric_page& page, const desk_stats& desk, const node_figures& node) {
  page.gauge("frontdesk_build_info", "The version that runs; always 1");
  if (!desk.node.version.empty()) {
    page.put(1, {{"version", desk.node.version}});
  }
  page.gauge("frontdesk_ready", "1 if the node takes traffic, as /readyz says", node.is_ready);
  page.gauge("frontdesk_tier", "Step of degradation: 0 none, 1 to 3", desk.tier.tier);
  page.gauge("frontdesk_guarded", "1 if nobody is let in and posts are refused, whatever the tier",
             desk.tier.is_guarded);
  page.gauge("frontdesk_tier_pinned", "1 if an operator holds the tier", desk.tier.is_pinned);
  page.gauge("frontdesk_tenants_in_tier", "Tenants that are in a tier of their own, by tier");
  for (unsigned tier = 1; tier <= tier_max; ++tier) {
    page.put(
        static_cast<double>(std::ranges::count(desk.tier.tenants, tier, &tenant_tier_stats::tier)),
        {{"tier", std::to_string(tier)}});
  }
  page.gauge("frontdesk_load_ratio", "What decides the tier, of what the node can take, by input");
  for (const named_value& input : desk.tier.inputs) {
    page.put(input.value, {{"input", input.name}});
  }
  page.counter("frontdesk_shed_total", "What was left out, put off or refused under load");
  for (const named_value& point : desk.tier.shed) {
    page.put(point.value, {{"point", point.name}});
  }
  page.counter("frontdesk_log_lines_total", "Lines of the log, by level");
  for (std::size_t i = 0; i < notice_levels_count; ++i) {
    page.put(static_cast<double>(node.log_lines[i]),
             {{"level", std::string(name_of(static_cast<notice_level>(i)))}});
  }
  page.counter("frontdesk_audit_entries_total", "Entries of the audit that were recorded",
               static_cast<double>(node.audit.recorded));
  page.counter("frontdesk_audit_unrecorded_total", "Those that stand in the log alone",
               static_cast<double>(node.audit.unrecorded));
}

// As all programs with a client library of Prometheus have them.
void put_process(metric_page& page, const process_figures& process) {
  page.counter("process_cpu_seconds_total", "Processor time, of the system too",
               process.cpu_seconds);
  page.gauge("process_start_time_seconds", "When the process started, since 1970",
             process.start_seconds);
  page.gauge("process_resident_memory_bytes", "Memory that is really used",
             static_cast<double>(process.resident_bytes));
  page.gauge("process_virtual_memory_bytes", "Addresses that are taken",
             static_cast<double>(process.virtual_bytes));
  page.gauge("process_open_fds", "Descriptors that are open",
             static_cast<double>(process.descriptors_open));
  page.gauge("process_max_fds", "Descriptors that may be open",
             static_cast<double>(process.descriptors_max));
  page.gauge("process_threads", "Threads", static_cast<double>(process.threads));
}

void put_door(metric_page& page, const door_figures& door) {
  page.gauge("frontdesk_sockets", "Sockets that were let in, WebSockets and HTTP",
             static_cast<double>(door.sockets));
  page.gauge("frontdesk_handshakes", "Sockets that have not sent a whole request yet",
             static_cast<double>(door.handshakes));
  page.counter("frontdesk_sockets_accepted_total", "Sockets that came",
               static_cast<double>(door.accepted));
  page.counter("frontdesk_sockets_refused_total", "Of these, those that were not let in",
               static_cast<double>(door.refused));
  page.counter("frontdesk_accept_pauses_total", "How often a listener waited for descriptors",
               static_cast<double>(door.pauses));
  page.gauge("frontdesk_internal_sockets", "Sockets of the internal port",
             static_cast<double>(door.internal_sockets));
  if (door.certificate_until) {
    page.gauge("frontdesk_tls_certificate_expiry_timestamp_seconds",
               "When the TLS certificate ends, since 1970",
               static_cast<double>(door.certificate_until->value) / 1000);
  }
}

void put_disk(metric_page& page, const disk_figures& disk) {
  if (disk.total_bytes > 0) {
    page.gauge("frontdesk_disk_free_bytes", "Free on the disk of the data directory",
               static_cast<double>(disk.free_bytes));
    page.gauge("frontdesk_disk_size_bytes", "Size of the disk of the data directory",
               static_cast<double>(disk.total_bytes));
  }
  page.gauge("frontdesk_disk_short", "1 if posts are refused because the disk is nearly full",
             disk.is_short);
  page.gauge("frontdesk_store_sound", "1 if the store reads and writes", disk.is_store_sound);
}

using kind_figure = double (*)(const actor_kind_stats&);

void put_kinds(metric_page& page, std::span<const actor_kind_stats> kinds, kind_figure figure) {
  for (const actor_kind_stats& kind : kinds) {
    page.put(figure(kind), {{"kind", kind.name}});
  }
}

template <std::uint64_t actor_kind_stats::*Which>
double figure(const actor_kind_stats& kind) {
  return static_cast<double>(kind.*Which);
}

void put_actors(metric_page& page, const desk_stats& desk) {
  using kind = actor_kind_stats;
  const std::span<const kind> kinds(desk.actors);
  page.gauge("frontdesk_actors", "Actors alive, by kind");
  put_kinds(page, kinds, figure<&kind::count>);
  page.counter("frontdesk_actors_spawned_total", "Actors that began");
  put_kinds(page, kinds, figure<&kind::spawned>);
  page.counter("frontdesk_actor_crashes_total", "Actors that ended by an exception");
  put_kinds(page, kinds, figure<&kind::crashed>);
  page.counter("frontdesk_actor_failures_total", "Actors that ended with another error");
  put_kinds(page, kinds, figure<&kind::failed>);
  page.counter("frontdesk_actor_timeouts_total", "Questions to others without a timely answer");
  put_kinds(page, kinds, figure<&kind::timeouts>);
  page.counter("frontdesk_actor_stuck_total", "Messages that took longer than they may");
  put_kinds(page, kinds, figure<&kind::stuck>);
  page.counter("frontdesk_actor_messages_total", "Messages that were handled");
  put_kinds(page, kinds, figure<&kind::messages>);
  page.gauge("frontdesk_actor_mailbox_length", "The longest mailbox of the last second");
  put_kinds(page, kinds, figure<&kind::mailbox_now>);
  page.histogram("frontdesk_actor_handling_seconds",
                 "How long a message took, of a sample of the messages");
  for (const kind& each : kinds) {
    page.put(each.handling, durations, {{"kind", each.name}});
  }
  page.gauge("frontdesk_stuck", "Messages and callbacks that take longer than they may, now",
             static_cast<double>(desk.stuck.size()));
  page.counter("frontdesk_ignored_errors_total", "Errors for whose answer nobody waited",
               static_cast<double>(desk.ignored_errors));
  page.counter("frontdesk_quarantined_total",
               "Messages that were confined because they had ended two actors",
               static_cast<double>(desk.quarantined));
}

void put_workers(metric_page& page, std::span<const worker_stats> workers) {
  const auto by_worker = [&](auto figure) {
    for (const worker_stats& each : workers) {
      page.put(static_cast<double>(figure(each)), {{"worker", each.name}});
    }
  };
  page.counter("frontdesk_worker_turns_total", "Turns of actors, by thread");
  by_worker([](const worker_stats& each) { return each.turns; });
  page.counter("frontdesk_worker_wakeups_total", "How often the thread was woken");
  by_worker([](const worker_stats& each) { return each.wakeups; });
  page.gauge("frontdesk_worker_ready_actors", "Actors that wait for their turn");
  by_worker([](const worker_stats& each) { return each.ready; });
  page.histogram("frontdesk_worker_queue_delay_seconds",
                 "From an actor's being ready to its turn, by a probe");
  for (const worker_stats& each : workers) {
    page.put(each.queue_delay, durations, {{"worker", each.name}});
  }
  page.histogram("frontdesk_worker_loop_lag_seconds",
                 "From a callback's being due to its run, by a probe");
  for (const worker_stats& each : workers) {
    page.put(each.loop_lag, durations, {{"worker", each.name}});
  }
}

void put_recorder(metric_page& page, const recorder_stats& recorder) {
  page.counter("frontdesk_recorder_batches_total", "Batches that were committed or tried",
               static_cast<double>(recorder.batches));
  page.counter("frontdesk_recorder_failed_batches_total", "Batches that were not committed",
               static_cast<double>(recorder.failed_batches));
  page.counter("frontdesk_recorder_appends_total", "Events that were recorded",
               static_cast<double>(recorder.appends));
  page.counter("frontdesk_recorder_written_bytes_total", "Their bytes",
               static_cast<double>(recorder.bytes));
  page.gauge("frontdesk_recorder_waiting", "Appends that wait for the next batch",
             static_cast<double>(recorder.waiting));
  page.histogram("frontdesk_recorder_commit_seconds", "To write and to sync one batch",
                 recorder.commit, disk_durations);
  page.histogram("frontdesk_recorder_batch_appends", "Events of one batch",
                 recorder.appends_per_batch, lengths);
  page.histogram("frontdesk_recorder_batch_bytes", "Bytes of one batch", recorder.bytes_per_batch,
                 sizes);
}

/// Nothing of a desk that does not count.
void put_traffic(metric_page& page, const traffic_stats& traffic) {
  if (traffic.faults.empty()) {
    return;
  }
  page.counter("frontdesk_faults_total", "What devices wished and were refused, by fault");
  for (const named_value& each : traffic.faults) {
    page.put(each.value, {{"code", each.name}});
  }
  page.counter("frontdesk_closes_total", "Connections that the desk ended, by reason");
  for (const named_value& each : traffic.closes) {
    page.put(each.value, {{"code", each.name}});
  }
  page.histogram("frontdesk_ack_seconds",
                 "From a post's frame to its ack for the transport, of a sample", traffic.ack,
                 durations);
  page.histogram("frontdesk_delivery_seconds",
                 "From a message's record to its frame for another's transport, of a sample",
                 traffic.delivery, durations);
}

void put_traces(metric_page& page, const trace_stats& traces) {
  page.counter("frontdesk_trace_spans_total", "Spans of traced messages that have ended",
               static_cast<double>(traces.spans));
  page.counter("frontdesk_trace_spans_exported_total", "Those that the collector took",
               static_cast<double>(traces.exported));
  page.counter("frontdesk_trace_spans_left_out_total",
               "Those that had no room, or that the collector did not take",
               static_cast<double>(traces.left_out));
  page.counter("frontdesk_trace_exports_failed_total", "Requests that the collector did not take",
               static_cast<double>(traces.failed_exports));
  page.gauge("frontdesk_trace_spans_waiting", "Spans that wait for the collector",
             static_cast<double>(traces.waiting));
  page.gauge("frontdesk_trace_watches", "Live traces that operators watch",
             static_cast<double>(traces.watches));
}

void put_people(metric_page& page, const desk_stats& desk) {
  page.gauge("frontdesk_agents_present", "Agents who are there",
             static_cast<double>(desk.agents_present));
  page.gauge("frontdesk_visitors_present", "Visitors who are there",
             static_cast<double>(desk.visitors_present));
  page.gauge("frontdesk_conversations_awake", "Conversations in memory",
             static_cast<double>(desk.conversations_awake));
  page.gauge("frontdesk_outbound_bytes", "Bytes that wait for sockets",
             static_cast<double>(desk.outbound_bytes));
  std::map<std::string, std::uint64_t> by_transport;
  // None: those who have not said hello.
  std::map<std::optional<tenant_id>, std::uint64_t> by_tenant;
  for (const connection_stats& each : desk.connections) {
    by_transport[name_of(each.transport)] += each.count;
    by_tenant[each.tenant] += each.count;
  }
  page.gauge("frontdesk_connections", "Devices that are connected, by transport");
  for (const auto& [transport, count] : by_transport) {
    page.put(static_cast<double>(count), {{"transport", transport}});
  }
  page.gauge("frontdesk_tenant_connections", "Devices that are connected, by tenant");
  std::uint64_t others = 0;
  std::size_t shown = 0;
  for (const auto& [tenant, count] : by_tenant) {
    if (tenant && shown++ >= limits::metric_tenants_max) {
      others += count;
    } else {
      page.put(static_cast<double>(count),
               {{"tenant", tenant ? std::to_string(tenant->value) : "none"}});
    }
  }
  if (others > 0) {
    page.put(static_cast<double>(others), {{"tenant", rest}});
  }
}

/// The queues that have series of their own, and one in place of all others.
std::vector<queue_stats> shown_queues(std::vector<queue_stats> all) {
  std::ranges::sort(all, {}, [](const queue_stats& q) { return std::pair(q.tenant, q.team); });
  if (all.size() <= limits::metric_queues_max) {
    return all;
  }
  queue_stats others;
  for (const queue_stats& each : std::span(all).subspan(limits::metric_queues_max)) {
    others.length += each.length;
    others.oldest_wait = std::max(others.oldest_wait, each.oldest_wait);
    others.open_conversations += each.open_conversations;
    others.agents_accepting += each.agents_accepting;
  }
  all.resize(limits::metric_queues_max);
  all.push_back(others);
  return all;
}

void put_queues(metric_page& page, const std::vector<queue_stats>& all) {
  const std::vector<queue_stats> queues = shown_queues(all);
  const auto by_queue = [&](auto figure) {
    for (std::size_t i = 0; i < queues.size(); ++i) {
      const queue_stats& each = queues[i];
      const bool is_rest = i == limits::metric_queues_max;
      page.put(figure(each), {{"tenant", is_rest ? rest : std::to_string(each.tenant.value)},
                              {"team", is_rest ? rest : std::to_string(each.team.value)}});
    }
  };
  page.gauge("frontdesk_queue_length", "Conversations that wait for an agent");
  by_queue([](const queue_stats& each) { return static_cast<double>(each.length); });
  page.gauge("frontdesk_queue_oldest_wait_seconds", "How long the first of them has waited");
  by_queue([](const queue_stats& each) { return seconds_of(each.oldest_wait); });
  page.gauge("frontdesk_queue_open_conversations", "Conversations of the team that are open");
  by_queue([](const queue_stats& each) { return static_cast<double>(each.open_conversations); });
  page.gauge("frontdesk_queue_agents_accepting", "Agents who take conversations now");
  by_queue([](const queue_stats& each) { return static_cast<double>(each.agents_accepting); });
}

}  // namespace

std::string metrics_text(const desk_stats& desk, const node_figures& node) {
  metric_page page;
  put_node(page, desk, node);
  put_process(page, node.process);
  put_door(page, node.door);
  put_disk(page, node.disk);
  put_actors(page, desk);
  put_workers(page, desk.workers);
  put_recorder(page, desk.recorder);
  put_traffic(page, desk.traffic);
  put_traces(page, desk.traces);
  put_people(page, desk);
  put_queues(page, desk.queues);
  return page.text();
}

}  // namespace frontdesk
