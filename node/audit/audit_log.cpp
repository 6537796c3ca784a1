#include "node/audit/audit_log.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace frontdesk {

void audit_log::record_by(recording by) {
  const std::lock_guard guard(mutex_);
  record_ = std::move(by);
}

fault_or<done> audit_log::admit(std::chrono::steady_clock::time_point now) {
  const std::lock_guard guard(mutex_);
  return deeds_.left(now) >= 1 ? fault_or<done>{done{}} : fault_code::rate_limited;
}

fault_or<done> audit_log::note(const audit_entry& what, std::chrono::milliseconds patience) {
  recording record;
  {
    const std::lock_guard guard(mutex_);
    record = record_;
  }
  const fault_or<audited> found =
      record ? record(what, patience) : fault_or<audited>{fault_code::not_ready};
  tell(what, found);
  return found ? fault_or<done>{done{}} : found.error();
}

/// A deed that is done again and again is one line, as it is one entry.
void audit_log::tell(const audit_entry& what, const fault_or<audited>& found) {
  if (found && found->is_repeat) {
    return;
  }
  const audit_entry said = bounded(what);
  const std::string number = found ? std::to_string(found->number.value) : "";
  const std::string uid = std::to_string(said.who.uid);
  const std::string parameters = parameters_text(said);
  const std::string_view place = found ? number : found.error().name();
  const log_book::fields fields = {{found ? "number" : "why", place},
                                   {"origin", name_of(said.who.origin)},
                                   {"uid", uid},
                                   {"user", said.who.user},
                                   {"action", said.action},
                                   {"target", said.target},
                                   {"parameters", parameters},
                                   {"outcome", said.outcome}};
  if (found) {
    ++recorded_;
    log_.info("audit", fields);
    const std::lock_guard guard(mutex_);
    deeds_.take(std::chrono::steady_clock::now());
  } else {
    ++unrecorded_;
    log_.error("audit_not_recorded", fields);
  }
}

audit_figures audit_log::figures() const {
  return {recorded_.load(), unrecorded_.load()};
}

std::string parameters_text(const audit_entry& of) {
  std::string text;
  for (const auto& [name, value] : of.parameters) {
    text.append(text.empty() ? "" : " ").append(name).append("=").append(value);
  }
  return text;
}

}  // namespace frontdesk
