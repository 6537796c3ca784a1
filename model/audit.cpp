#include "model/audit.hpp"

#include "model/chat.hpp"
#include "model/limits.hpp"
#include "model/utf8.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace frontdesk {

namespace {

constexpr const char* no_text = "(bytes that are no text)";

void bound(std::string& text, std::size_t bytes_max) {
  text = is_utf8(text) ? std::string{cut_text(text, bytes_max)} : no_text;
}

}  // namespace

std::string_view name_of(audit_origin origin) {
  constexpr std::array<std::string_view, 5> names{"none", "admin_socket", "command_line", "signal",
                                                  "node"};
  return names.at(static_cast<std::size_t>(origin));
}

audit_entry& audit_entry::with(std::string_view name, std::string value) {
  if (!value.empty()) {
    parameters.emplace_back(name, std::move(value));
  }
  return *this;
}

bool is_parameter_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_same_deed(const audit_entry& one, const audit_entry& other) {
  return one.who == other.who && one.action == other.action && one.target == other.target &&
         one.parameters == other.parameters && one.outcome == other.outcome;
}

bool is_action(std::string_view word, const audit_entry& entry) {
  const std::string_view action = entry.action;
  return word.empty() || action == word ||
         (action.size() > word.size() && action.starts_with(word) && action[word.size()] == '.');
}

audit_entry bounded(audit_entry entry) {
  bound(entry.who.user, limits::name_bytes_max);
  bound(entry.action, limits::audit_word_bytes_max);
  bound(entry.target, limits::audit_value_bytes_max);
  bound(entry.outcome, limits::audit_word_bytes_max);
  std::size_t bytes = 0;
  std::size_t kept = 0;
  for (auto& [name, value] : entry.parameters) {
    assert(is_parameter_name(name) && name.size() <= limits::audit_word_bytes_max);
    bound(value, limits::audit_value_bytes_max);
    bytes += name.size() + value.size();
    if (bytes > limits::audit_parameters_bytes_max || kept == limits::audit_parameters_max) {
      break;
    }
    ++kept;
  }
  if (const std::size_t all = entry.parameters.size(); kept < all) {
    entry.parameters.resize(kept);
    entry.with("left_out", std::to_string(all - kept));
  }
  return entry;
}

}  // namespace frontdesk
