#include "actors/audit_keeper.hpp"

#include "actors/failure_watch.hpp"
#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"
#include "storage/audit_trail.hpp"

#include <optional>
#include <utility>

namespace frontdesk {

namespace {

fault_code fault_of(append_outcome outcome) {
  return outcome == append_outcome::full ? fault_code::storage_full : fault_code::storage_failed;
}

class audit_keeper_state final : public pinned_actor<audit_keeper_actor::base> {
 public:
  audit_keeper_state(caf::actor_config& config, switchboard& board)
      : pinned_actor(config), board_(board) {}

  const char* name() const override { return "audit_keeper"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](audit_deed& wish) { on_audit_deed(std::move(wish)); },
        [this](flush_counts) { on_flush_counts(); },
    };
  }

 private:
  void on_audit_deed(audit_deed wish) {
    if (writes_count_ >= limits::requests_waiting_max) return (*wish.reply)(fault_code::busy);
    if (!is_open()) return (*wish.reply)(fault_code::storage_failed);
    auto noted = trail_->note(std::move(wish.what), board_.wall_now());
    const audit_number number = noted.what.number;
    if (noted.is_repeat()) {
      flush_later();
      return (*wish.reply)(audited{number, true});
    }
    record(number, std::move(noted.records), [number, reply = wish.reply](append_outcome outcome) {
      outcome == append_outcome::committed ? (*reply)(audited{number, false})
                                           : (*reply)(fault_of(outcome));
    });
  }

  void on_flush_counts() {
    is_flush_due_ = false;
    if (!trail_ || !trail_->has_counts()) return;
    record({}, trail_->take_counts(), [this](append_outcome outcome) {
      if (outcome == append_outcome::committed) return;
      failures_of(system()).report({name(), id(), "counts of the audit were not recorded"});
      flush_later();
    });
  }

  bool is_open() {
    if (!trail_) {
      auto opened = audit_trail::open(board_.foundation().rows);
      if (opened) trail_.emplace(std::move(*opened));
    }
    return trail_.has_value();
  }

  void flush_later() {
    if (std::exchange(is_flush_due_, true)) return;
    remind(limits::audit_count_flush, flush_counts{});
  }

  template <class Then>
  void record(audit_number number, batch records, Then then) {
    ++writes_count_;
    const auto on_kept = [this, number, then](append_outcome outcome) {
      --writes_count_;
      outcome == append_outcome::committed ? trail_->was_recorded(number)
                                           : trail_->was_not_recorded();
      then(outcome);
    };
    ask(board_.recorder(), limits::answer_max,
        keep{tenant_id{}, {}, std::make_shared<batch>(std::move(records))})
        .then([on_kept](const kept& answer) { on_kept(answer.outcome); },
              [on_kept](const caf::error&) { on_kept(append_outcome::unknown); });
  }

  switchboard& board_;
  std::optional<audit_trail> trail_;
  std::size_t writes_count_ = 0;
  bool is_flush_due_ = false;
};

}  // namespace

audit_keeper_actor spawn_audit_keeper(caf::actor_system& system, placement where,
                                      switchboard& board) {
  return spawn_on<audit_keeper_state>(system, where, board);
}

}  // namespace frontdesk
