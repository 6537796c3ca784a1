#include "node/bench_people.hpp"

#include "node/admin/asking.hpp"
#include "node/admin/unix_socket.hpp"
#include "node/data_folder.hpp"
#include "node/doctor/port_holder.hpp"
#include "node/generated_password.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <variant>

namespace frontdesk {

namespace {

std::string email_of(unsigned number) {
  return fmt::format("agent{}@bench.example", number);
}

template <class Entry>
or_trouble<std::set<std::string>> names_of(const std::string& data, admin_json::list wish,
                                           std::string Entry::*name) {
  const auto all = ask_all(data, std::move(wish));
  if (!all) return all.why();
  std::set<std::string> names;
  for (const admin_json::entry& each : *all) {
    if (const auto* const entry = std::get_if<Entry>(&each)) names.insert(entry->*name);
  }
  return names;
}

std::string token_of(const std::string& data, const admin_json::request& wish) {
  const auto said = ask(data, wish);
  if (!said) throw bench::cannot_measure(said.why().sentence);
  return said->token;
}

/// Tokens of one node say nothing to another, and its /proc would be that of the wrong one.
trouble check_listener(const std::string& data, int process, const bench::destination& at) {
  const auto other = at.is_loopback() ? holder_of(at.port()) : std::nullopt;
  if (!other || is_listening(process, at.port())) return {exit_code::success, {}};
  return {exit_code::usage,
          fmt::format("The node of {} is process {}, but at {} listens process {}. Say by --node "
                      "where that node listens.",
                      data, process, at.name, other->process)};
}

}  // namespace

trouble bench_people::prepare(const bench::destination& node_at) {
  const auto folder = open_desk_folder(data_);
  if (!folder) return folder.why();
  const auto node = connect_to(folder->admin_socket());
  if (!node && node.why().code != exit_code::unavailable) return node.why();
  if (!node) {
    return {exit_code::unavailable,
            fmt::format("No node runs with {}. Start it, or name agents by --agent.", data_)};
  }
  process_ = peer_of(*node).value_or(socket_peer{}).process;
  if (auto why = check_listener(data_, process_, node_at); why.code != exit_code::success) {
    return why;
  }
  const auto now = ask_stats(data_);
  if (!now) return now.why();
  processors_ = static_cast<double>(now->processors_permille) / 1000;
  memory_limit_bytes_ = now->memory_limit_bytes;
  using admin_json::listed_kind;
  const auto tenants = names_of(data_, {listed_kind::tenants, {}, 0}, &tenant::name);
  if (!tenants) return tenants.why();
  if (!tenants->contains(name_)) {
    if (const auto made = ask(data_, admin_json::create_tenant{name_}); !made) return made.why();
  }
  const auto inboxes = names_of(data_, {listed_kind::inboxes, name_, 0}, &inbox::widget_key);
  if (!inboxes) return inboxes.why();
  if (!inboxes->contains(name_)) {
    admin_json::create_inbox wish;
    wish.tenant = wish.name = wish.widget_key = name_;
    if (const auto made = ask(data_, wish); !made) return made.why();
  }
  return {exit_code::success, {}};
}

std::string bench_people::visitor_token(std::uint32_t) {
  return token_of(data_, admin_json::visitor_token{name_});
}

std::string bench_people::vip_token(std::uint32_t) {
  return token_of(data_, admin_json::visitor_token{name_, true});
}

std::vector<std::string> bench_people::agent_tokens(unsigned wanted) {
  const auto known = names_of(data_, {admin_json::listed_kind::agents, name_, 0}, &agent::email);
  if (!known) throw bench::cannot_measure(known.why().sentence);
  std::vector<std::string> tokens;
  for (unsigned i = 1; i <= wanted; ++i) {
    const std::string email = email_of(i);
    if (!known->contains(email)) {
      admin_json::create_agent wish;
      wish.tenant = name_;
      wish.email = email;
      wish.password = generated_password();
      const auto made = ask(data_, wish);
      if (!made) throw bench::cannot_measure(made.why().sentence);
    }
    tokens.push_back(token_of(data_, admin_json::agent_token{name_, email}));
  }
  return tokens;
}

}  // namespace frontdesk
