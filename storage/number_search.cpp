#include "storage/number_search.hpp"

#include "model/limits.hpp"
#include "storage/reader.hpp"

#include <utility>

namespace frontdesk {

fault_or<conversation_id> conversation_numbered(store& from, tenant_id whose,
                                                std::uint64_t number) {
  const reader stored(from);
  const auto open = stored.open_heads(whose, limits::open_conversations_max);
  if (!open) return open.error();
  for (const head& each : *open) {
    if (each.number == number) return each.conversation;
  }
  reader::list_query query;
  query.view = index_kind::closed;
  for (std::size_t seen = 0; seen < limits::closed_searched_max;
       seen += limits::summaries_per_frame_max) {
    auto page = stored.read_list(whose, query);
    if (!page) return page.error();
    for (const conversation_row& each : page->rows) {
      if (each.at.number == number) return each.at.conversation;
    }
    if (page->after.empty()) break;
    query.after = std::move(page->after);
  }
  return fault_code::not_found;
}

}  // namespace frontdesk
