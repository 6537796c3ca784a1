#include "actors/historian.hpp"

#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"

#include <utility>

namespace frontdesk {

namespace {

class historian_state final : public pinned_actor<historian_actor::base> {
 public:
  historian_state(caf::actor_config& config, switchboard& board)
      : pinned_actor(config), reader_(board.foundation().rows) {}

  const char* name() const override { return "historian"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const read_events& wish) { return on_read_events(wish); },
        [this](const read_versions& wish) { return on_read_versions(wish); },
        [this](const read_roster& wish) { return on_read_roster(wish); },
        [this](const read_list& wish) { return on_read_list(wish); },
        [this](const read_open& wish) { return on_read_open(wish); },
    };
  }

 private:
  events_read on_read_events(const read_events& wish) {
    auto at = reader_.read_head(wish.where);
    if (!at) return {at.error().code, {}, {}};
    const bool is_hers =
        !wish.visitor || (at->visitor.person == wish.visitor && wish.range.where == track::visible);
    if (!at->exists() || !is_hers) return {fault_code::unknown_conversation, {}, {}};
    auto events = reader_.read_page(wish.where, wish.range);
    if (!events) return {events.error().code, {}, {}};
    return {fault_code::none, std::move(*events), std::move(*at)};
  }

  versions_read on_read_versions(const read_versions& wish) {
    auto versions = reader_.read_versions(wish.where, wish.in, wish.seq);
    if (!versions) return {versions.error().code, {}};
    return {fault_code::none, std::move(*versions)};
  }

  roster_read on_read_roster(const read_roster& wish) {
    auto rows = wish.whose.person.is_visitor() ? reader_.visitor_roster(wish.whose)
                                               : reader_.agent_roster(wish.whose);
    if (!rows) return {rows.error().code, {}};
    return {fault_code::none, std::move(*rows)};
  }

  list_read on_read_list(const read_list& wish) {
    auto page = reader_.read_list(wish.tenant, wish.query);
    if (!page) return {page.error().code, {}};
    return {fault_code::none, std::move(*page)};
  }

  open_read on_read_open(const read_open& wish) {
    auto heads = reader_.open_heads(wish.tenant, limits::open_conversations_max);
    if (!heads) return {heads.error().code, {}};
    return {fault_code::none, std::move(*heads)};
  }

  reader reader_;
};

}  // namespace

historian_actor spawn_historian(caf::actor_system& system, placement where, switchboard& board) {
  return spawn_on<historian_state>(system, where, board);
}

}  // namespace frontdesk
