#include "actors/supervision_book.hpp"

#include "model/limits.hpp"

#include <utility>

namespace frontdesk {

namespace {

std::string_view parent_of(std::string_view path) {
  const auto end = path.rfind('/');
  return end == std::string_view::npos ? std::string_view{} : path.substr(0, end);
}

}  // namespace

void supervision_book::plan(const std::string& path, supervised what) {
  const std::lock_guard guard(mutex_);
  if (find(path) == nullptr) add(lines_, path, std::move(what));
}

void supervision_book::plan_guest(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (find(path) != nullptr) return;
  if (guests_.size() >= limits::guests_told_max) {
    by_path_.erase(guests_.front().path);
    guests_.pop_front();
  }
  add(guests_, path, {});
  guests_.back().is_guest = true;
  // It is written down because it fell, so it had begun.
  guests_.back().starts_count = 1;
}

void supervision_book::add(lines& to, const std::string& path, supervised what) {
  const auto end = path.rfind('/');
  what.id = end == std::string::npos ? path : path.substr(end + 1);
  const auto at = to.insert(to.end(), line{path, std::move(what)});
  by_path_.emplace(at->path, at);
}

supervision_book::line* supervision_book::find(const std::string& path) {
  const auto at = by_path_.find(path);
  return at == by_path_.end() ? nullptr : &*at->second;
}

void supervision_book::is(const std::string& path, supervised_state state) {
  const std::lock_guard guard(mutex_);
  if (line* at = find(path)) at->what.state = state;
}

void supervision_book::has_started(const std::string& path) {
  const std::lock_guard guard(mutex_);
  line* at = find(path);
  if (at == nullptr) return;
  at->what.state = supervised_state::running;
  at->what.restarts_count = at->starts_count++;
}

void supervision_book::has_failed(const std::string& path, std::string why, supervised_state then) {
  const std::lock_guard guard(mutex_);
  line* at = find(path);
  if (at == nullptr) return;
  at->what.state = then;
  ++at->what.failures_count;
  at->what.last_failure = std::move(why);
  at->what.last_failure_at = time_.now();
  if (at->is_guest) guests_.splice(guests_.end(), guests_, by_path_.at(path));
}

supervised supervision_book::tree() const {
  const std::lock_guard guard(mutex_);
  if (lines_.empty()) return {};
  children below;
  for (const lines* part : {&lines_, &guests_}) {
    for (const line& each : *part)
      below[parent_of(each.path)].push_back(&each);
  }
  return tree_at(lines_.front(), below);
}

supervised supervision_book::tree_at(const line& at, const children& below) {
  supervised found = at.what;
  const auto known = below.find(at.path);
  if (known == below.end()) return found;
  for (const line* each : known->second)
    found.children.push_back(tree_at(*each, below));
  return found;
}

}  // namespace frontdesk
