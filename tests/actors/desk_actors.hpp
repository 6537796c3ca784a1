#pragma once

#include "actors/conversation.hpp"
#include "actors/dispatcher.hpp"
#include "actors/historian.hpp"
#include "actors/person.hpp"
#include "actors/recorder.hpp"
#include "actors/registry.hpp"
#include "storage/apply.hpp"
#include "storage/local_log.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/puppet.hpp"
#include "tests/actors/virtual_desk.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// A desk of which each test chooses the real actors; the others are doubles, which write down
/// what they are told.
namespace frontdesk {

/// Everything that one double was told, in order.
class heard {
 public:
  template <class Fact>
  void note(const Fact& fact) {
    all_.push_back(caf::make_message(fact));
  }

  template <class Fact>
  std::vector<Fact> of() const {
    std::vector<Fact> found;
    for (const caf::message& each : all_) {
      if (each.match_elements<Fact>()) found.push_back(each.get_as<Fact>(0));
    }
    return found;
  }
  template <class Fact>
  std::size_t count() const {
    return of<Fact>().size();
  }
  template <class Fact>
  Fact last() const {
    const auto all = of<Fact>();
    if (!all.empty()) return all.back();
    ADD_FAILURE() << "it was never told";
    return {};
  }
  void forget() { all_.clear(); }

  /// Whether it ends when it is told to leave; otherwise the test ends it.
  bool leaves_at_once = true;

 private:
  std::vector<caf::message> all_;
};

/// Notes every message of its interface, and ends when it is told to leave.
template <class Handle>
class double_actor;

template <class... Signatures>
class double_actor<caf::typed_actor<Signatures...>> final
    : public pinned_actor<typename caf::typed_actor<Signatures...>::base> {
  using handle = caf::typed_actor<Signatures...>;
  using parent = pinned_actor<typename handle::base>;

 public:
  double_actor(caf::actor_config& config, heard& notes) : parent(config), notes_(notes) {}
  const char* name() const override { return "double"; }

 protected:
  typename handle::behavior_type make_behavior() override { return {on<Signatures>()...}; }

 private:
  template <class Signature>
  struct takes;
  template <class Fact, class Answer>
  struct takes<caf::typed_mpi<caf::detail::type_list<Fact>, Answer>> {
    using type = Fact;
  };

  template <class Signature>
  auto on() {
    using fact = typename takes<Signature>::type;
    return [this](const fact& told) {
      notes_.note(told);
      if constexpr (std::is_same_v<fact, leave>) {
        if (notes_.leaves_at_once) this->quit();
      }
    };
  }

  heard& notes_;
};

/// The local log, which can be told to fail the next append, or to keep it under way.
class moody_log final : public commit_log {
 public:
  explicit moody_log(std::unique_ptr<commit_log> real) : real_(std::move(real)) {}

  fault_or<claimed_shard> claim(shard_id shard) override { return real_->claim(shard); }
  void append(std::vector<log_entry> entries, completion done) override {
    ++appends_count;
    if (fails) return done(*std::exchange(fails, std::nullopt));
    if (!is_slow) return real_->append(std::move(entries), std::move(done));
    under_way_ = [this, entries = std::move(entries), done = std::move(done)]() mutable {
      real_->append(std::move(entries), std::move(done));
    };
  }
  void trim(shard_id shard, log_index last) override { real_->trim(shard, last); }

  /// What is under way ends now.
  void finish() {
    is_slow = false;
    if (auto end = std::exchange(under_way_, {})) end();
  }

  std::size_t appends_count = 0;
  std::optional<append_outcome> fails;
  bool is_slow = false;

 private:
  std::unique_ptr<commit_log> real_;
  std::function<void()> under_way_;
};

/// Takes a token for whom it names.
class trusting_proof final : public authenticator {
 public:
  fault_or<identity> identify(std::string_view token, const directory& known,
                              timestamp now) const override {
    const auto who = person_from_text(token);
    if (!who) return fault_code::bad_token;
    identity proven;
    proven.who = {tenant_id{1}, *who};
    proven.inbox = inbox_id{1};
    proven.team = team_id{1};
    proven.expires_at = timestamp{now.value + 24LL * 3600 * 1000};
    if (const agent* is = known.find(proven.who)) proven.name = is->name;
    return proven;
  }
};

class desk_actors_test : public virtual_desk_test {
 protected:
  static constexpr tenant_id shop{1};
  static constexpr inbox_id door{1};
  static constexpr team_id team{1};
  static constexpr person_id ada{person_kind::visitor, 1};
  static constexpr person_id bob{person_kind::agent, 1};
  static constexpr person_id cyd{person_kind::agent, 2};
  static constexpr device_id phone{1, 1};
  const named_person bob_himself{bob, "Bob"};
  const named_person the_desk{the_system, {}};

  desk_actors_test() {
    stock_directory();
    board_.serve(spawn_recorder(system(), {worker_kind::storage, 0}, board_));
    board_.serve(spawn_historian(system(), {worker_kind::storage, 0}, board_));
    board_.serve(spawn_registry(system(), {worker_kind::io, 0}, board_, makers()));
    board_.name_history("0123456789abcdef0123456789abcdef");
  }
  void TearDown() override {
    virtual_desk_test::TearDown();
    board_.close();
  }

  /// The append that was kept under way ends now. The recorder has no turn at this moment, and so
  /// no worker that would carry on what it tells.
  void finish_commit() {
    inside<caf::local_actor>(recorder()).context(nullptr);
    log_.finish();
    settle();
  }

  recorder_actor recorder() { return board_.recorder(); }
  registry_actor registry() { return board_.registry(); }

  static conversation_id talk_of(person_id visitor, std::uint32_t ordinal = 1) {
    return opening_id({shop, visitor}, door, ordinal);
  }
  static say first_words(person_id visitor, std::uint64_t n, std::string text) {
    say wish;
    wish.what.conversation = talk_of(visitor);
    wish.what.author = visitor;
    wish.what.device = phone;
    wish.what.n = post_number{n};
    wish.what.text = std::move(text);
    wish.author_name = "Ada";
    wish.opens = opening{door, team, 1};
    wish.reopen_window_s = 3600;
    return wish;
  }

  template <class Wish>
  void to_talk(conversation_id id, Wish wish) {
    tell(registry(), to_conversation{{shop, id}, 0, caf::make_message(std::move(wish))});
  }
  template <class Wish>
  void to_one(person_id who, Wish wish, bool wakes = true) {
    tell(registry(), to_person{{shop, who}, wakes, 0, caf::make_message(std::move(wish))});
  }
  template <class Fact>
  void to_team(Fact fact) {
    tell(registry(), to_dispatcher{shop, team, caf::make_message(std::move(fact))});
  }
  /// Makes a person's double, so that somebody hears what is told to that person.
  void is_here(person_id who) {
    to_one(who, announce{});
    settle();
  }
  actors_counted counted() { return ask<actors_counted>(registry(), count_actors{}); }
  head head_of(conversation_id id) { return reader{rows_}.read_head({shop, id}).value(); }

  heard& heard_by(person_id who) { return persons_[{shop, who}]; }
  heard& heard_by(const person_name& who) { return persons_[who]; }
  heard& heard_by(conversation_id which) { return conversations_[{shop, which}]; }
  heard& heard_by_team() { return dispatchers_; }

  bool has_conversations_ = false;
  bool has_persons_ = false;
  bool has_dispatchers_ = false;
  desk_settings settings_{};
  memory_store rows_;
  moody_log log_{make_local_log(rows_, [] { return false; })};
  virtual_wall_clock time_{system()};
  trusting_proof proof_;
  /// What the machine says to the load shedder, and what that said.
  host_load host_;
  std::vector<tier_change> tier_changes_;
  std::vector<quarantined> told_quarantined_;
  switchboard board_{foundation(), settings_};
  std::vector<conversation_actor> made_conversations_;
  std::vector<person_actor> made_persons_;
  std::vector<dispatcher_actor> made_dispatchers_;

 private:
  desk_foundation foundation() {
    desk_foundation made{rows_, log_, time_, proof_, {}};
    made.host = [this] { return host_; };
    made.on_quarantined = [this](const quarantined& what) { told_quarantined_.push_back(what); };
    made.on_tier = [this](const tier_change& change) { tier_changes_.push_back(change); };
    return made;
  }

  void stock_directory() {
    batch stock;
    tenant company;
    company.id = shop;
    company.name = "shop";
    stock.records.emplace_back(company);
    inbox entry;
    entry.tenant = shop;
    entry.id = door;
    entry.team = team;
    entry.widget_key = "shop";
    stock.records.emplace_back(entry);
    for (const auto& [id, called] : {std::pair{bob, "Bob"}, std::pair{cyd, "Cyd"}}) {
      agent one;
      one.tenant = shop;
      one.id = id;
      one.team = team;
      one.email = called;
      one.name = called;
      one.capacity = 2;
      stock.records.emplace_back(one);
    }
    ASSERT_TRUE(rows_.write_all(apply(stock), durability::synced).ok());
    auto known = reader{rows_}.read_directory();
    board_.publish(std::make_shared<const directory>(std::move(known.value())));
  }

  registry_makers makers() {
    registry_makers made;
    made.conversation = [this](placement where, const conversation_name& name) {
      auto& notes = conversations_[name];
      made_conversations_.push_back(
          has_conversations_ ? spawn_conversation(system(), where, board_, name)
                             : conversation_actor{spawn_on<double_actor<conversation_actor>>(
                                   system(), where, notes)});
      return made_conversations_.back();
    };
    made.person = [this](placement where, const person_name& name) {
      auto& notes = persons_[name];
      made_persons_.push_back(has_persons_ ? spawn_person(system(), where, board_, name)
                                           : person_actor{spawn_on<double_actor<person_actor>>(
                                                 system(), where, notes)});
      return made_persons_.back();
    };
    made.dispatcher = [this](tenant_id whose, team_id which) {
      const placement where{worker_kind::io, 0};
      made_dispatchers_.push_back(has_dispatchers_
                                      ? spawn_dispatcher(system(), where, board_, whose, which)
                                      : dispatcher_actor{spawn_on<double_actor<dispatcher_actor>>(
                                            system(), where, dispatchers_)});
      return made_dispatchers_.back();
    };
    return made;
  }

  std::map<conversation_name, heard> conversations_;
  std::map<person_name, heard> persons_;
  heard dispatchers_;
};

}  // namespace frontdesk
