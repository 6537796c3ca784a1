#include "wire/json_document.hpp"
#include "wire/stats_json.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace frontdesk::stats_json {

namespace {

/// One object of the document; none has no fields.
class part {
 public:
  explicit part(const json_value* object) : object_(object) {}

  std::uint64_t number(std::string_view name) const {
    const json_value* const found = find(name, json_kind::integer);
    return found != nullptr && found->number > 0 ? static_cast<std::uint64_t>(found->number) : 0;
  }
  bool flag(std::string_view name) const {
    const json_value* const found = find(name, json_kind::boolean);
    return found != nullptr && found->number != 0;
  }
  std::string text(std::string_view name) const {
    const json_value* const found = find(name, json_kind::string);
    return found != nullptr ? std::string(found->text) : std::string{};
  }
  part in(std::string_view name) const { return part{find(name, json_kind::object)}; }
  template <class Each>
  void each_in(std::string_view name, Each&& call) const {
    const json_value* const list = find(name, json_kind::array);
    if (list == nullptr) return;
    for (const json_value& value : *list) {
      if (value.kind == json_kind::object) call(part{&value});
    }
  }
  const json_value* get() const { return object_; }

 private:
  const json_value* find(std::string_view name, json_kind kind) const {
    const json_value* const found = object_ != nullptr ? object_->find(name) : nullptr;
    return found != nullptr && found->kind == kind ? found : nullptr;
  }

  const json_value* object_;
};

actor_row read_actor(const part& from) {
  const part recent = from.in("handling_ns").in("recent");
  return {from.text("kind"),
          from.number("count"),
          from.number("spawned"),
          from.number("crashed") + from.number("failed") + from.number("timeouts") +
              from.number("stuck"),
          from.number("messages"),
          from.number("mailbox_now"),
          from.number("mailbox_max"),
          recent.number("p50"),
          recent.number("p99")};
}

worker_row read_worker(const part& from) {
  return {from.text("worker"), from.number("turns"),
          from.in("queue_delay_ns").in("recent").number("p99"),
          from.in("loop_lag_ns").in("recent").number("p99")};
}

std::string read_stuck(const part& from) {
  return from.text("worker") + ' ' + from.text("kind") + ' ' + std::to_string(from.number("id")) +
         ' ' + from.text("message") + ' ' + std::to_string(from.number("lasted_ms")) + " ms";
}

void read_recorder(digest& into, const part& from) {
  into.appends = from.number("appends");
  into.batches = from.number("batches");
  into.waiting = from.number("waiting");
  into.batch_p50 = from.in("appends_per_batch").in("recent").number("p50");
  into.commit_p50_ns = from.in("commit_ns").in("recent").number("p50");
  into.commit_p99_ns = from.in("commit_ns").in("recent").number("p99");
}

void read_tier(digest& into, const part& from) {
  into.tier = from.number("now");
  into.is_guarded = from.flag("guarded");
  into.is_pinned = from.flag("pinned");
  into.pinned_for_ms = from.number("pinned_for_ms");
  into.pinned_until_ms = from.number("pinned_until");
  if (const json_value* inputs = from.in("inputs_permille").get()) {
    for (const json_value& each : *inputs)
      into.inputs.emplace_back(each.key, static_cast<std::uint64_t>(each.number));
  }
  from.each_in("tenants", [&](const part& each) {
    into.tenants.push_back(
        {each.number("tenant"), each.text("name"), each.number("tier"), each.number("lasted_ms")});
  });
  into.tenants_left_out = from.number("tenants_left_out");
}

void read_traffic(digest& into, const part& from) {
  if (const json_value* faults = from.in("faults").get()) {
    for (const json_value& each : *faults)
      into.refused += static_cast<std::uint64_t>(each.number);
  }
  into.ack_p50_ns = from.in("ack_ns").in("recent").number("p50");
  into.ack_p99_ns = from.in("ack_ns").in("recent").number("p99");
  into.delivery_p50_ns = from.in("delivery_ns").in("recent").number("p50");
  into.delivery_p99_ns = from.in("delivery_ns").in("recent").number("p99");
}

/// The document's depth is bounded, and so is this.
void read_fallen(std::vector<fallen_row>& into, const part& from, const std::string& above,
                 std::uint64_t now_ms) {
  from.each_in("children", [&](const part& each) {
    const std::string path = above.empty() ? each.text("id") : above + '/' + each.text("id");
    const std::uint64_t failed_at = each.number("last_failure_at");
    if (failed_at > 0) {
      into.push_back({path, each.text("state"), each.number("restarts"), each.number("failures"),
                      each.text("last_failure"), now_ms - std::min(now_ms, failed_at)});
    }
    read_fallen(into, each, path, now_ms);
  });
}

}  // namespace

std::optional<digest> read_digest(std::string_view document) {
  // By our own program, and longer than what strangers may say.
  const json_document read(document, document.size());
  if (read.fault() != fault_code::none || read.root()->find("actors") == nullptr) {
    return std::nullopt;
  }
  const part all{read.root()};
  digest found;
  found.version = all.in("node").text("version");
  found.uptime_ms = all.in("node").number("uptime_ms");
  found.is_ready = all.in("node").flag("ready");
  found.processors_permille = all.in("node").number("processors_permille");
  found.memory_limit_bytes = all.in("node").number("memory_limit_bytes");
  read_tier(found, all.in("tier"));
  read_traffic(found, all.in("traffic"));
  read_fallen(found.fallen, all.in("supervision"), {}, all.in("node").number("time"));
  std::ranges::stable_sort(found.fallen, {}, &fallen_row::ago_ms);
  all.each_in("actors", [&](const part& each) { found.actors.push_back(read_actor(each)); });
  all.each_in("workers", [&](const part& each) { found.workers.push_back(read_worker(each)); });
  all.each_in("stuck", [&](const part& each) { found.stuck.push_back(read_stuck(each)); });
  read_recorder(found, all.in("recorder"));
  all.each_in("connections", [&](const part& each) { found.connections += each.number("count"); });
  all.each_in("queues", [&](const part& each) {
    found.queued += each.number("length");
    found.oldest_wait_ms = std::max(found.oldest_wait_ms, each.number("oldest_wait_ms"));
  });
  found.agents = all.number("agents_present");
  found.visitors = all.number("visitors_present");
  found.conversations = all.number("conversations_awake");
  found.outbound_bytes = all.number("outbound_bytes");
  found.quarantined = all.number("quarantined");
  return found;
}

}  // namespace frontdesk::stats_json
