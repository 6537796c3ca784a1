#include "actors/quarantine_keeper.hpp"

#include "actors/failure_watch.hpp"
#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

/// The recorder is back within seconds, or the node ends.
constexpr std::chrono::seconds pause{1};
constexpr unsigned tries_max = 10;

class quarantine_keeper_state final : public pinned_actor<quarantine_keeper_actor::base> {
 public:
  quarantine_keeper_state(caf::actor_config& config, switchboard& board)
      : pinned_actor(config), board_(board) {}

  const char* name() const override { return "quarantine_keeper"; }

 protected:
  behavior_type make_behavior() override {
    read_all();
    return {
        [this](confine& wish) { on_confine(std::move(wish.what)); },
        [this](const discard& wish) { on_discard(wish); },
        [this](const confine_again& wish) { on_confine_again(wish.id); },
    };
  }

  void on_stopped() override {
    for (const auto& [id, one] : attempts_)
      complain(one.told, "its keeper ended before it was recorded");
    attempts_.clear();
  }

 private:
  /// What is being recorded.
  struct attempt {
    /// Without its text.
    quarantined told;
    std::vector<quarantine_id> gone;
    batch records;
    unsigned tries = 0;
  };

  void read_all() {
    const reader stored{board_.foundation().rows};
    const directory_ptr known = board_.directory_now();
    for (const tenant* each : known->tenants()) {
      const auto found = stored.read_quarantine(each->id);
      if (!found) throw std::runtime_error("the quarantine cannot be read");
      for (const quarantined& one : *found)
        note(one.tenant, one.id);
    }
  }

  void note(tenant_id whose, quarantine_id id) {
    ids_[whose].insert(id);
    last_ = std::max(last_, id);
  }

  void on_confine(quarantined what) {
    if (attempts_.size() >= limits::requests_waiting_max) {
      return complain(what, "too many at once");
    }
    last_ = quarantine_id{last_.value + 1};
    what.id = last_;
    what.time = board_.wall_now();
    ids_[what.tenant].insert(what.id);
    attempt made{what, take_oldest(what.tenant), {}};
    made.told.text.clear();
    for (const quarantine_id each : made.gone)
      made.records.records.emplace_back(removal(what.tenant, each));
    made.records.records.emplace_back(quarantined_record{std::move(what), false});
    const quarantine_id id = made.told.id;
    attempts_.emplace(id, std::move(made));
    try_to_keep(id);
  }

  void on_confine_again(quarantine_id id) {
    const attempt& one = attempts_.at(id);
    if (one.tries < tries_max) return try_to_keep(id);
    ids_[one.told.tenant].insert(one.gone.begin(), one.gone.end());
    attempts_.erase(id);
  }
  /// It is to go, and may be there already; it shall not come back behind its removal.
  void try_no_more(quarantine_id id) {
    const auto under_way = attempts_.find(id);
    if (under_way != attempts_.end()) under_way->second.tries = tries_max;
  }

  void try_to_keep(quarantine_id id) {
    attempt& one = attempts_.at(id);
    ++one.tries;
    // The recorder empties its copy.
    record(one.told.tenant, std::make_shared<batch>(one.records),
           [this, id](append_outcome outcome) { on_tried(id, outcome); });
  }

  /// What has ended the recorder is confined while there is none.
  void on_tried(quarantine_id id, append_outcome outcome) {
    const attempt& one = attempts_.at(id);
    if (outcome == append_outcome::unknown && one.tries < tries_max) {
      remind(pause, confine_again{id});
      return;
    }
    on_recorded(one, outcome);
    attempts_.erase(id);
  }

  /// Those that go for others; not again while that is being recorded.
  std::vector<quarantine_id> take_oldest(tenant_id whose) {
    std::vector<quarantine_id> gone;
    auto& there = ids_[whose];
    while (there.size() > limits::quarantined_max) {
      try_no_more(*there.begin());
      gone.push_back(*there.begin());
      there.erase(there.begin());
    }
    return gone;
  }

  /// What may be there is known, so that it can be discarded: to let go what is not there is no
  /// harm.
  void on_recorded(const attempt& one, append_outcome outcome) {
    if (outcome == append_outcome::committed) {
      if (const auto& told = board_.foundation().on_quarantined) told(one.told);
      return;
    }
    auto& there = ids_[one.told.tenant];
    there.insert(one.gone.begin(), one.gone.end());
    if (outcome != append_outcome::unknown && one.tries == 1) there.erase(one.told.id);
    complain(one.told, "it could not be recorded");
  }

  void on_discard(const discard& wish) {
    const auto there = ids_.find(wish.tenant);
    if (there == ids_.end() || !there->second.contains(wish.id)) {
      return (*wish.reply)(fault_code::not_found);
    }
    if (discards_count_ >= limits::requests_waiting_max) return (*wish.reply)(fault_code::busy);
    ++discards_count_;
    try_no_more(wish.id);
    auto records = std::make_shared<batch>();
    records->records.emplace_back(removal(wish.tenant, wish.id));
    record(wish.tenant, std::move(records), [this, wish](append_outcome outcome) {
      --discards_count_;
      if (outcome != append_outcome::committed) {
        return (*wish.reply)(outcome == append_outcome::full ? fault_code::storage_full
                                                             : fault_code::storage_failed);
      }
      ids_[wish.tenant].erase(wish.id);
      (*wish.reply)(frontdesk::done{});
    });
  }

  static quarantined_record removal(tenant_id whose, quarantine_id id) {
    quarantined gone;
    gone.tenant = whose;
    gone.id = id;
    return {std::move(gone), true};
  }

  template <class Then>
  void record(tenant_id whose, std::shared_ptr<batch> records, Then then) {
    ask(board_.recorder(), limits::answer_max, keep{whose, {}, std::move(records)})
        .then([then](const kept& answer) { then(answer.outcome); },
              [then](const caf::error&) { then(append_outcome::unknown); });
  }

  /// It is confined, but not kept. Without a word of what was said.
  void complain(const quarantined& what, const std::string& why) {
    failure found{name(), id(),
                  fmt::format("{} ended a {} twice ({}) and is not kept: {}", what.message,
                              what.actor, what.thrown, why)};
    found.tenant = what.tenant;
    found.conversation = what.conversation;
    found.person = what.person;
    found.device = what.device;
    found.n = what.n;
    failures_of(system()).report(found);
  }

  switchboard& board_;
  std::map<tenant_id, std::set<quarantine_id>> ids_;
  quarantine_id last_;
  std::size_t discards_count_ = 0;
  std::map<quarantine_id, attempt> attempts_;
};

}  // namespace

quarantine_keeper_actor spawn_quarantine_keeper(caf::actor_system& system, placement where,
                                                switchboard& board) {
  return spawn_on<quarantine_keeper_state>(system, where, board);
}

}  // namespace frontdesk
