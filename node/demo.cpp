#include "node/demo.hpp"

#include "node/audit/audit_author.hpp"
#include "node/audit/deeds.hpp"
#include "node/generated_password.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace frontdesk {

namespace {

constexpr const char* demo_name = "demo";

trouble not_made(std::string_view what, const fault& why) {
  const exit_code code = why.is_temporary() ? exit_code::temporary : exit_code::data;
  return {code, fmt::format("The demo's {} could not be made: {}", what, why.sentence())};
}

/// What the demo makes, whoever started the node has made.
fault_or<done> note(administration& with, std::string action, std::string target) {
  audit_entry what;
  what.who = own_author(audit_origin::command_line);
  what.action = std::move(action);
  what.target = std::move(target);
  what.with("by", "demo");
  return record_deed(with, what);
}

std::optional<trouble> make_tenant(administration& with, timestamp now) {
  if (with.directory_now()->tenant_by_name(demo_name) != nullptr) {
    return std::nullopt;
  }
  const auto made = with.change(tenant{.id = {}, .name = demo_name, .created_at = now});
  if (!made) {
    return not_made("tenant", made.error());
  }
  if (const auto noted = note(with, "tenant.create", demo_name); !noted) {
    return not_made("tenant", noted.error());
  }
  return std::nullopt;
}

std::optional<trouble> make_inbox(administration& with, tenant_id owner) {
  if (with.directory_now()->inbox_by_widget_key(demo_name) != nullptr) {
    return std::nullopt;
  }
  inbox shop;
  shop.tenant = owner;
  shop.name = "Demo shop";
  shop.widget_key = demo_name;
  shop.accent = "#2f6fed";
  shop.greeting = "Hello! How can we help you?";
  const auto made = with.change(std::move(shop));
  if (!made) {
    return not_made("inbox", made.error());
  }
  if (const auto noted = note(with, "inbox.create", demo_name); !noted) {
    return not_made("inbox", noted.error());
  }
  return std::nullopt;
}

or_trouble<demo_desk::person> make_agent(administration& with, tenant_id owner, std::string email,
                                         std::string name) {
  if (with.directory_now()->agent_by_email(owner, email) != nullptr) {
    return demo_desk::person{std::move(email), {}};
  }
  std::string password = generated_password();
  auto hash = with.hash(password);
  if (!hash) {
    return not_made("agent", hash.error());
  }
  agent who;
  who.tenant = owner;
  who.email = email;
  who.name = std::move(name);
  who.password_hash = std::move(*hash);
  if (const auto made = with.change(std::move(who)); !made) {
    return not_made("agent", made.error());
  }
  if (const auto noted = note(with, "agent.create", email); !noted) {
    return not_made("agent", noted.error());
  }
  return demo_desk::person{std::move(email), std::move(password)};
}

}  // namespace

or_trouble<demo_desk> make_demo(administration& with, timestamp now) {
  demo_desk desk;
  const directory_ptr before = with.directory_now();
  desk.is_refused = !before->tenants().empty() && before->tenant_by_name(demo_name) == nullptr;
  if (desk.is_refused) {
    return desk;
  }
  if (auto why = make_tenant(with, now)) {
    return *why;
  }
  const tenant_id owner = with.directory_now()->tenant_by_name(demo_name)->id;
  if (auto why = make_inbox(with, owner)) {
    return *why;
  }
  for (const auto& [email, name] :
       {std::pair{"mia@demo.example", "Mia"}, std::pair{"leo@demo.example", "Leo"}}) {
    auto person = make_agent(with, owner, email, name);
    if (!person) {
      return person.why();
    }
    desk.agents.push_back(std::move(*person));
  }
  return desk;
}

std::string demo_page(const demo_desk& desk, const std::string& address) {
  if (desk.is_refused) {
    return "There are tenants already, so no demo was made.\n";
  }
  std::string page = fmt::format(
      "\n"
      "  Demo shop, where a visitor chats    {0}/demo/\n"
      "  Console, where an agent answers     {0}/console/\n\n",
      address);
  const bool is_new =
      std::ranges::any_of(desk.agents, [](const auto& a) { return !a.password.empty(); });
  if (!is_new) {
    page += "  The agents are ";
    for (const auto& each : desk.agents) {
      page += each.email + (&each == &desk.agents.back() ? "; " : " and ");
    }
    return page + "their passwords were printed at the first start.\n\n";
  }
  for (const auto& [email, password] : desk.agents) {
    page += fmt::format("  {}    {}\n", email,
                        password.empty() ? "its password was printed before" : password);
  }
  return page + "\n  These passwords are printed only now.\n\n";
}

}  // namespace frontdesk
