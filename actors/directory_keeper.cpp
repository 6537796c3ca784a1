#include "actors/directory_keeper.hpp"

#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"

#include <deque>
#include <utility>
#include <variant>

namespace frontdesk {

namespace {

class directory_keeper_state final : public pinned_actor<directory_keeper_actor::base> {
 public:
  directory_keeper_state(caf::actor_config& config, switchboard& board)
      : pinned_actor(config), board_(board) {}

  const char* name() const override { return "directory_keeper"; }

 protected:
  behavior_type make_behavior() override {
    return {[this](change_directory& wish) { return on_change_directory(std::move(wish)); }};
  }

 private:
  using promise = caf::typed_response_promise<directory_changed>;

  promise on_change_directory(change_directory wish) {
    auto answer = make_response_promise<directory_changed>();
    if (waiting_.size() >= limits::requests_waiting_max) {
      answer.deliver(directory_changed{fault_code::busy, {}});
      return answer;
    }
    waiting_.emplace_back(std::move(wish), answer);
    if (waiting_.size() == 1) change_next();
    return answer;
  }

  void change_next() {
    while (!waiting_.empty()) {
      auto& what = waiting_.front().first.what;
      const directory_ptr known = board_.directory_now();
      const fault_code refusal =
          std::visit([&known](auto& entry) { return prepare(*known, entry); }, what);
      if (refusal == fault_code::none) return record_first();
      answer_first(refusal);
    }
  }

  /// Checks an entry, and gives it an id if it asks for one.
  static fault_code prepare(const directory& known, tenant& entry) {
    if (!entry.id) entry.id = known.next_tenant();
    return check(known, entry);
  }
  static fault_code prepare(const directory& known, inbox& entry) {
    if (!entry.id) entry.id = known.next_inbox(entry.tenant);
    if (!entry.team) entry.team = team_id{1};
    return check(known, entry);
  }
  static fault_code prepare(const directory& known, agent& entry) {
    if (!entry.id) entry.id = known.next_agent(entry.tenant);
    if (!entry.team) entry.team = team_id{1};
    return check(known, entry);
  }

  static tenant_id owner_of(const tenant& entry) { return entry.id; }
  static tenant_id owner_of(const inbox& entry) { return entry.tenant; }
  static tenant_id owner_of(const agent& entry) { return entry.tenant; }

  void record_first() {
    auto records = std::make_shared<batch>();
    tenant_id whose;
    std::visit(
        [&](const auto& entry) {
          whose = owner_of(entry);
          records->records.emplace_back(entry);
        },
        waiting_.front().first.what);
    ask(board_.recorder(), limits::answer_max, keep{whose, {}, std::move(records)})
        .then([this](const kept& answer) { on_kept(answer.outcome); },
              [this](const caf::error&) { on_kept(append_outcome::unknown); });
  }

  void on_kept(append_outcome outcome) {
    if (outcome == append_outcome::committed) {
      auto changed = std::make_shared<directory>(*board_.directory_now());
      std::visit([&changed](const auto& entry) { changed->put(entry); },
                 waiting_.front().first.what);
      board_.publish(std::move(changed));
      answer_first(fault_code::none);
    } else {
      answer_first(outcome == append_outcome::full ? fault_code::storage_full
                                                   : fault_code::storage_failed);
    }
    change_next();
  }

  void answer_first(fault_code refusal) {
    auto [wish, answer] = std::move(waiting_.front());
    waiting_.pop_front();
    answer.deliver(directory_changed{refusal, std::move(wish.what)});
  }

  switchboard& board_;
  std::deque<std::pair<change_directory, promise>> waiting_;
};

}  // namespace

directory_keeper_actor spawn_directory_keeper(caf::actor_system& system, placement where,
                                              switchboard& board) {
  return spawn_on<directory_keeper_state>(system, where, board);
}

}  // namespace frontdesk
