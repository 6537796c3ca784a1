#include "actors/supervision_book.hpp"

#include <algorithm>
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
  if (find(path) != nullptr) return;
  const auto end = path.rfind('/');
  what.id = end == std::string::npos ? path : path.substr(end + 1);
  lines_.push_back({path, std::move(what)});
}

supervision_book::line* supervision_book::find(const std::string& path) {
  const auto at = std::ranges::find(lines_, path, &line::path);
  return at == lines_.end() ? nullptr : &*at;
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
}

supervised supervision_book::tree() const {
  const std::lock_guard guard(mutex_);
  return lines_.empty() ? supervised{} : tree_at(lines_.front());
}

supervised supervision_book::tree_at(const line& at) const {
  supervised found = at.what;
  for (const line& each : lines_) {
    if (parent_of(each.path) == at.path) found.children.push_back(tree_at(each));
  }
  return found;
}

}  // namespace frontdesk
