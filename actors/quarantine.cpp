#include "actors/quarantine.hpp"

#include "model/limits.hpp"
#include "model/utf8.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>
#include <typeinfo>

namespace frontdesk {

namespace {

std::string name_of(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> readable{
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free};
  return status == 0 ? readable.get() : type.name();
}

/// As its struct is called.
std::string kind_of(const caf::message& what) {
  if (what.empty()) return "nothing";
  const std::type_info* type = what.type(0).second;
  std::string name = type != nullptr ? name_of(*type) : "a message of CAF";
  constexpr std::string_view ours = "frontdesk::";
  if (name.starts_with(ours)) name.erase(0, ours.size());
  if (name.size() > limits::name_bytes_max) name.resize(limits::name_bytes_max);
  return name;
}

void describe(suspect& found, const post& said) {
  found.identity.device = found.details.device = said.device;
  found.identity.n = found.details.n = said.n;
  found.identity.person = found.details.person = said.author;
  found.identity.content = content_hash(said);
  found.details.where = said.where;
  found.details.text = said.text;
  found.details.reply_to = said.reply_to;
  found.details.edits = said.edits;
  found.details.deletes = said.deletes;
  if (said.file) found.details.file = said.file->id;
}

suspect suspect_of_kind(tenant_id tenant, const caf::message& what) {
  suspect found;
  found.identity.tenant = found.details.tenant = tenant;
  found.identity.kind = found.details.message = kind_of(what);
  return found;
}

/// Which conversation a fact is about.
template <class Fact>
bool names_talk(suspect& found, const caf::message& what) {
  if (!what.match_elements<Fact>()) return false;
  found.identity.conversation = found.details.conversation = what.get_as<Fact>(0).conversation;
  return true;
}

void name_talk(suspect& found, const caf::message& what) {
  if (what.match_elements<conversation_moved>()) {
    const head_ptr& at = what.get_as<conversation_moved>(0).at;
    found.identity.conversation = found.details.conversation = at->conversation;
    found.identity.content = mixed(found.identity.content ^ at->visible.value);
    return;
  }
  names_talk<post_answered>(found, what) || names_talk<cursor_seen>(found, what) ||
      names_talk<typing_seen>(found, what) || names_talk<presence_seen>(found, what) ||
      names_talk<place_seen>(found, what);
}

}  // namespace

suspect suspect_of(const conversation_name& name, const caf::message& what) {
  suspect found = suspect_of_kind(name.tenant, what);
  found.identity.conversation = found.details.conversation = name.conversation;
  if (what.match_elements<say>()) {
    describe(found, what.get_as<say>(0).what);
  } else if (what.match_elements<assign>()) {
    found.identity.person = found.details.person = what.get_as<assign>(0).to.person;
  }
  return found;
}

suspect suspect_of(const person_name& name, const caf::message& what) {
  suspect found = suspect_of_kind(name.tenant, what);
  found.identity.person = found.details.person = name.person;
  name_talk(found, what);
  return found;
}

suspect suspect_of(const dispatcher_name& name, const caf::message& what) {
  suspect found = suspect_of_kind(name.tenant, what);
  found.identity.content = name.team.value;
  name_talk(found, what);
  return found;
}

suspect suspect_of(const person_name& name, device_id device, std::string_view bytes) {
  suspect found;
  found.identity.tenant = found.details.tenant = name.tenant;
  found.identity.person = found.details.person = name.person;
  found.identity.device = found.details.device = device;
  found.identity.kind = found.details.message = "frame";
  found.identity.content = std::hash<std::string_view>{}(bytes);
  found.details.text = bytes.substr(0, limits::frame_bytes_max);
  return found;
}

quarantine_gate::verdict quarantine_gate::of(const message_identity& what) const {
  const std::lock_guard guard(mutex_);
  return known_.of(what);
}

quarantine_gate::verdict quarantine_gate::has_ended(const std::string& actor, suspect by,
                                                    const std::string& thrown, moment now) {
  verdict found{};
  {
    const std::lock_guard guard(mutex_);
    found = known_.has_ended_one(by.identity, now);
    is_empty_.store(known_.is_empty(), std::memory_order_relaxed);
  }
  if (found == verdict::confined && keep_) {
    by.details.actor = actor;
    by.details.thrown = is_utf8(thrown) ? std::string{cut_text(thrown, limits::thrown_bytes_max)}
                                        : "an exception whose text cannot be shown";
    keep_(std::move(by.details));
  }
  return found;
}

}  // namespace frontdesk
