#include "model/watch_table.hpp"

#include <algorithm>
#include <utility>

namespace frontdesk {

fault_or<watch_id> watch_table::begin(const watched& what, std::chrono::milliseconds time,
                                      moment now) {
  const bool is_one = bool{what.person} != bool{what.conversation};
  if (!is_one || time.count() <= 0 || time > limits::watch_max) return fault_code::bad_value;
  sweep(now);
  const auto free = std::ranges::find_if(slots_, [](const auto& each) { return !each; });
  if (free == slots_.end()) return fault_code::busy;
  ++made_;
  const watch_id id{made_};
  free->emplace(watch{id, what, made_, now + time, now, {}, 0});
  return id;
}

void watch_table::end(watch_id id) {
  if (auto* const found = find(id)) found->reset();
}

fault_or<watch_news> watch_table::read(watch_id id, std::size_t most, moment now) {
  sweep(now);
  auto* const found = find(id);
  if (found == nullptr) return fault_code::not_found;
  watch& one = **found;
  one.asked_at = now;
  watch_news news;
  news.lost = std::exchange(one.lost, 0);
  while (!one.ring.empty() && news.lines.size() < most) {
    news.lines.push_back(one.ring.front());
    one.ring.pop_front();
  }
  news.has_more = !one.ring.empty();
  return news;
}

watch_marks watch_table::marks_of(tenant_id whose, person_id who, conversation_id where,
                                  moment now) {
  sweep(now);
  watch_marks marks{made_, 0};
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i] && slots_[i]->what.means(whose, who, where)) {
      marks.slots = static_cast<std::uint16_t>(marks.slots | 1U << i);
    }
  }
  return marks;
}

/// When it is full the newest is left out, so that what is read is whole from its beginning.
void watch_table::add(const watch_marks& marks, const watch_line& line) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const bool is_marked = (marks.slots >> i & 1U) != 0;
    if (!is_marked || !slots_[i] || slots_[i]->made > marks.made) continue;
    watch& one = *slots_[i];
    if (one.ring.size() < limits::watch_lines_max) {
      one.ring.push_back(line);
    } else {
      ++one.lost;
    }
  }
}

std::size_t watch_table::count() const {
  const auto is_taken = [](const auto& each) { return each.has_value(); };
  return static_cast<std::size_t>(std::ranges::count_if(slots_, is_taken));
}

void watch_table::sweep(moment now) {
  for (auto& each : slots_) {
    const bool is_over =
        each && (now >= each->until || now - each->asked_at >= limits::watch_silence_max);
    if (is_over) each.reset();
  }
}

std::optional<watch_table::watch>* watch_table::find(watch_id id) {
  const auto is_it = [id](const auto& each) { return each && each->id == id; };
  const auto at = std::ranges::find_if(slots_, is_it);
  return at == slots_.end() ? nullptr : &*at;
}

}  // namespace frontdesk
