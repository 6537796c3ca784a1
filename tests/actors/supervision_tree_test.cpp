#include "actors/supervision_tree.hpp"

#include "storage/local_log.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/desk_actors.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// A store that throws, which no store may; so whoever uses it ends.
class throwing_store final : public store {
 public:
  fault_or<std::optional<std::string>> get(family where, std::string_view key) override {
    return sound().get(where, key);
  }
  fault_or<done> scan(const key_range& range, const row_visitor& row) override {
    return sound().scan(range, row);
  }
  fault_or<done> write_all(const write_set& rows, durability how) override {
    return sound().write_all(rows, how);
  }
  bool is_healthy() const override { return true; }

  bool throws = false;

 private:
  memory_store& sound() {
    if (throws) throw std::runtime_error("no such disk");
    return real_;
  }
  memory_store real_;
};

/// All actors that are there from the beginning, on a virtual desk.
class SupervisionTree : public virtual_desk_test {
 protected:
  SupervisionTree() { board_.name_history("0123456789abcdef0123456789abcdef"); }
  void TearDown() override {
    virtual_desk_test::TearDown();
    board_.close();
  }

  void begins() {
    tree_ = start_supervision_tree(system(), board_, [this](const auto& branch, const auto& why) {
      said_.push_back(branch + ": " + why);
      const auto* registry = caf::actor_cast<caf::abstract_actor*>(board_.registry());
      was_running_then_ = !registry->getf(caf::abstract_actor::is_terminated_flag);
    });
    settle();
  }
  /// The actors that are not supervisors, by kind.
  std::map<caf::actor_id, std::string> living() {
    std::map<caf::actor_id, std::string> found;
    each_actor([&](const caf::strong_actor_ptr& each) {
      auto* actor = dynamic_cast<caf::local_actor*>(caf::actor_cast<caf::abstract_actor*>(each));
      if (actor != nullptr) found[actor->id()] = actor->name();
    });
    return found;
  }
  void fails_to_read() {
    caf::scoped_actor asker{system()};
    asker->send(board_.historian(), read_open{tenant_id{1}});
    advance(50ms);
  }
  static std::vector<std::string> ids_of(const supervised& at) {
    std::vector<std::string> found;
    for (const supervised& each : at.children)
      found.push_back(each.id);
    return found;
  }
  supervised storage() { return board_.supervised().tree().children.at(0); }

  throwing_store rows_;
  std::unique_ptr<commit_log> log_ = make_local_log(rows_, [] { return false; });
  virtual_wall_clock time_{system()};
  trusting_proof proof_;
  switchboard board_{desk_foundation{rows_, *log_, time_, proof_, {}}, desk_settings{}};
  caf::actor tree_;
  std::vector<std::string> said_;
  bool was_running_then_ = false;
};

TEST_F(SupervisionTree, TellsWhoRunsInStartOrder) {
  begins();

  const supervised tree = board_.supervised().tree();
  EXPECT_EQ(tree.id, "node");
  EXPECT_THAT(ids_of(tree),
              ElementsAre("storage", "load", "directory", "quarantine", "audit", "registry"));
  EXPECT_THAT(ids_of(storage()), ElementsAre("recorder", "historian"));
  EXPECT_EQ(storage().how->strategy, restart_strategy::one_for_all);
  EXPECT_EQ(storage().children[0].state, supervised_state::running);
  EXPECT_EQ(storage().children[0].restarts_count, 0U);
}

TEST_F(SupervisionTree, StopsInReverse) {
  begins();
  const auto kinds = living();
  caf::scoped_actor watcher{system()};
  each_actor([&](const caf::strong_actor_ptr& each) { watcher->monitor(each); });

  tell(tree_, caf::exit_msg{tree_.address(), caf::exit_reason::user_shutdown});
  settle();

  std::vector<std::string> ended;
  while (watcher->has_next_message()) {
    watcher->receive(
        [&](const caf::down_msg& down) { ended.push_back(kinds.at(down.source.id())); });
  }
  EXPECT_THAT(ended, ElementsAre("registry", "audit_keeper", "audit", "quarantine_keeper",
                                 "quarantine", "directory_keeper", "directory", "load_shedder",
                                 "load", "historian", "recorder", "storage", "node"));
}

TEST_F(SupervisionTree, BeginsItsStorageAnewAndSaysWhy) {
  begins();
  rows_.throws = true;
  fails_to_read();
  rows_.throws = false;
  advance(1s);

  EXPECT_EQ(storage().children[1].state, supervised_state::running);
  EXPECT_EQ(storage().children[1].restarts_count, 1U);
  EXPECT_EQ(storage().children[0].restarts_count, 1U) << "one for all";
  EXPECT_THAT(storage().children[1].last_failure, HasSubstr("no such disk"));
  EXPECT_EQ(storage().children[1].failures_count, 1U);
  EXPECT_TRUE(said_.empty());
}

TEST_F(SupervisionTree, GivesUpAtOnceWhenABranchFailsTooOften) {
  begins();
  rows_.throws = true;
  for (int i = 0; i < 4; ++i) {
    fails_to_read();
    advance(900ms);
  }

  ASSERT_EQ(said_.size(), 1U);
  EXPECT_THAT(said_[0], HasSubstr("storage: "));
  EXPECT_THAT(said_[0], HasSubstr("no such disk"));
  EXPECT_TRUE(was_running_then_) << "it was told before the others were stopped";
  EXPECT_TRUE(has_ended(tree_));
  EXPECT_EQ(storage().state, supervised_state::ended);
}

}  // namespace
}  // namespace frontdesk
