#include "bench/checker/history.hpp"

#include <stdexcept>

namespace frontdesk::checker {

namespace {

template <class Id>
std::size_t index(Id id) {
  return static_cast<std::size_t>(id);
}

/// Calls `act` with every id inside, so that adding and merging agree on where ids are.
template <class Act>
void each_id(post& what, Act& act) {
  act(what.conversation);
  act(what.author.device);
}

template <class Act>
void each_id(event& what, Act& act) {
  act(what.conversation);
  if (what.author) act(what.author->device);
}

template <class Act>
void each_id(observation& seen, Act act) {
  std::visit(
      [&act](auto& one) {
        if constexpr (requires { one.what; }) each_id(one.what, act);
        if constexpr (requires { one.reader; }) act(one.reader);
        if constexpr (requires { one.person; }) act(one.person);
        if constexpr (requires { one.conversation; }) act(one.conversation);
      },
      seen);
}

/// The bound that a line of a history file relies on.
void demand_name(std::string_view name) {
  if (name.empty() || name.size() > history::name_bytes_max)
    throw std::invalid_argument("a name has 1 to 256 bytes");
}

/// The number of `key`, which is appended to `names` when it is met first.
template <class Numbers, class Key>
std::uint32_t number_of(Numbers& numbers, std::vector<Key>& names, Key key) {
  const auto [entry, is_first] = numbers.try_emplace(key, static_cast<std::uint32_t>(names.size()));
  if (is_first) names.push_back(std::move(key));
  return entry->second;
}

}  // namespace

body_hash hash_of(std::string_view body) {
  // Offset and prime of FNV-1a.
  body_hash hash{0xcbf29ce484222325};
  for (const char byte : body) {
    hash.value ^= static_cast<unsigned char>(byte);
    hash.value *= 0x100000001b3;
  }
  return hash;
}

conversation_id history::conversation(std::string_view name) {
  demand_name(name);
  return conversation_id{number_of(conversation_numbers_, conversations_, std::string{name})};
}

person_id history::person(std::string_view name) {
  demand_name(name);
  return person_id{number_of(person_numbers_, persons_, std::string{name})};
}

device_id history::device(std::string_view person_name, std::string_view name) {
  demand_name(name);
  return device_id{
      number_of(device_numbers_, devices_, std::pair{person(person_name), std::string{name}})};
}

void history::add(const observation& seen) {
  // It is looked at in its place, because `each_id` needs it mutable and a copy costs more.
  observations_.push_back(seen);
  try {
    each_id(observations_.back(), [this](auto id) { static_cast<void>(name_of(id)); });
  } catch (const std::out_of_range&) {
    observations_.pop_back();
    throw;
  }
}

void history::merge(const history& other) {
  if (&other == this) throw std::invalid_argument("a history is not merged with itself");
  const auto rename = [&](auto& id) {
    using kind = std::remove_reference_t<decltype(id)>;
    if constexpr (std::is_same_v<kind, conversation_id>)
      id = conversation(other.name_of(id));
    else if constexpr (std::is_same_v<kind, person_id>)
      id = person(other.name_of(id));
    else
      id = device(other.name_of(other.person_of(id)), other.name_of(id));
  };
  for (observation seen : other.observations_) {
    each_id(seen, rename);
    observations_.push_back(seen);
  }
}

const std::string& history::name_of(conversation_id id) const {
  return conversations_.at(index(id));
}

const std::string& history::name_of(person_id id) const {
  return persons_.at(index(id));
}

const std::string& history::name_of(device_id id) const {
  return devices_.at(index(id)).second;
}

person_id history::person_of(device_id id) const {
  return devices_.at(index(id)).first;
}

}  // namespace frontdesk::checker
