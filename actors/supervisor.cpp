#include "actors/supervisor.hpp"

#include "actors/failure_watch.hpp"
#include "actors/pinned_actor.hpp"

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

namespace frontdesk {

namespace {

constexpr auto never = std::numeric_limits<std::uint64_t>::max();

bool ended_well(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::user_shutdown;
}

}  // namespace

class supervisor_state final : public pinned_actor<caf::event_based_actor> {
 public:
  supervisor_state(caf::actor_config& config, supervision how)
      : pinned_actor(config),
        name_(std::move(how.name)),
        rule_(how.strategy, how.limits),
        book_(how.book),
        path_(std::move(how.path)),
        on_giving_up_(std::move(how.on_giving_up)) {
    for (auto& each : how.children)
      children_.push_back({std::move(each), nullptr, 0});
  }

  const char* name() const override { return name_.c_str(); }

 protected:
  const char* kind() const override { return "supervisor"; }

  caf::behavior make_behavior() override {
    on_start_children({{0, children_.size()}, 0});
    return {
        [this](const start_children& due) { on_start_children(due); },
        [this](const patience_over& over) { on_patience_over(over); },
    };
  }

  void on_down(caf::down_msg& down) override;
  void on_exit_wish(caf::exit_msg& wish) override { end(std::move(wish.reason)); }
  void on_stopped() override;

 private:
  /// To itself: the pause is over. Children that have failed again since have a later attempt.
  struct start_children {
    child_range which;
    std::uint64_t attempt = 0;
  };

  /// To itself: the child that is being stopped takes too long.
  struct patience_over {
    std::uint64_t stop = 0;
  };

  struct child {
    child_spec spec;
    caf::strong_actor_ptr running;
    /// Which planned start is the child's; an older plan no longer concerns it.
    std::uint64_t attempt = 0;
  };

  void on_start_children(const start_children&);
  void on_patience_over(const patience_over&);

  void start(std::size_t which);
  void on_failed(std::size_t which, caf::error reason);
  void end(caf::error reason);
  void stop_next();
  void ask_to_end(child&);
  void kill(child&);
  void give_up(child&);
  void plan_stops(child_range);
  void note(const child&, supervised_state);
  void note_failure(const child&, const caf::error& reason, supervised_state then);

  std::string name_;
  restart_rule rule_;
  supervision_book* book_;
  std::string path_;
  decltype(supervision::on_giving_up) on_giving_up_;
  std::vector<child> children_;
  std::uint64_t attempts_ = 0;

  /// Children still to be asked to end; the last one is next.
  std::vector<std::size_t> stops_;
  /// The child that was asked, and has not ended.
  std::optional<std::size_t> stopping_;
  bool was_killed_ = false;
  reminder patience_;
  std::uint64_t stops_count_ = 0;

  /// What follows when all stops are done: the end, or else the restart.
  std::optional<caf::error> end_reason_;
  start_children restart_;
  std::chrono::milliseconds pause_{0};
};

// ---- starting

void supervisor_state::on_start_children(const start_children& due) {
  for (auto i = due.which.first; i < due.which.last; ++i) {
    auto is_due = children_[i].attempt == due.attempt && children_[i].running == nullptr;
    if (is_due && !end_reason_) start(i);
  }
}

void supervisor_state::start(std::size_t which) {
  auto& starting = children_[which];
  // In case the start function gives an empty handle.
  caf::error reason = caf::sec::cannot_spawn_actor_from_arguments;
  try {
    starting.running = starting.spec.start();
  } catch (...) {
    reason = report_thrown(*this, std::current_exception());
  }
  if (starting.running != nullptr) {
    monitor(starting.running->get());
    if (book_ != nullptr) book_->has_started(path_ + '/' + starting.spec.id);
  } else if (restart_rule::wants_restart(starting.spec.kind, false)) {
    on_failed(which, std::move(reason));
  }
}

// ---- failing

void supervisor_state::on_down(caf::down_msg& down) {
  for (std::size_t i = 0; i < children_.size(); ++i) {
    auto& ended = children_[i];
    // A handle of an earlier life is not among them: it is forgotten at its down.
    if (ended.running == nullptr || ended.running->address() != down.source) continue;
    ended.running = nullptr;
    note(ended, supervised_state::ended);
    if (stopping_ == i) {
      stopping_.reset();
      forget(patience_);
      return stop_next();
    }
    // One that is about to be stopped has only been quicker.
    auto is_expected = end_reason_ || std::find(stops_.begin(), stops_.end(), i) != stops_.end();
    auto is_well = ended_well(down.reason);
    if (!is_expected && restart_rule::wants_restart(ended.spec.kind, is_well)) {
      on_failed(i, std::move(down.reason));
    }
    return;
  }
}

void supervisor_state::on_failed(std::size_t which, caf::error reason) {
  auto pause = rule_.pause_after_failure(now());
  note_failure(children_[which], reason,
               pause ? supervised_state::pausing : supervised_state::ended);
  if (!pause) {
    if (on_giving_up_) on_giving_up_(children_[which].spec.id, system().render(reason));
    return end(std::move(reason));
  }
  // Takes the place of a restart that is under way: that one took down no more than this one does,
  // because whoever it took down cannot fail.
  pause_ = *pause;
  restart_ = {rule_.taken_down_by(which, children_.size()), ++attempts_};
  for (auto i = restart_.which.first; i < restart_.which.last; ++i) {
    auto stays_down = children_[i].spec.kind == restart_kind::temporary;
    children_[i].attempt = stays_down ? never : attempts_;
  }
  plan_stops(restart_.which);
}

void supervisor_state::end(caf::error reason) {
  if (end_reason_) return;
  end_reason_ = std::move(reason);
  plan_stops({0, children_.size()});
}

// ---- stopping

void supervisor_state::plan_stops(child_range which) {
  // The one that is being stopped stays so; what follows it is planned anew.
  stops_.clear();
  for (auto i = which.first; i < which.last; ++i) {
    if (children_[i].running != nullptr && stopping_ != i) stops_.push_back(i);
  }
  if (!stopping_) stop_next();
}

void supervisor_state::stop_next() {
  while (!stops_.empty()) {
    auto next = stops_.back();
    stops_.pop_back();
    // It may have ended while others were stopped.
    if (children_[next].running == nullptr) continue;
    stopping_ = next;
    return ask_to_end(children_[next]);
  }
  if (end_reason_) return quit(*end_reason_);
  remind(pause_, restart_);
}

void supervisor_state::ask_to_end(child& asked) {
  was_killed_ = false;
  note(asked, supervised_state::stopping);
  send_exit(asked.running, caf::exit_reason::user_shutdown);
  patience_ = remind(asked.spec.shutdown_max, patience_over{++stops_count_});
}

void supervisor_state::on_patience_over(const patience_over& over) {
  // A reminder that was in the mailbox already when it was forgotten speaks of an earlier stop.
  if (!stopping_ || over.stop != stops_count_) return;
  auto& slow = children_[*stopping_];
  if (was_killed_) return give_up(slow);
  was_killed_ = true;
  kill(slow);
  patience_ = remind(slow.spec.shutdown_max, patience_over{stops_count_});
}

void supervisor_state::kill(child& killed) {
  // Overtakes what waits in the child's mailbox, which `send_exit` would not.
  killed.running->get()->eq_impl(caf::make_message_id(caf::message_priority::high), nullptr,
                                 context(), caf::exit_msg{address(), caf::exit_reason::kill});
}

void supervisor_state::give_up(child& stuck) {
  auto what = stuck.spec.id + " does not end, even when killed";
  failures_of(system()).report({name(), id(), what});
  note_failure(stuck, caf::make_error(caf::sec::runtime_error, what), supervised_state::ended);
  demonitor(stuck.running->address());
  stuck.running = nullptr;
  stopping_.reset();
  if (end_reason_) return stop_next();
  end(caf::make_error(caf::sec::runtime_error, what));
}

void supervisor_state::on_stopped() {
  // After an orderly end there are none.
  for (auto& each : children_) {
    if (each.running != nullptr) kill(each);
    each.running = nullptr;
  }
}

// ---- the book

void supervisor_state::note(const child& which, supervised_state now) {
  if (book_ != nullptr) book_->is(path_ + '/' + which.spec.id, now);
}

void supervisor_state::note_failure(const child& which, const caf::error& reason,
                                    supervised_state then) {
  if (book_ == nullptr) return;
  auto why =
      reason ? system().render(reason) : std::string{"it ended although nobody had asked it to"};
  book_->has_failed(path_ + '/' + which.spec.id, std::move(why), then);
}

caf::actor supervise(caf::actor_system& system, placement where, supervision how) {
  return spawn_on<supervisor_state>(system, where, std::move(how));
}

}  // namespace frontdesk
