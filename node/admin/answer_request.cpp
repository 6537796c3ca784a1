#include "node/admin/answer_request.hpp"

#include "model/limits.hpp"
#include "model/tier_rule.hpp"
#include "model/utf8.hpp"
#include "node/admin/tracing.hpp"
#include "node/audit/deeds.hpp"
#include "wire/admin_json.hpp"
#include "wire/stats_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace frontdesk {

namespace {

using admin_json::answer;

/// Names the ids of a request's tenant: by its name, or as the only one.
fault_or<tenant_id> tenant_of(const directory& known, const std::string& name) {
  const tenant* found = name.empty() ? known.only_tenant() : known.tenant_by_name(name);
  return found == nullptr ? fault_or<tenant_id>{fault_code::not_found} : found->id;
}

std::uint64_t id_of(const tenant& t) {
  return t.id.value;
}
std::uint64_t id_of(const inbox& i) {
  return i.id.value;
}
std::uint64_t id_of(const agent& a) {
  return a.id.value;
}
std::uint64_t id_of(const quarantined& q) {
  return q.id.value;
}

/// Bytes that are no text are shown as digits.
std::string readable(const std::string& said) {
  if (is_utf8(said)) {
    return said;
  }
  std::string digits = "bytes ";
  for (const char each : said) {
    digits += fmt::format("{:02x}", static_cast<unsigned char>(each));
  }
  return digits;
}

template <class Entry>
answer page_of(const std::vector<const Entry*>& all, std::uint64_t after) {
  answer page;
  std::uint64_t last = 0;
  for (const Entry* each : all) {
    if (id_of(*each) <= after) {
      continue;
    }
    if (page.entries.size() == admin_json::entries_max) {
      page.next = last;
      break;
    }
    page.entries.emplace_back(*each);
    last = id_of(*each);
  }
  return page;
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

fault_or<const agent*> agent_in(const directory& known, const std::string& tenant,
                                const std::string& email) {
  const auto owner = tenant_of(known, tenant);
  const agent* who = owner ? known.agent_by_email(*owner, lower_case(email)) : nullptr;
  if (who == nullptr) {
    return owner ? fault{fault_code::unknown_agent} : owner.error();
  }
  return who;
}

/// One function for each kind of request.
struct clerk {
  administration& with;
  timestamp now;

  fault_or<answer> operator()(admin_json::create_tenant& wish) const {
    return record(tenant{.id = {}, .name = std::move(wish.name), .created_at = now});
  }

  fault_or<answer> operator()(admin_json::create_inbox& wish) const {
    const auto owner = tenant_of(*with.directory_now(), wish.tenant);
    if (!owner) {
      return owner.error();
    }
    inbox made;
    made.tenant = *owner;
    made.name = std::move(wish.name);
    made.widget_key = std::move(wish.widget_key);
    made.accent = std::move(wish.accent);
    made.greeting = std::move(wish.greeting);
    made.locale = std::move(wish.locale);
    made.origins = std::move(wish.origins);
    made.typing_preview = wish.typing_preview;
    if (wish.vip) made.priority = conversation_priority::vip;
    return record(std::move(made));
  }

  fault_or<answer> operator()(admin_json::create_agent& wish) const {
    const auto owner = tenant_of(*with.directory_now(), wish.tenant);
    const auto role = wish.role.empty() ? agent_role::agent : admin_json::role_from_text(wish.role);
    if (!owner || !role) {
      return owner ? fault{fault_code::bad_value} : owner.error();
    }
    agent made;
    made.tenant = *owner;
    made.email = lower_case(std::move(wish.email));
    made.name = wish.name.empty() ? made.email : std::move(wish.name);
    made.role = *role;
    auto hash = with.hash(std::move(wish.password));
    if (!hash) {
      return hash.error();
    }
    made.password_hash = std::move(*hash);
    return record(std::move(made));
  }

  fault_or<answer> operator()(admin_json::set_password& wish) const {
    const directory_ptr known = with.directory_now();
    const auto found = agent_in(*known, wish.tenant, wish.email);
    if (!found) {
      return found.error();
    }
    auto hash = with.hash(std::move(wish.password));
    if (!hash) {
      return hash.error();
    }
    agent changed = **found;
    changed.password_hash = std::move(*hash);
    // Whoever knew the old password may have tokens.
    ++changed.token_generation;
    return record(std::move(changed));
  }

  fault_or<answer> operator()(const admin_json::list& wish) const {
    if (wish.what == admin_json::listed_kind::quarantine) {
      return list_quarantine(wish);
    }
    const directory_ptr known = with.directory_now();
    if (wish.what == admin_json::listed_kind::tenants) {
      return page_of(known->tenants(), wish.after);
    }
    const auto owner = tenant_of(*known, wish.tenant);
    if (!owner) {
      return owner.error();
    }
    return wish.what == admin_json::listed_kind::inboxes
               ? page_of(known->inboxes(*owner), wish.after)
               : page_of(known->agents(*owner), wish.after);
  }

  fault_or<answer> operator()(const admin_json::visitor_token& wish) const {
    const directory_ptr known = with.directory_now();
    const inbox* at = known->inbox_by_widget_key(wish.widget_key);
    if (at == nullptr) {
      return fault_code::unknown_inbox;
    }
    const auto priority = wish.vip ? conversation_priority::vip : conversation_priority::normal;
    return answer{{}, 0, with.tokens().visitor_token(*at, new_visitor_id(), now, priority)};
  }

  fault_or<answer> operator()(const admin_json::agent_token& wish) const {
    const directory_ptr known = with.directory_now();
    const auto found = agent_in(*known, wish.tenant, wish.email);
    if (!found) {
      return found.error();
    }
    return answer{{}, 0, with.tokens().access_token(**found, now)};
  }

  fault_or<answer> operator()(const admin_json::make_checkpoint&) const {
    const auto made = with.make_checkpoint();
    return made ? fault_or<answer>{answer{}} : made.error();
  }

  fault_or<answer> operator()(const admin_json::read_stats&) const {
    const auto now_there = with.stats();
    if (!now_there) {
      return now_there.error();
    }
    return answer{{}, 0, {}, stats_json::to_json(*now_there)};
  }

  fault_or<answer> list_quarantine(const admin_json::list& wish) const {
    auto all = quarantine_of(wish.tenant);
    if (!all) {
      return all.error();
    }
    std::vector<const quarantined*> known;
    for (quarantined& each : *all) {
      each.text.clear();
      known.push_back(&each);
    }
    return page_of(known, wish.after);
  }

  /// By id; of all tenants, if none is named.
  fault_or<std::vector<quarantined>> quarantine_of(const std::string& name) const {
    const directory_ptr known = with.directory_now();
    std::vector<quarantined> all;
    for (const tenant* each : known->tenants()) {
      if (!name.empty() && each->name != name) {
        continue;
      }
      auto found = with.quarantine_of(each->id);
      if (!found) {
        return found.error();
      }
      all.insert(all.end(), found->begin(), found->end());
    }
    if (!name.empty() && known->tenant_by_name(name) == nullptr) {
      return fault_code::not_found;
    }
    std::ranges::sort(all, {}, &quarantined::id);
    return all;
  }

  fault_or<quarantined> quarantined_by_id(std::uint64_t id) const {
    const auto all = quarantine_of({});
    if (!all) {
      return all.error();
    }
    const auto at = std::ranges::find(*all, quarantine_id{id}, &quarantined::id);
    return at == all->end() ? fault_or<quarantined>{fault_code::not_found} : *at;
  }

  fault_or<answer> operator()(const admin_json::show_quarantined& wish) const {
    auto found = quarantined_by_id(wish.id);
    if (!found) {
      return found.error();
    }
    found->text = wish.with_text ? readable(found->text) : std::string{};
    return answer{{*std::move(found)}, 0, {}};
  }

  fault_or<answer> operator()(const admin_json::drop_quarantined& wish) const {
    const auto found = quarantined_by_id(wish.id);
    if (!found) {
      return found.error();
    }
    const auto gone = with.discard_quarantined(found->tenant, found->id);
    return gone ? fault_or<answer>{answer{}} : gone.error();
  }

  fault_or<answer> operator()(const admin_json::pin_tier& wish) const {
    const std::chrono::milliseconds time{wish.ms};
    const bool is_known = !wish.tier || (*wish.tier <= tier_max && time.count() > 0);
    if (!is_known || time > limits::tier_pin_max) {
      return fault_code::bad_value;
    }
    std::optional<unsigned> tier;
    if (wish.tier) tier = static_cast<unsigned>(*wish.tier);
    const auto pinned = with.pin_tier(tier, time);
    return pinned ? fault_or<answer>{answer{}} : pinned.error();
  }

  fault_or<answer> operator()(const admin_json::read_audit& wish) const {
    auto page = with.read_audit(wish.what);
    if (!page) {
      return page.error();
    }
    answer said{{}, page->next.value, {}};
    for (audit_entry& each : page->entries) {
      said.entries.emplace_back(std::move(each));
    }
    return said;
  }

  fault_or<answer> operator()(const admin_json::start_trace& wish) const {
    return document_of(start_trace(with, wish));
  }

  fault_or<answer> operator()(const admin_json::read_trace& wish) const {
    return document_of(read_trace(with, wish));
  }

  fault_or<answer> operator()(const admin_json::end_trace& wish) const {
    const auto ended = end_trace(with, wish);
    return ended ? fault_or<answer>{answer{}} : ended.error();
  }

  static fault_or<answer> document_of(fault_or<std::string> made) {
    return made ? fault_or<answer>{answer{{}, 0, {}, *std::move(made)}} : made.error();
  }

  fault_or<answer> record(directory_change what) const {
    auto made = with.change(std::move(what));
    if (!made) {
      return made.error();
    }
    return std::visit([](auto& entry) { return answer{{std::move(entry)}, 0, {}}; }, *made);
  }
};

}  // namespace

std::string answer_request(std::string_view line, administration& with, const audit_author& who,
                           timestamp now) {
  auto wish = admin_json::read_request(line);
  auto deed = wish ? deed_of(*wish) : unreadable_deed();
  if (deed) {
    deed->who = who;
    if (const auto admitted = with.admit_deed(); !admitted) {
      record_refusal_of_flood(with, *deed, admitted.error());
      return admin_json::to_json(admitted.error());
    }
  }
  const auto said = wish ? std::visit(clerk{with, now}, *wish) : fault_or<answer>{wish.error()};
  if (deed) {
    said ? complete(*deed, *said) : refuse(*deed, said.error());
    if (const auto recorded = record_deed(with, *deed); !recorded && said) {
      return admin_json::to_json(recorded.error());
    }
  }
  return said ? admin_json::to_json(*said) : admin_json::to_json(said.error());
}

}  // namespace frontdesk
