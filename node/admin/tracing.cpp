#include "node/admin/tracing.hpp"

#include "wire/trace_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace frontdesk {

namespace {

using steady = std::chrono::steady_clock;

/// By its name, or the only one; none if there are several and none is named.
fault_or<std::optional<tenant_id>> tenant_in(const directory& known, const std::string& name) {
  const tenant* found = name.empty() ? known.only_tenant() : known.tenant_by_name(name);
  if (found != nullptr) return std::optional{found->id};
  if (!name.empty()) return fault_code::not_found;
  return std::optional<tenant_id>{};
}

fault_or<watched> visitor_in(watched whom, const std::string& text) {
  const bool has_kind = text.find(':') != std::string::npos;
  const auto who = person_from_text(has_kind ? text : "visitor:" + text);
  if (!who || !who->is_visitor()) return fault_code::bad_value;
  whom.person = *who;
  return whom;
}

fault_or<watched> agent_in(watched whom, const directory& known, std::string text) {
  const auto id = person_from_text(text);
  if (id && id->is_agent()) {
    whom.person = *id;
    return whom;
  }
  // Addresses are those of one tenant.
  if (!whom.tenant) return fault_code::not_found;
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const agent* found = known.agent_by_email(*whom.tenant, text);
  if (found == nullptr) return fault_code::unknown_agent;
  whom.person = found->id;
  return whom;
}

/// `#12`, as the console shows it, or `12`; an id has more digits than any number. None: it is no
/// number.
std::optional<std::uint64_t> number_in(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_one = fault == std::errc{} && end == text.data() + text.size();
  return is_one && text.size() < to_text(conversation_id{}).size() ? std::optional{number}
                                                                   : std::nullopt;
}

fault_or<watched> conversation_in(watched whom, administration& with, const std::string& text) {
  const directory_ptr known = with.directory_now();
  const std::size_t slash = text.rfind('/');
  if (slash != std::string::npos) {
    const tenant* owner = known->tenant_by_name(text.substr(0, slash));
    if (owner == nullptr) return fault_code::not_found;
    whom.tenant = owner->id;
  }
  const std::string name = slash == std::string::npos ? text : text.substr(slash + 1);
  if (const auto number = number_in(name)) {
    // Numbers are those of one tenant.
    if (!whom.tenant) return fault_code::not_found;
    const auto found = with.conversation_numbered(*whom.tenant, *number);
    if (!found) return found.error();
    whom.conversation = *found;
    return whom;
  }
  const auto id = conversation_from_text(name);
  if (!id) return fault_code::bad_value;
  whom.conversation = *id;
  return whom;
}

fault_or<watched> watched_by(administration& with, const admin_json::start_trace& wish) {
  const directory_ptr known = with.directory_now();
  const auto tenant = tenant_in(*known, wish.tenant);
  if (!tenant) return tenant.error();
  const auto count = static_cast<int>(!wish.visitor.empty()) +
                     static_cast<int>(!wish.agent.empty()) +
                     static_cast<int>(!wish.conversation.empty());
  if (count != 1) return fault_code::bad_value;
  const watched whom{*tenant, {}, {}};
  if (!wish.visitor.empty()) return visitor_in(whom, wish.visitor);
  if (!wish.agent.empty()) return agent_in(whom, *known, wish.agent);
  return conversation_in(whom, with, wish.conversation);
}

}  // namespace

fault_or<std::string> start_trace(administration& with, const admin_json::start_trace& wish) {
  trace_board* const board = with.traces();
  if (board == nullptr) return fault_code::not_ready;
  const auto whom = watched_by(with, wish);
  if (!whom) return whom.error();
  const auto time =
      std::min<std::uint64_t>(wish.ms, static_cast<std::uint64_t>(limits::watch_max.count()) + 1);
  const auto begun = board->watch(*whom, std::chrono::milliseconds{static_cast<std::int64_t>(time)},
                                  steady::now());
  if (!begun) return begun.error();
  return fmt::format(R"({{"watch":{}}})", begun->value);
}

fault_or<std::string> read_trace(administration& with, const admin_json::read_trace& wish) {
  trace_board* const board = with.traces();
  if (board == nullptr) return fault_code::not_ready;
  const auto news =
      board->read_watch(watch_id{wish.watch}, limits::watch_lines_per_answer, steady::now());
  if (!news) return news.error();
  return trace_json::to_json(*news);
}

fault_or<done> end_trace(administration& with, const admin_json::end_trace& wish) {
  trace_board* const board = with.traces();
  if (board == nullptr) return fault_code::not_ready;
  board->end_watch(watch_id{wish.watch});
  return done{};
}

}  // namespace frontdesk
