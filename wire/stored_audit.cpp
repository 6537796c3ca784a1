#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"
#include "wire/stored_parts.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace frontdesk::stored {

namespace {

bool is_sound(const audit_entry& e) {
  const auto is_word = [](std::string_view w) { return is_text(w, limits::audit_word_bytes_max); };
  const auto is_value = [](std::string_view v) {
    return is_text(v, limits::audit_value_bytes_max);
  };
  return is_between(e.who.origin, audit_origin::none, audit_origin::node) && is_name(e.who.user) &&
         is_word(e.action) && is_value(e.target) && is_word(e.outcome) &&
         // One more than those that were given: how many were left out.
         e.parameters.size() <= limits::audit_parameters_max + 1 &&
         std::ranges::all_of(e.parameters, [&](const audit_entry::parameter& p) {
           return is_parameter_name(p.first) && is_word(p.first) && is_value(p.second);
         });
}

}  // namespace

void put(v1::audit_entry& to, const audit_entry& from) {
  assert(is_sound(from));
  to.set_number(from.number.value);
  to.set_time(from.time.value);
  to.set_origin(static_cast<v1::audit_origin>(from.who.origin));
  to.set_uid(from.who.uid);
  to.set_user(from.who.user);
  to.set_action(from.action);
  to.set_target(from.target);
  for (const auto& [name, value] : from.parameters) {
    auto& parameter = *to.add_parameters();
    parameter.set_name(name);
    parameter.set_value(value);
  }
  to.set_outcome(from.outcome);
  to.set_times(from.times);
  to.set_last(from.last.value);
}

std::optional<audit_entry> take(v1::audit_entry& from) {
  audit_entry e;
  e.number = audit_number{from.number()};
  e.time = timestamp{from.time()};
  e.who.origin = enumerator<audit_origin>(static_cast<std::uint32_t>(from.origin()));
  e.who.uid = from.uid();
  e.who.user = std::move(*from.mutable_user());
  e.action = std::move(*from.mutable_action());
  e.target = std::move(*from.mutable_target());
  for (v1::audit_parameter& each : *from.mutable_parameters()) {
    e.parameters.emplace_back(std::move(*each.mutable_name()), std::move(*each.mutable_value()));
  }
  e.outcome = std::move(*from.mutable_outcome());
  e.times = from.times();
  e.last = timestamp{from.last()};
  return is_sound(e) ? std::optional{std::move(e)} : std::nullopt;
}

}  // namespace frontdesk::stored
