#include "wire/stats_json.hpp"

#include "wire/json_writer.hpp"
#include "wire/operator_json.hpp"

#include <algorithm>
#include <cmath>

namespace frontdesk::stats_json {

namespace {

std::uint64_t whole(double value) {
  return value > 0 ? static_cast<std::uint64_t>(std::llround(value)) : 0;
}

std::uint64_t ms(std::chrono::milliseconds span) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, span.count()));
}

void write_figures(json_writer& out, const stats_histogram& from) {
  out.number("count", from.count());
  out.number("p50", from.value_at(0.5));
  out.number("p99", from.value_at(0.99));
  out.number("max", from.max());
}

void write(json_writer& out, std::string_view key, const spread& from) {
  out.open(key);
  write_figures(out, from.all);
  out.number("sum", whole(from.all.sum()));
  out.open("recent");
  write_figures(out, from.recent);
  out.close();
  out.open_list("buckets");
  from.all.for_each([&](const stats_histogram::bucket& each) {
    out.open();
    out.number("le", each.highest);
    out.number("count", each.count);
    out.close();
  });
  out.close_list();
  out.close();
}

void write(json_writer& out, const node_stats& node) {
  out.open("node");
  out.text("name", node.name);
  out.text("version", node.version);
  out.text("history", node.history);
  out.number("uptime_ms", ms(node.uptime));
  out.flag("ready", node.is_ready);
  out.number("processors_permille", whole(node.processors * 1000));
  out.number("memory_limit_bytes", node.memory_limit_bytes);
  out.time("time", node.now);
  out.close();
}

void write(json_writer& out, std::string_view key, const std::vector<named_value>& all,
           double scale) {
  out.open(key);
  for (const named_value& each : all)
    out.number(each.name, whole(each.value * scale));
  out.close();
}

void write(json_writer& out, const actor_kind_stats& kind) {
  out.open();
  out.text("kind", kind.name);
  out.number("count", kind.count);
  out.number("spawned", kind.spawned);
  out.number("crashed", kind.crashed);
  out.number("failed", kind.failed);
  out.number("timeouts", kind.timeouts);
  out.number("stuck", kind.stuck);
  out.number("messages", kind.messages);
  out.number("messages_per_second", whole(kind.messages_per_second));
  out.number("mailbox_now", kind.mailbox_now);
  out.number("mailbox_max", kind.mailbox_max);
  write(out, "mailbox", kind.mailbox);
  write(out, "handling_ns", kind.handling);
  out.close();
}

void write(json_writer& out, const stuck_stats& stuck) {
  out.open();
  out.text("worker", stuck.worker);
  out.text("kind", stuck.kind);
  out.number("id", stuck.id);
  out.text("message", stuck.message);
  out.number("lasted_ms", ms(stuck.lasted));
  out.close();
}

void write(json_writer& out, const worker_stats& worker) {
  out.open();
  out.text("worker", worker.name);
  out.number("turns", worker.turns);
  out.number("wakeups", worker.wakeups);
  out.number("ready", worker.ready);
  out.number("timers", worker.timers);
  write(out, "queue_delay_ns", worker.queue_delay);
  write(out, "loop_lag_ns", worker.loop_lag);
  out.close();
}

void write(json_writer& out, const recorder_stats& recorder) {
  out.open("recorder");
  out.number("batches", recorder.batches);
  out.number("failed_batches", recorder.failed_batches);
  out.number("appends", recorder.appends);
  out.number("bytes", recorder.bytes);
  out.number("waiting", recorder.waiting);
  write(out, "appends_per_batch", recorder.appends_per_batch);
  write(out, "bytes_per_batch", recorder.bytes_per_batch);
  write(out, "commit_ns", recorder.commit);
  out.close();
}

void write(json_writer& out, const traffic_stats& traffic) {
  out.open("traffic");
  write(out, "faults", traffic.faults, 1);
  write(out, "closes", traffic.closes, 1);
  write(out, "ack_ns", traffic.ack);
  write(out, "delivery_ns", traffic.delivery);
  out.close();
}

void write(json_writer& out, const trace_stats& traces) {
  out.open("traces");
  out.number("spans", traces.spans);
  out.number("exported", traces.exported);
  out.number("left_out", traces.left_out);
  out.number("failed_exports", traces.failed_exports);
  out.number("waiting", traces.waiting);
  out.number("watches", traces.watches);
  out.close();
}

void write(json_writer& out, const connection_stats& group) {
  out.open();
  // 0 is no tenant's number: they have not said hello.
  out.number("tenant", group.tenant ? group.tenant->value : 0);
  out.text("transport", name_of(group.transport));
  out.number("count", group.count);
  out.close();
}

void write(json_writer& out, const queue_stats& queue) {
  out.open();
  out.number("tenant", queue.tenant.value);
  out.text("name", queue.name);
  out.number("team", queue.team.value);
  out.number("length", queue.length);
  out.number("oldest_wait_ms", ms(queue.oldest_wait));
  out.number("open", queue.open_conversations);
  out.number("agents_accepting", queue.agents_accepting);
  out.close();
}

void write(json_writer& out, const tenant_tier_stats& tenant) {
  out.open();
  out.number("tenant", tenant.tenant.value);
  out.text("name", tenant.name);
  out.number("tier", tenant.tier);
  out.number("lasted_ms", ms(tenant.lasted));
  out.close();
}

/// All of them, or the largest in the order that they had.
template <class Row, class Size>
void write_largest(json_writer& out, std::string_view key, const std::vector<Row>& all, Size of) {
  std::vector<Row> shown = all;
  if (shown.size() > rows_max) {
    std::ranges::stable_sort(shown, std::ranges::greater{}, of);
    shown.resize(rows_max);
  }
  out.open_list(key);
  for (const Row& each : shown)
    write(out, each);
  out.close_list();
  out.number(std::string{key} + "_left_out", all.size() - shown.size());
}

void write(json_writer& out, const node_stats& node, const tier_stats& tier) {
  out.open("tier");
  out.number("now", tier.tier);
  out.flag("guarded", tier.is_guarded);
  out.flag("pinned", tier.is_pinned);
  if (tier.pinned_for) {
    out.number("pinned_for_ms", ms(*tier.pinned_for));
    out.time("pinned_until", timestamp{node.now.value + tier.pinned_for->count()});
  }
  out.number("lasted_ms", ms(tier.lasted));
  write(out, "inputs_permille", tier.inputs, 1000);
  write(out, "shed", tier.shed, 1);
  write_largest(out, "tenants", tier.tenants, &tenant_tier_stats::tier);
  out.close();
}

template <class Row>
void write_all(json_writer& out, std::string_view key, const std::vector<Row>& all) {
  out.open_list(key);
  for (const Row& each : all)
    write(out, each);
  out.close_list();
}

}  // namespace

std::string to_json(const desk_stats& all) {
  constexpr std::size_t bytes_expected = 64 * 1024;
  json_writer out(bytes_expected);
  out.open();
  out.number("recent_ms", ms(all.recent));
  out.number("sampled_one_in", all.sampled_one_in);
  write(out, all.node);
  write(out, all.node, all.tier);
  write_all(out, "actors", all.actors);
  write_all(out, "stuck", all.stuck);
  write_all(out, "workers", all.workers);
  write(out, all.recorder);
  write(out, all.traffic);
  write(out, all.traces);
  write_largest(out, "connections", all.connections, &connection_stats::count);
  write_largest(out, "queues", all.queues, &queue_stats::length);
  out.number("agents_present", all.agents_present);
  out.number("visitors_present", all.visitors_present);
  out.number("conversations_awake", all.conversations_awake);
  out.number("outbound_bytes", all.outbound_bytes);
  out.number("ignored_errors", all.ignored_errors);
  out.number("quarantined", all.quarantined);
  operator_json::write(out, "supervision", all.supervision, supervised_max);
  out.close();
  return out.take();
}

}  // namespace frontdesk::stats_json
