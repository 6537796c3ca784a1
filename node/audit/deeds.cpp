#include "node/audit/deeds.hpp"

#include "node/audit/audit_log.hpp"

#include <array>
#include <string>
#include <utility>

namespace frontdesk {

namespace {

audit_entry deed(std::string_view action, std::string target) {
  audit_entry made;
  made.action = action;
  made.target = std::move(target);
  return made;
}

std::string yes_if(bool so) {
  return so ? "yes" : "";
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& each : words) {
    all.append(all.empty() ? "" : " ").append(each);
  }
  return all;
}

using none = std::optional<audit_entry>;

/// One function for each kind of request; a new kind does not compile until it has its own.
struct deed_in {
  none operator()(const admin_json::create_tenant& wish) const {
    return deed("tenant.create", wish.name);
  }
  none operator()(const admin_json::create_inbox& wish) const {
    return deed("inbox.create", wish.widget_key)
        .with("tenant", wish.tenant)
        .with("name", wish.name)
        .with("locale", wish.locale)
        .with("origins", joined(wish.origins))
        .with("vip", yes_if(wish.vip));
  }
  none operator()(const admin_json::create_agent& wish) const {
    return deed("agent.create", wish.email)
        .with("tenant", wish.tenant)
        .with("name", wish.name)
        .with("role", wish.role);
  }
  none operator()(const admin_json::set_password& wish) const {
    return deed("agent.password", wish.email).with("tenant", wish.tenant);
  }
  none operator()(const admin_json::visitor_token& wish) const {
    return deed("token.visitor", wish.widget_key).with("vip", yes_if(wish.vip));
  }
  none operator()(const admin_json::agent_token& wish) const {
    return deed("token.agent", wish.email).with("tenant", wish.tenant);
  }
  none operator()(const admin_json::make_checkpoint& wish) const {
    return deed("backup", wish.folder);
  }
  none operator()(const admin_json::show_quarantined& wish) const {
    if (!wish.with_text) {
      return std::nullopt;
    }
    return deed("quarantine.show", std::to_string(wish.id)).with("text", "yes");
  }
  none operator()(const admin_json::drop_quarantined& wish) const {
    return deed("quarantine.drop", std::to_string(wish.id));
  }
  none operator()(const admin_json::pin_tier& wish) const {
    if (!wish.tier) {
      return deed("tier.auto", {});
    }
    return deed("tier.pin", std::to_string(*wish.tier)).with("ms", std::to_string(wish.ms));
  }
  none operator()(const admin_json::start_trace& wish) const {
    const std::string_view kind = !wish.visitor.empty() ? "visitor"
                                  : !wish.agent.empty() ? "agent"
                                                        : "conversation";
    return deed("trace.start", wish.visitor + wish.agent + wish.conversation)
        .with("tenant", wish.tenant)
        .with("of", std::string{kind})
        .with("ms", std::to_string(wish.ms));
  }
  none operator()(const admin_json::read_trace&) const { return std::nullopt; }
  none operator()(const admin_json::end_trace&) const { return std::nullopt; }
  none operator()(const admin_json::list&) const { return std::nullopt; }
  none operator()(const admin_json::read_stats&) const { return std::nullopt; }
  none operator()(const admin_json::read_audit&) const { return std::nullopt; }
};

bool mends(const audit_entry& what) {
  return is_action("tier", what) || what.action == "quarantine.drop";
}

std::string id_text(const tenant& t) {
  return std::to_string(t.id.value);
}
std::string id_text(const inbox& i) {
  return std::to_string(i.id.value);
}
std::string id_text(const agent& a) {
  return std::to_string(a.id.value);
}
std::string id_text(const quarantined&) {
  return {};
}
std::string id_text(const audit_entry&) {
  return {};
}

}  // namespace

std::optional<audit_entry> deed_of(const admin_json::request& wish) {
  return std::visit(deed_in{}, wish);
}

audit_entry unreadable_deed() {
  return deed("request", {});
}

void complete(audit_entry& what, const admin_json::answer& said) {
  if (said.entries.size() == 1) {
    what.with("id", std::visit([](const auto& made) { return id_text(made); }, said.entries[0]));
  }
}

void refuse(audit_entry& what, const fault& why) {
  what.outcome = why.name();
}

fault_or<done> record_deed(administration& with, const audit_entry& what) {
  const bool is_mending = mends(what);
  const auto recorded =
      with.audit(what, is_mending ? audit_log::mending_max : administration::answer_max);
  return is_mending ? fault_or<done>{done{}} : recorded;
}

void record_refusal_of_flood(administration& with, const audit_entry& what, const fault& why) {
  audit_entry flood = deed("request", {});
  flood.who = what.who;
  refuse(flood, why);
  // It changes nothing: what was asked for is refused, and the log has what could not be recorded.
  if (const auto recorded = with.audit(flood, audit_log::mending_max); !recorded) {
    return;
  }
}

}  // namespace frontdesk
