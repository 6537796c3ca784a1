#include "actors/pinned_actor.hpp"

#include "tests/actors/puppet.hpp"
#include "tests/actors/virtual_desk.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace frontdesk {
namespace {

using frontdesk::stays_on_its_node;
using namespace std::chrono_literals;

struct note {
  std::string text;
  std::shared_ptr<const std::string> shared;
  std::variant<int, std::string> either;
};
struct count_notes {};
struct notes_count {
  int value = 0;
  std::vector<note> notes;
};
struct fail {
  std::string why;
};
struct keep_silent {};
struct refuse {};

using notebook_actor =
    caf::typed_actor<caf::reacts_to<note>, caf::replies_to<count_notes>::with<notes_count>,
                     caf::reacts_to<fail>, caf::replies_to<keep_silent>::with<notes_count>,
                     caf::replies_to<refuse>::with<notes_count>>;

class notebook_state final : public pinned_actor<notebook_actor::base> {
 public:
  using pinned_actor::pinned_actor;
  const char* name() const override { return "notebook"; }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](note& written) { notes_.push_back(std::move(written)); },
        [this](count_notes) {
          return notes_count{static_cast<int>(notes_.size()), notes_};
        },
        [](const fail& how) { throw std::runtime_error(how.why); },
        [this](keep_silent) { return make_response_promise<notes_count>(); },
        [](refuse) -> caf::result<notes_count> { return caf::sec::invalid_argument; },
    };
  }

 private:
  std::vector<note> notes_;
};

struct go {};
constexpr placement anywhere{worker_kind::io, 0};

class PinnedActor : public virtual_desk_test {
 protected:
  notebook_actor notebook() { return spawn_on<notebook_state>(system(), anywhere); }
  caf::actor play(puppet::script script) {
    return spawn_on<puppet>(system(), anywhere, std::move(script));
  }
  /// A puppet that does this when it starts, and then stays.
  caf::actor does(std::function<void(puppet&)> what) {
    auto actor = play([what](puppet& self) {
      what(self);
      return caf::behavior{[](go) {}};
    });
    settle();
    return actor;
  }
};

// ---- Messages.

TEST_F(PinnedActor, TakesAnyStructOfOursAsAMessage) {
  auto target = notebook();
  auto shared = std::make_shared<const std::string>("shared");

  tell(target, note{"hello", shared, std::string{"either"}});

  auto answer = ask<notes_count>(target, count_notes{});
  ASSERT_EQ(answer.value, 1);
  EXPECT_EQ(answer.notes.at(0).shared, shared);
  EXPECT_EQ(std::get<std::string>(answer.notes.at(0).either), "either");
}

TEST_F(PinnedActor, DropsAMessageThatItDoesNotKnow) {
  auto target = does([](puppet&) {});
  auto told = does([&](puppet& self) { self.tell(target, count_notes{}); });

  EXPECT_FALSE(has_ended(target));
  EXPECT_FALSE(has_ended(told));
  EXPECT_EQ(failures().ignored_errors_count(), 0U);
}

TEST_F(PinnedActor, AnswersAnUnknownRequestWithAnError) {
  auto target = does([](puppet&) {});
  caf::error got;
  does([&](puppet& self) {
    self.ask(target, 1s, count_notes{}).then([](int) {}, [&](const caf::error& why) { got = why; });
  });

  EXPECT_EQ(got, caf::sec::unexpected_message);
}

TEST_F(PinnedActor, SurvivesAndCountsAnErrorThatAnswersAPlainSend) {
  auto target = notebook();
  auto sender = does([&](puppet& self) { self.tell(target, refuse{}); });

  EXPECT_FALSE(has_ended(sender));
  EXPECT_EQ(failures().ignored_errors_count(), 1U);
}

TEST_F(PinnedActor, TellsNobodyWithoutComplaint) {
  auto sender = does([](puppet& self) { self.tell(notebook_actor{}, note{}); });
  EXPECT_FALSE(has_ended(sender));
}

// ---- Failures.

TEST_F(PinnedActor, EndsWithAReasonWhenAHandlerThrows) {
  auto target = notebook();
  tell(target, fail{"torn page"});

  EXPECT_EQ(reason_of_end(target), caf::sec::runtime_error);
  ASSERT_EQ(failed().size(), 1U);
  EXPECT_EQ(failed().at(0).actor, "notebook");
  EXPECT_EQ(failed().at(0).id, target.id());
  EXPECT_EQ(failed().at(0).what, "torn page");
}

TEST_F(PinnedActor, NamesTheExceptionInTheReason) {
  auto target = notebook();
  tell(target, fail{"torn page"});

  EXPECT_NE(system().render(reason_of_end(target)).find("torn page"), std::string::npos);
}

TEST_F(PinnedActor, EndsWithAReasonWhenItsBehaviorCannotBeMade) {
  auto target = play([](puppet&) -> caf::behavior { throw std::runtime_error("no ink"); });

  EXPECT_EQ(reason_of_end(target), caf::sec::runtime_error);
  ASSERT_EQ(failed().size(), 1U);
  EXPECT_EQ(failed().at(0).what, "no ink");
}

TEST_F(PinnedActor, ReportsWhatItsLastCallThrows) {
  auto target =
      does([](puppet& self) { self.stopped = [] { throw std::runtime_error("cannot close"); }; });

  stop(target);

  EXPECT_EQ(reason_of_end(target), caf::exit_reason::user_shutdown);
  ASSERT_EQ(failed().size(), 1U);
  EXPECT_EQ(failed().at(0).what, "cannot close");
}

TEST_F(PinnedActor, ReportsWhatIsNotAnException) {
  auto target = play([](puppet&) -> caf::behavior { throw 42; });

  EXPECT_EQ(reason_of_end(target), caf::sec::runtime_error);
  ASSERT_EQ(failed().size(), 1U);
  EXPECT_EQ(failed().at(0).what, "not a std::exception");
}

// ---- Ends.

TEST_F(PinnedActor, EndsWithTheReasonThatItIsAskedToEndWith) {
  auto target = notebook();
  stop(target, caf::sec::invalid_argument);
  EXPECT_EQ(reason_of_end(target), caf::sec::invalid_argument);
}

TEST_F(PinnedActor, EndsWhenNobodyRefersToItAndMaySayALastWord) {
  auto heir = notebook();
  auto target = does([&](puppet& self) { self.stopped = [&] { self.tell(heir, note{}); }; });

  target = nullptr;

  EXPECT_EQ(ask<notes_count>(heir, count_notes{}).value, 1);
}

TEST_F(PinnedActor, MayEndLaterThanItIsAskedTo) {
  auto target = does([](puppet& self) {
    self.wish = [&self](caf::exit_msg&) { self.remind(1s, caf::exit_msg{}); };
  });

  stop(target);

  EXPECT_FALSE(has_ended(target));
}

TEST_F(PinnedActor, CannotTrapBeingKilled) {
  bool has_stopped = false;
  auto target = does([&](puppet& self) {
    self.wish = [](caf::exit_msg&) {};
    self.stopped = [&] { has_stopped = true; };
  });

  stop(target, caf::exit_reason::kill);

  EXPECT_EQ(reason_of_end(target), caf::exit_reason::kill);
  EXPECT_TRUE(has_stopped);
}

TEST_F(PinnedActor, HearsOfTheEndOfWhomItMonitors) {
  auto target = notebook();
  caf::error reason;
  auto watcher = does([&](puppet& self) {
    self.down = [&](caf::down_msg& message) { reason = message.reason; };
    self.monitor(target);
  });

  tell(target, fail{"torn page"});
  settle();

  EXPECT_EQ(reason, caf::sec::runtime_error);
}

// ---- Questions.

TEST_F(PinnedActor, GetsTheAnswerAndCancelsTheTimeout) {
  auto target = notebook();
  int got = -1;
  does([&](puppet& self) {
    self.ask(target, 1s, count_notes{})
        .then([&](const notes_count& answer) { got = answer.value; },
              [](const caf::error&) { ADD_FAILURE(); });
  });

  EXPECT_EQ(got, 0);
  EXPECT_EQ(timers_pending(), 0U);
}

TEST_F(PinnedActor, GetsAnEmptyAnswerForAMessageWithoutOne) {
  auto target = notebook();
  bool has_answer = false;
  does([&](puppet& self) {
    self.ask(target, 1s, note{})
        .then([&] { has_answer = true; }, [](const caf::error&) { ADD_FAILURE(); });
  });

  EXPECT_TRUE(has_answer);
  EXPECT_EQ(timers_pending(), 0U);
}

/// What a puppet hears that asks this of a notebook, after some time.
struct outcome {
  caf::error fault;
  std::size_t calls_count = 0;
};

TEST_F(PinnedActor, LearnsOfAnErrorAndCancelsTheTimeout) {
  auto target = notebook();
  outcome heard;
  auto asker = does([&](puppet& self) {
    self.ask(target, 1s, refuse{})
        .then([](const notes_count&) { ADD_FAILURE(); },
              [&](const caf::error& why) {
                heard = {why, heard.calls_count + 1};
              });
  });

  EXPECT_EQ(heard.fault, caf::sec::invalid_argument);
  EXPECT_EQ(timers_pending(), 0U);
  EXPECT_FALSE(has_ended(asker));
}

TEST_F(PinnedActor, WaitsNoLongerThanItsPatience) {
  auto target = notebook();
  outcome heard;
  auto asker = does([&](puppet& self) {
    self.ask(target, 1s, keep_silent{})
        .then([](const notes_count&) { ADD_FAILURE(); },
              [&](const caf::error& why) {
                heard = {why, heard.calls_count + 1};
              });
  });

  advance(999ms);
  EXPECT_EQ(heard.calls_count, 0U);
  advance(1ms);

  EXPECT_EQ(heard.fault, caf::sec::request_timeout);
  EXPECT_EQ(heard.calls_count, 1U);
  EXPECT_FALSE(has_ended(asker));
}

TEST_F(PinnedActor, LearnsAtOnceThatTheReceiverIsGone) {
  auto target = notebook();
  stop(target);
  outcome heard;
  does([&](puppet& self) {
    self.ask(target, 1s, count_notes{})
        .then([](const notes_count&) { ADD_FAILURE(); },
              [&](const caf::error& why) {
                heard = {why, heard.calls_count + 1};
              });
  });

  EXPECT_EQ(heard.fault, caf::sec::request_receiver_down);
  EXPECT_EQ(timers_pending(), 0U);
}

TEST_F(PinnedActor, LearnsThatItAskedNobody) {
  outcome heard;
  does([&](puppet& self) {
    self.ask(notebook_actor{}, 1s, count_notes{})
        .then([](const notes_count&) { ADD_FAILURE(); },
              [&](const caf::error& why) {
                heard = {why, heard.calls_count + 1};
              });
  });

  EXPECT_EQ(heard.fault, caf::sec::invalid_argument);
}

TEST_F(PinnedActor, EndsAlthoughItAsksAfterItHasQuit) {
  auto target = notebook();
  auto asker = does([&](puppet& self) {
    self.quit(caf::exit_reason::user_shutdown);
    self.ask(target, 1s, keep_silent{}).then([](const notes_count&) {}, [](const caf::error&) {});
    self.remind(1s, go{});
  });

  EXPECT_TRUE(has_ended(asker));
  EXPECT_EQ(timers_pending(), 0U);
}

TEST_F(PinnedActor, CancelsItsQuestionsWhenItEnds) {
  auto target = notebook();
  auto asker = does([&](puppet& self) {
    self.ask(target, 1h, keep_silent{}).then([](const notes_count&) {}, [](const caf::error&) {});
  });
  ASSERT_EQ(timers_pending(), 1U);

  stop(asker);

  EXPECT_EQ(timers_pending(), 0U);
}

// ---- Reminders.

TEST_F(PinnedActor, IsRemindedWhenItIsTimeAndNotBefore) {
  std::vector<std::string> heard;
  play([&](puppet& self) {
    self.remind(2s, std::string{"second"});
    self.remind(1s, std::string{"first"});
    return caf::behavior{[&](const std::string& what) { heard.push_back(what); }};
  });

  advance(999ms);
  EXPECT_TRUE(heard.empty());
  advance(1ms);
  EXPECT_EQ(heard, (std::vector<std::string>{"first"}));
  advance(1s);
  EXPECT_EQ(heard, (std::vector<std::string>{"first", "second"}));
}

TEST_F(PinnedActor, ForgetsAReminder) {
  bool was_reminded = false;
  play([&](puppet& self) {
    auto which = self.remind(1s, go{});
    self.forget(which);
    self.forget(which);
    return caf::behavior{[&](go) { was_reminded = true; }};
  });

  settle();
  EXPECT_EQ(timers_pending(), 0U);
  advance(2s);

  EXPECT_FALSE(was_reminded);
}

TEST_F(PinnedActor, TakesItsRemindersAlongWhenItEnds) {
  auto target = does([](puppet& self) { self.remind(1h, go{}); });
  ASSERT_EQ(timers_pending(), 1U);

  stop(target);

  EXPECT_EQ(timers_pending(), 0U);
}

TEST_F(PinnedActor, ReadsTheTimeFromTheVirtualClock) {
  std::vector<moment> read;
  auto reader =
      play([&](puppet& self) { return caf::behavior{[&](go) { read.push_back(self.now()); }}; });

  tell(reader, go{});
  advance(3h);
  tell(reader, go{});
  settle();

  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read.at(1) - read.at(0), 3h);
}

}  // namespace
}  // namespace frontdesk
