#pragma once

#include <caf/all.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace frontdesk {

/// An actor that is reached by name, and what waits until it is there.
template <class Handle>
struct resident {
  /// Nobody: it has fallen, and is not back yet.
  Handle actor;
  /// It takes no more: it was told to leave, or is ending.
  bool is_leaving = false;
  /// How long it stays away when it has ended.
  std::chrono::milliseconds pause{0};
  std::size_t near = 0;
  std::vector<caf::message> parked;

  bool takes_messages() const { return actor && !is_leaving; }
};

/// The residents of one kind, found by their name and by their actor's id.
template <class Name, class Handle>
class residents {
 public:
  using one = resident<Handle>;
  using map = std::unordered_map<Name, one>;

  one* find(const Name& name) {
    const auto at = by_name_.find(name);
    return at == by_name_.end() ? nullptr : &at->second;
  }
  bool contains(const Name& name) const { return by_name_.contains(name); }

  /// The resident of this name, and whether it was not there before.
  std::pair<one&, bool> at(const Name& name) {
    const auto [found, is_fresh] = by_name_.try_emplace(name);
    return {found->second, is_fresh};
  }
  /// This actor is the resident's life from now on.
  void begins(const Name& name, Handle actor) {
    one& who = by_name_.at(name);
    names_[actor.id()] = name;
    who.actor = std::move(actor);
    who.is_leaving = false;
    who.pause = {};
  }
  /// Whose life has ended, if it was a resident's: nobody lives there now.
  std::optional<Name> ended(caf::actor_id id) {
    const auto at = names_.find(id);
    if (at == names_.end()) return std::nullopt;
    Name name = std::move(at->second);
    names_.erase(at);
    by_name_.at(name).actor = Handle{};
    return name;
  }
  void erase(const Name& name) { by_name_.erase(name); }
  void clear() {
    by_name_.clear();
    names_.clear();
  }

  bool is_empty() const { return by_name_.empty(); }
  std::size_t count() const { return by_name_.size(); }
  map& all() { return by_name_; }

 private:
  map by_name_;
  std::unordered_map<caf::actor_id, Name> names_;
};

}  // namespace frontdesk
