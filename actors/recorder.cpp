#include "actors/recorder.hpp"

#include "actors/fall_note.hpp"
#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"
#include "model/planted_bug.hpp"
#include "model/turns.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace frontdesk {

namespace {

/// Bytes that a cursor or a directory entry counts for in a batch.
constexpr std::size_t keep_bytes = 256;

/// What the recorder knows of an awake conversation: whose life it is, and its heads behind all
/// that is queued.
struct living {
  incarnation life;
  sequence visible;
  sequence internal;
  bool has_append = false;
};

struct keep_work {
  keep what;
  caf::typed_response_promise<kept> answer;
};
using work = std::variant<append, keep_work>;

std::string_view result_of(append_outcome outcome) {
  switch (outcome) {
    case append_outcome::committed:
      return "ok";
    case append_outcome::fenced:
      return "fenced";
    case append_outcome::full:
      return "storage_full";
    case append_outcome::unknown:
      break;
  }
  return "unknown";
}

std::size_t bytes_of(const work& each) {
  const auto* told = std::get_if<append>(&each);
  return told != nullptr ? told->bytes
                         : keep_bytes * std::get<keep_work>(each).what.records->records.size();
}

class recorder_state final : public pinned_actor<recorder_actor::base> {
 public:
  recorder_state(caf::actor_config& config, switchboard& board)
      : pinned_actor(config),
        traces_(board.traces()),
        gate_(board.quarantine()),
        log_(board.foundation().log),
        commits_(board.commits()),
        reader_(board.foundation().rows),
        counted_(board.recorded()) {}

  const char* name() const override { return "recorder"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const wake& wish) { return on_wake(wish); },
        [this](const find_window& wish) { return on_find_window(wish); },
        [this](const find_cursor& wish) { return on_find_cursor(wish); },
        [this](append& wish) { on_append(wish); },
        [this](const rest& wish) { on_rest(wish); },
        [this](keep& wish) { return on_keep(std::move(wish)); },
        [this](commit_now) { on_commit_now(); },
    };
  }

  std::string trace_at_work() override {
    return at_work_ ? to_text(at_work_->at.trace) : std::string{};
  }

  void describe(failure& found) override {
    const caf::message by = what_was_handled();
    if (!by.match_elements<append>()) return;
    found.is_of(by.get_as<append>(0).what);
    const std::vector<suspect> by_whom = suspects_of(by.get_as<append>(0));
    if (by_whom.size() != 1) return;
    found.person = by_whom[0].details.person;
    found.device = by_whom[0].details.device;
    found.n = by_whom[0].details.n;
  }

  void on_thrown(const std::string& thrown) override {
    const caf::message by = what_was_handled();
    if (!by.match_elements<append>()) return;
    std::vector<suspect> by_whom = suspects_of(by.get_as<append>(0));
    if (!by_whom.empty()) gate_.suspect_appends(now());
    for (suspect& each : by_whom) {
      const connection_note fell{.at = now(),
                                 .tenant = each.details.tenant,
                                 .person = each.details.person,
                                 .conversation = each.details.conversation,
                                 .name = name()};
      note_fall(traces_, fell, gate_.has_ended(name(), std::move(each), thrown, now()));
    }
  }

  /// What waits holds promises, and these hold the actor that made them: this one.
  void on_stopped() override {
    behind_.clear();
    // Nobody else would end it, and a commit that seems to hang keeps posts out.
    if (is_committing_) commits_.ended(now());
    waiting_ = turns<work>{limits::tenant_turn_bytes};
  }

 private:
  /// Answers behind everything that is queued for the conversation.
  caf::typed_response_promise<woken> on_wake(const wake& wish) {
    auto promise = make_response_promise<woken>();
    behind_queue(wish.what, [this, wish, promise]() mutable { promise.deliver(wake_up(wish)); });
    return promise;
  }

  caf::typed_response_promise<window_found> on_find_window(const find_window& wish) {
    auto promise = make_response_promise<window_found>();
    behind_queue(wish.where, [this, wish, promise]() mutable {
      auto window = reader_.read_window(wish.where, wish.author, wish.device);
      promise.deliver(window ? window_found{fault_code::none, std::move(*window)}
                             : window_found{window.error().code, {}});
    });
    return promise;
  }

  caf::typed_response_promise<cursor_found> on_find_cursor(const find_cursor& wish) {
    auto promise = make_response_promise<cursor_found>();
    behind_queue(wish.where, [this, wish, promise]() mutable {
      const auto at = reader_.read_cursor(wish.where, wish.reader);
      promise.deliver(at ? cursor_found{fault_code::none, *at} : cursor_found{at.error().code, {}});
    });
    return promise;
  }

  /// Runs it when nothing of the conversation is queued or under way: at once, or after a commit.
  /// Each conversation has few questions under way, so this list is bounded by theirs.
  void behind_queue(const conversation_name& what, std::function<void()> then) {
    const auto at = living_.find(what);
    const bool has_append = at != living_.end() && at->second.has_append;
    if (!has_append && !keeps_.contains(what)) {
      then();
    } else {
      behind_.emplace_back(what, std::move(then));
    }
  }

  void run_behind() {
    auto all = std::exchange(behind_, {});
    for (auto& [what, then] : all)
      behind_queue(what, std::move(then));
  }

  woken wake_up(const wake& wish) {
    woken answer;
    const auto owner = epoch_of(shard_of(wish.what.conversation));
    const auto at = reader_.read_head(wish.what);
    if (!owner || !at) {
      answer.refusal = (!owner ? owner.error() : at.error()).code;
      return answer;
    }
    answer.at = *at;
    for (const person_id who : {at->visitor.person, at->assignee.person}) {
      if (!who) continue;
      const auto cursor = reader_.read_cursor(wish.what, who);
      if (!cursor) {
        answer.refusal = cursor.error().code;
        return answer;
      }
      answer.cursors.push_back({who, *cursor});
    }
    answer.life = {*owner, ++lives_count_};
    living_[wish.what] = {answer.life, at->visible, at->internal, false};
    return answer;
  }

  /// Leaves it as it is until nothing of it can end this actor any more: then it is looked at.
  void on_append(append& wish) {
    at_work_ = wish.traces.empty() ? nullptr : wish.traces.front();
    const auto at = living_.find(wish.what);
    const bool is_next = at != living_.end() && at->second.life == wish.life &&
                         at->second.visible == wish.visible_before &&
                         at->second.internal == wish.internal_before && !at->second.has_append;
    if (!is_next) {
      tell(wish.reply_to, appended{append_outcome::fenced, 0});
      return;
    }
    for (const record& each : wish.records->records) {
      if (const auto* kept = std::get_if<event_record>(&each)) {
        taste(kept->what.text, "poison in the store");
      }
      if (const auto* after = std::get_if<head>(&each)) {
        at->second.visible = after->visible;
        at->second.internal = after->internal;
      }
    }
    at->second.has_append = true;
    for (span_ptr& each : wish.traces)
      each = traces_.begin(span_kind::commit, *each, now());
    const tenant_id whose = wish.what.tenant;
    put_off(whose, work{std::move(wish)});
  }

  void on_rest(const rest& wish) {
    const auto at = living_.find(wish.what);
    if (at != living_.end() && at->second.life == wish.life) living_.erase(at);
  }

  caf::typed_response_promise<kept> on_keep(keep wish) {
    auto answer = make_response_promise<kept>();
    const tenant_id whose = wish.tenant;
    if (wish.conversation) ++keeps_[{wish.tenant, wish.conversation}];
    put_off(whose, work{keep_work{std::move(wish), answer}});
    return answer;
  }

  /// To the next batch.
  void put_off(tenant_id whose, work what) {
    const std::size_t bytes = bytes_of(what);
    waiting_.add(whose, bytes, std::move(what));
    counted_.waiting.be(waiting_.count());
    commit_soon();
  }

  /// Everything that is in the mailbox now comes before this message; so it is all in one batch.
  void commit_soon() {
    if (is_commit_due_ || is_committing_) return;
    is_commit_due_ = true;
    tell(recorder_actor{this}, commit_now{});
  }

  void on_commit_now() {
    is_commit_due_ = false;
    if (!is_committing_) commit_batch();
  }

  fault_or<epoch> epoch_of(shard_id shard) {
    const auto known = shards_.find(shard);
    if (known != shards_.end()) return known->second.owner;
    auto claimed = log_.claim(shard);
    if (!claimed) return claimed.error();
    shards_[shard] = *claimed;
    return claimed->owner;
  }

  fault_or<std::uint64_t> next_number(tenant_id whose) {
    const auto known = numbers_.find(whose);
    if (known != numbers_.end()) return ++known->second;
    auto last = reader_.last_number(whose);
    if (!last) return last.error();
    return numbers_[whose] = *last + 1;
  }

  void commit_batch() {
    auto taken = waiting_.take(limits::batch_appends_max, limits::batch_bytes_max);
    if (taken.empty()) return;
    note_batch(taken);
    std::map<shard_id, batch> by_shard;
    std::vector<std::uint64_t> numbers;
    for (work& each : taken) {
      const auto number = add_to(by_shard, each);
      if (!number) return fail(taken, append_outcome::unknown);
      numbers.push_back(*number);
    }
    std::vector<log_entry> entries;
    for (auto& [shard, records] : by_shard) {
      claimed_shard& at = shards_[shard];
      entries.push_back({shard, at.owner, log_index{at.last.value + 1}, std::move(records)});
      at.last = entries.back().index;
    }
    is_committing_ = true;
    commits_.begins(now());
    log_.append(std::move(entries),
                [this, taken = std::move(taken), numbers = std::move(numbers)](
                    append_outcome outcome) mutable { on_outcome(taken, numbers, outcome); });
  }

  void note_batch(const std::vector<work>& taken) {
    std::size_t bytes = 0;
    for (const work& each : taken)
      bytes += bytes_of(each);
    counted_.batches.add(1);
    counted_.appends.add(taken.size());
    counted_.bytes.add(bytes);
    counted_.waiting.be(waiting_.count());
    counted_.appends_per_batch.record(taken.size());
    counted_.bytes_per_batch.record(bytes);
  }

  /// Moves a work's records into its shard's batch; answers the number that its conversation got.
  fault_or<std::uint64_t> add_to(std::map<shard_id, batch>& by_shard, work& each) {
    auto* told = std::get_if<append>(&each);
    const shard_id shard = told != nullptr ? shard_of(told->what.conversation)
                                           : shard_of(std::get<keep_work>(each).what.tenant);
    const auto owner = epoch_of(shard);
    if (!owner) return owner.error();
    auto& records = told != nullptr ? told->records : std::get<keep_work>(each).what.records;
    std::uint64_t number = 0;
    if (told != nullptr && told->wants_number) {
      const auto given = next_number(told->what.tenant);
      if (!given) return given.error();
      number = *given;
      for (record& one : records->records) {
        if (auto* after = std::get_if<head>(&one)) after->number = number;
      }
      records->records.emplace_back(number_record{told->what.tenant, number});
    }
    auto& into = by_shard[shard].records;
    into.insert(into.end(), std::make_move_iterator(records->records.begin()),
                std::make_move_iterator(records->records.end()));
    return number;
  }

  void on_outcome(std::vector<work>& taken, const std::vector<std::uint64_t>& numbers,
                  append_outcome outcome) {
    is_committing_ = false;
    counted_.commit.record(static_cast<std::uint64_t>(commits_.ended(now()).count()));
    if (outcome != append_outcome::committed) {
      fail(taken, outcome);
    } else {
      for (std::size_t i = 0; i < taken.size(); ++i) {
        if (auto* told = std::get_if<append>(&taken[i])) {
          end_traces(*told, taken.size(), result_of(outcome));
          const auto at = living_.find(told->what);
          if (at != living_.end() && at->second.life == told->life) at->second.has_append = false;
          tell(told->reply_to, appended{outcome, numbers[i]});
        } else {
          answer_keep(std::get<keep_work>(taken[i]), outcome);
        }
      }
      run_behind();
    }
    if (!waiting_.is_empty()) commit_soon();
  }

  /// From the append's coming until it was committed, or not.
  void end_traces(const append& what, std::size_t batch, std::string_view result) {
    for (const span_ptr& each : what.traces) {
      span done{*each, now()};
      done.tenant = what.what.tenant;
      done.conversation = what.what.conversation;
      done.batch = static_cast<std::uint32_t>(batch);
      done.result = result;
      traces_.end(done);
    }
  }

  void answer_keep(keep_work& each, append_outcome outcome) {
    const conversation_name whose{each.what.tenant, each.what.conversation};
    const auto queued = keeps_.find(whose);
    if (queued != keeps_.end() && --queued->second == 0) keeps_.erase(queued);
    each.answer.deliver(kept{outcome});
  }

  /// Nobody in the batch is acknowledged. What is known of its shards and conversations may be
  /// wrong now: shards are claimed again, and each conversation must be woken anew.
  void fail(std::vector<work>& taken, append_outcome outcome) {
    counted_.failed_batches.add(1);
    shards_.clear();
    numbers_.clear();
    for (work& each : taken) {
      if (auto* told = std::get_if<append>(&each)) {
        end_traces(*told, taken.size(), result_of(outcome));
        living_.erase(told->what);
        tell(told->reply_to, appended{outcome, 0});
      } else {
        answer_keep(std::get<keep_work>(each), outcome);
      }
    }
    run_behind();
    if (!waiting_.is_empty()) commit_soon();
  }

  trace_board& traces_;
  quarantine_gate& gate_;
  commit_log& log_;
  wait_meter& commits_;
  reader reader_;
  recorder_tally& counted_;
  turns<work> waiting_{limits::tenant_turn_bytes};
  std::unordered_map<conversation_name, living> living_;
  /// Cursor writes that are queued or under way, by conversation.
  std::unordered_map<conversation_name, std::size_t> keeps_;
  std::unordered_map<shard_id, claimed_shard> shards_;
  std::unordered_map<tenant_id, std::uint64_t> numbers_;
  std::vector<std::pair<conversation_name, std::function<void()>>> behind_;
  std::uint64_t lives_count_ = 0;
  /// Of the append that came last; null, unless it is traced.
  span_ptr at_work_;
  bool is_commit_due_ = false;
  bool is_committing_ = false;
};

}  // namespace

recorder_actor spawn_recorder(caf::actor_system& system, placement where, switchboard& board) {
  return spawn_on<recorder_state>(system, where, board);
}

}  // namespace frontdesk
