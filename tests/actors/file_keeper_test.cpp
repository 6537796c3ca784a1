#include "actors/file_keeper.hpp"

#include "actors/connection.hpp"
#include "model/limits.hpp"
#include "storage/file_store.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>

#include <string>
#include <variant>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::string_view words = "Dear desk, here is my letter.";
constexpr person_id eve{person_kind::visitor, 2};

/// A keeper over a real folder, real conversations, and a second switchboard that knows of files.
class FileKeeper : public desk_actors_test {
 protected:
  FileKeeper() {
    has_conversations_ = true;
    has_persons_ = true;
    settings_.file_bytes_max = 1000;
  }

  void SetUp() override {
    opens_store();
    desk_foundation foundation{rows_, log_, time_, proof_, {}};
    foundation.files = store_.get();
    files_board_ = std::make_unique<switchboard>(foundation, settings_);
    files_board_->serve(board_.registry());
    files_board_->serve(board_.historian());
    files_board_->publish(board_.directory_now());
    files_board_->name_history(board_.history());
    starts_keeper();
  }
  void TearDown() override {
    port_.reset();
    keeper_ = file_keeper_actor{};
    desk_actors_test::TearDown();
    files_board_->close();
  }

  void opens_store() {
    file_store::options how;
    how.folder = folder_.path("files");
    how.boot = "monday";
    how.is_short = [this] { return is_short_; };
    store_ = std::move(file_store::open(how)).value();
  }
  void starts_keeper() {
    keeper_ = spawn_file_keeper(system(), {worker_kind::files, 0}, *files_board_);
    files_board_->serve(keeper_);
    settle();
  }
  /// As after the end of the process; the store is opened where it lies.
  void restarts_keeper() {
    stop(keeper_);
    starts_keeper();
  }

  identity as(person_id who) {
    return proof_.identify(to_text(who), *board_.directory_now(), time_.now()).value();
  }
  fault_or<file_told> asks(person_id who, file_wish what) {
    fault_or<file_told> answer{fault_code::internal};
    auto reply = std::make_shared<file_reply>([&](fault_or<file_told> told) { answer = told; });
    tell(keeper_, file_order{as(who), std::move(what), std::move(reply)});
    settle();
    return answer;
  }
  template <class Told>
  static fault_code code_of(const Told& answer) {
    return answer ? fault_code::none : answer.error().code;
  }

  fault_or<file_told> begins(person_id who, conversation_id where, track on = track::visible,
                             std::uint64_t bytes = words.size()) {
    return asks(who, begin_upload{where, on, "C:\\letters\\letter.txt", "", bytes, 0, 0});
  }
  file_id uploaded(person_id who, conversation_id where, track on = track::visible) {
    const auto begun = begins(who, where, on);
    EXPECT_EQ(code_of(begun), fault_code::none);
    const file_id id = std::get<upload_state>(begun.value()).file;
    const auto put = asks(who, append_upload{{where, id}, 0, std::string(words)});
    EXPECT_EQ(code_of(put), fault_code::none);
    return id;
  }
  file_taken takes(person_id who, conversation_id where, file_id id, std::uint64_t n,
                   track on = track::visible) {
    return ask<file_taken>(keeper_, take_file{{shop, who}, where, on, phone, post_number{n}, id});
  }
  /// Says it in the conversation, as a connection would.
  void says(person_id who, file_id id, std::uint64_t n, track on = track::visible) {
    say wish = first_words(ada, n, "");
    if (who.is_agent()) wish.opens.reset();
    wish.what.author = who;
    wish.what.where = on;
    const file_taken taken = takes(who, talk_, id, n, on);
    ASSERT_EQ(taken.refusal, fault_code::none);
    wish.what.file = taken.what;
    to_talk(talk_, wish);
    settle();
  }
  fault_code reads(person_id who, file_id id, conversation_id where = talk_of(ada)) {
    return code_of(asks(who, open_file{{where, id}, false}));
  }
  void ada_opens() {
    to_talk(talk_, first_words(ada, 1, "hello?"));
    settle();
  }

  const conversation_id talk_ = talk_of(ada);
  temp_folder folder_;
  bool is_short_ = false;
  std::unique_ptr<file_store> store_;
  std::unique_ptr<switchboard> files_board_;
  file_keeper_actor keeper_;
  std::shared_ptr<connection_port> port_;
};

TEST_F(FileKeeper, TakesAFileForTheConversationThatWouldOpenNext) {
  EXPECT_EQ(code_of(begins(ada, talk_)), fault_code::none);
  EXPECT_EQ(code_of(begins(ada, talk_of(ada, 2))), fault_code::unknown_conversation);
  EXPECT_EQ(code_of(begins(eve, talk_)), fault_code::unknown_conversation);
  EXPECT_EQ(code_of(begins(bob, talk_)), fault_code::unknown_conversation);
}

TEST_F(FileKeeper, TakesAFileOnlyOfThoseWhoAreInTheConversation) {
  ada_opens();

  EXPECT_EQ(code_of(begins(ada, talk_)), fault_code::none);
  EXPECT_EQ(code_of(begins(bob, talk_)), fault_code::none);
  EXPECT_EQ(code_of(begins(eve, talk_)), fault_code::unknown_conversation);
  EXPECT_EQ(code_of(begins(ada, talk_of(ada, 2))), fault_code::unknown_conversation);
  EXPECT_EQ(code_of(begins(ada, talk_, track::internal)), fault_code::forbidden);
}

TEST_F(FileKeeper, RefusesAtTheBeginningWhatCannotBe) {
  EXPECT_EQ(code_of(begins(ada, talk_, track::visible, 1001)), fault_code::too_large);
  EXPECT_EQ(code_of(begins(ada, talk_, track::visible, 0)), fault_code::bad_value);
  EXPECT_EQ(code_of(asks(ada, begin_upload{talk_, track::visible, "a/", "", 1, 0, 0})),
            fault_code::bad_value);
  EXPECT_EQ(code_of(asks(ada, begin_upload{talk_, track::visible, "a.htm", "text/html", 1, 0, 0})),
            fault_code::file_type);
  is_short_ = true;
  EXPECT_EQ(code_of(begins(ada, talk_)), fault_code::storage_full);
}

TEST_F(FileKeeper, SaysWhereAnUploadGoesOn) {
  const file_id id = std::get<upload_state>(begins(ada, talk_).value()).file;
  ASSERT_TRUE(asks(ada, append_upload{{talk_, id}, 0, "Dear"}));

  const auto again = asks(ada, append_upload{{talk_, id}, 0, "Dear"});
  EXPECT_TRUE(std::get<upload_state>(again.value()).is_elsewhere);
  restarts_keeper();
  const auto state = asks(ada, ask_file{{talk_, id}});

  EXPECT_EQ(std::get<upload_state>(state.value()).offset, 4U);
  EXPECT_EQ(code_of(asks(ada, append_upload{{talk_, id}, 4, std::string(words)})),
            fault_code::too_large);
  EXPECT_EQ(code_of(asks(eve, ask_file{{talk_, id}})), fault_code::unknown_file);
}

TEST_F(FileKeeper, FinishesAnUploadWhoseLastByteCameJustBeforeTheEnd) {
  const file_id id = std::get<upload_state>(begins(ada, talk_).value()).file;
  ASSERT_TRUE(store_->append(store_->unposted().value().front().file, 0, words));
  restarts_keeper();

  const auto state = asks(ada, ask_file{{talk_, id}});

  EXPECT_EQ(std::get<upload_state>(state.value()).offset, words.size());
  EXPECT_EQ(reads(ada, id), fault_code::none);
}

TEST_F(FileKeeper, ShowsAFileToNobodyBeforeItIsPosted) {
  ada_opens();
  const file_id id = uploaded(ada, talk_);

  EXPECT_EQ(reads(ada, id), fault_code::none);
  EXPECT_EQ(reads(bob, id), fault_code::unknown_file);
  EXPECT_EQ(takes(ada, talk_, id, 2).refusal, fault_code::none);
  EXPECT_EQ(reads(bob, id), fault_code::unknown_file);

  says(ada, id, 2);
  EXPECT_EQ(reads(bob, id), fault_code::none);
  EXPECT_EQ(reads(ada, id), fault_code::none);
  EXPECT_EQ(reads(eve, id), fault_code::unknown_file);
  EXPECT_EQ(reads(bob, id, talk_of(eve)), fault_code::unknown_file);
}

TEST_F(FileKeeper, ShowsAFileOfANoteToAgentsOnly) {
  ada_opens();
  const file_id id = uploaded(bob, talk_, track::internal);
  says(bob, id, 1, track::internal);

  EXPECT_EQ(reads(cyd, id), fault_code::none);
  EXPECT_EQ(reads(ada, id), fault_code::unknown_file);
  EXPECT_EQ(code_of(asks(ada, open_file{{talk_, id}, true})), fault_code::unknown_file);
  EXPECT_EQ(code_of(asks(ada, ask_file{{talk_, id}})), fault_code::unknown_file);
}

TEST_F(FileKeeper, KnowsWhatWasPostedAfterARestart) {
  ada_opens();
  const file_id id = uploaded(ada, talk_);
  says(ada, id, 2);
  restarts_keeper();

  EXPECT_EQ(reads(bob, id), fault_code::none);
  EXPECT_EQ(takes(ada, talk_, id, 2).refusal, fault_code::none);
  EXPECT_EQ(takes(ada, talk_, id, 3).refusal, fault_code::unknown_file);
}

TEST_F(FileKeeper, GivesAFileToOnePostOnly) {
  ada_opens();
  const file_id id = uploaded(ada, talk_);

  EXPECT_EQ(takes(bob, talk_, id, 1).refusal, fault_code::unknown_file);
  EXPECT_EQ(takes(ada, talk_, id, 2, track::internal).refusal, fault_code::unknown_file);
  EXPECT_EQ(takes(ada, talk_of(eve), id, 2).refusal, fault_code::unknown_file);
  const file_taken taken = takes(ada, talk_, id, 2);
  EXPECT_EQ(taken.what.name, "letter.txt");
  EXPECT_EQ(taken.what.type, "text/plain");
  EXPECT_EQ(takes(ada, talk_, id, 2).what, taken.what);
  // Whether the first has come, is not known yet.
  EXPECT_EQ(takes(ada, talk_, id, 3).refusal, fault_code::busy);
}

/// The first never reached its conversation; its device is another one now, perhaps.
TEST_F(FileKeeper, GivesAFileToTheNextPostIfTheFirstNeverComes) {
  ada_opens();
  const file_id id = uploaded(ada, talk_);
  ASSERT_EQ(takes(ada, talk_, id, 7).refusal, fault_code::none);
  EXPECT_EQ(takes(ada, talk_, id, 2).refusal, fault_code::busy);

  advance(limits::post_answer_max + limits::answer_max);

  EXPECT_EQ(takes(ada, talk_, id, 2).refusal, fault_code::none);
}

TEST_F(FileKeeper, GivesAFileToTheNextPostIfTheFirstWasRefused) {
  ada_opens();
  const file_id id = uploaded(ada, talk_);
  ASSERT_EQ(takes(ada, talk_, id, 2).refusal, fault_code::none);
  say refused = first_words(ada, 2, "");
  refused.what.refused = fault_code::text_not_clean;
  to_talk(talk_, refused);
  settle();

  says(ada, id, 3);

  EXPECT_EQ(reads(bob, id), fault_code::none);
  EXPECT_EQ(takes(ada, talk_, id, 4).refusal, fault_code::unknown_file);
}

TEST_F(FileKeeper, GivesNoUploadToAPostThatIsNotComplete) {
  const file_id id = std::get<upload_state>(begins(ada, talk_).value()).file;

  EXPECT_EQ(takes(ada, talk_, id, 1).refusal, fault_code::unknown_file);
}

TEST_F(FileKeeper, ForgetsTheFileOfADeletedMessage) {
  ada_opens();
  const file_id id = uploaded(ada, talk_);
  says(ada, id, 2);
  ASSERT_EQ(reads(bob, id), fault_code::none);

  tell(keeper_, drop_file{{shop, talk_}, id});
  settle();

  EXPECT_EQ(reads(bob, id), fault_code::unknown_file);
  EXPECT_TRUE(store_->some_posted(10).empty());
}

TEST_F(FileKeeper, FindsOutThatAMessageWasDeleted) {
  ada_opens();
  const file_id id = uploaded(ada, talk_);
  says(ada, id, 2);
  ASSERT_EQ(reads(bob, id), fault_code::none);
  say end = first_words(ada, 3, "");
  end.what.deletes = head_of(talk_).visible;
  to_talk(talk_, end);
  settle();

  advance(limits::upload_sweep * 2);

  EXPECT_TRUE(store_->some_posted(10).empty());
}

TEST_F(FileKeeper, DropsWhatWasNotPostedWithinADay) {
  ada_opens();
  const file_id left = uploaded(ada, talk_);
  const file_id said = uploaded(ada, talk_);
  says(ada, said, 2);

  advance(limits::upload_life + 2 * limits::upload_sweep);

  EXPECT_EQ(reads(ada, left), fault_code::unknown_file);
  EXPECT_EQ(reads(ada, said), fault_code::none);
  EXPECT_TRUE(store_->unposted().value().empty());
}

TEST_F(FileKeeper, BoundsWhatAPersonHasNotPosted) {
  ada_opens();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(code_of(begins(ada, talk_, track::visible, 1000)), fault_code::none);
  }
  EXPECT_EQ(code_of(begins(ada, talk_, track::visible, 1)), fault_code::rate_limited);
  EXPECT_EQ(code_of(begins(bob, talk_, track::visible, 1)), fault_code::none);
}

TEST_F(FileKeeper, GivesRoomBackForWhatWasPostedOrGivenUp) {
  ada_opens();
  std::vector<file_id> ids;
  for (std::size_t i = 0; i < limits::uploads_per_person_max; ++i) {
    ids.push_back(uploaded(ada, talk_));
  }
  ASSERT_EQ(code_of(begins(ada, talk_)), fault_code::rate_limited);

  says(ada, ids[0], 2);
  EXPECT_EQ(code_of(begins(ada, talk_)), fault_code::none);
  EXPECT_EQ(code_of(begins(ada, talk_)), fault_code::rate_limited);
  EXPECT_EQ(code_of(asks(eve, give_up_upload{{talk_, ids[1]}})), fault_code::unknown_file);
  EXPECT_EQ(code_of(asks(ada, give_up_upload{{talk_, ids[1]}})), fault_code::none);
  EXPECT_EQ(code_of(begins(ada, talk_)), fault_code::none);
}

TEST_F(FileKeeper, AnswersAlsoThoseWhomItLeaves) {
  fault_code told = fault_code::none;
  auto reply = std::make_shared<file_reply>([&](const auto& answer) { told = code_of(answer); });
  stop(keeper_);

  tell(keeper_, file_order{as(ada), ask_file{{talk_, file_id{1, 1}}}, std::move(reply)});
  settle();

  EXPECT_EQ(told, fault_code::busy);
}

// ---- Posts of a connection.

class FilePost : public FileKeeper {
 protected:
  void comes() {
    wire_ = std::make_shared<paper_wire>();
    port_ =
        spawn_connection(system(), {worker_kind::io, 0}, *files_board_, connection_id{1}, wire_);
    settle();
    hears(
        fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(ada), to_text(phone)));
  }
  void hears(const std::string& frame) {
    port_->on_frame(frame);
    settle();
  }
  std::string post(std::uint64_t n, file_id id, const std::string& more = "") const {
    return fmt::format(R"({{"t":"post","conversation":"{}","n":{},"file":"{}"{}}})", to_text(talk_),
                       n, to_text(id), more);
  }
  std::string text(std::uint64_t n) const {
    return fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"text {}"}})",
                       to_text(talk_), n, n);
  }
  std::vector<event> recorded() {
    auto all = reader{rows_}.read_page({shop, talk_}, {}).value();
    std::erase_if(all, [](const event& each) { return each.kind != event_kind::message; });
    return all;
  }

  std::shared_ptr<paper_wire> wire_;
};

TEST_F(FilePost, OpensAConversationWithAFile) {
  const file_id id = uploaded(ada, talk_);
  comes();
  EXPECT_THAT(wire_->last("welcome"), HasSubstr(R"("file_bytes":1000)"));

  hears(post(1, id));

  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":1)"));
  ASSERT_TRUE(recorded().back().file);
  EXPECT_EQ(recorded().back().file->name, "letter.txt");
  EXPECT_EQ(recorded().back().text, "");
  EXPECT_EQ(reads(bob, id), fault_code::none);
}

TEST_F(FilePost, LetsNoPostOvertakeOneThatWaitsForItsFile) {
  const file_id id = uploaded(ada, talk_);
  comes();
  port_->on_frame(text(1));
  port_->on_frame(post(2, id, R"(,"text":"see this")"));
  port_->on_frame(text(3));
  port_->on_frame(text(4));
  settle();

  EXPECT_EQ(wire_->of("ack").size(), 4U);
  EXPECT_TRUE(wire_->of("fault").empty());
  EXPECT_EQ(recorded().back().text, "text 4");
}

TEST_F(FilePost, RecordsTheRefusalOfAFileThatIsNone) {
  comes();
  hears(text(1));

  hears(post(2, file_id{1, 2}));
  hears(text(3));
  hears(post(2, file_id{1, 2}));

  ASSERT_EQ(wire_->of("fault").size(), 2U);
  EXPECT_THAT(wire_->of("fault")[0], HasSubstr("unknown_file"));
  EXPECT_EQ(wire_->of("fault")[0], wire_->of("fault")[1]);
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":3)"));
}

TEST_F(FilePost, GivesARepeatedPostItsFirstAnswerAlsoWhenItsFileIsGone) {
  const file_id id = uploaded(ada, talk_);
  comes();
  hears(post(1, id, R"(,"text":"see this")"));
  const std::string first = wire_->last("ack");
  tell(keeper_, drop_file{{shop, talk_}, id});
  settle();

  hears(post(1, id, R"(,"text":"see this")"));

  ASSERT_EQ(wire_->of("ack").size(), 2U);
  EXPECT_EQ(wire_->last("ack"), first);
}

TEST_F(FilePost, RefusesForTheMomentWhatWaitsForAKeeperThatIsGone) {
  comes();
  hears(text(1));
  stop(keeper_);

  port_->on_frame(post(2, file_id{1, 2}));
  port_->on_frame(text(3));
  settle();

  ASSERT_EQ(wire_->of("fault").size(), 2U);
  EXPECT_THAT(wire_->of("fault")[0], HasSubstr(R"("code":"busy")"));
  EXPECT_THAT(wire_->of("fault")[1], HasSubstr(R"("n":3)"));
  starts_keeper();
  hears(post(2, file_id{1, 2}));
  hears(text(3));
  EXPECT_THAT(wire_->last("ack"), HasSubstr(R"("n":3)"));
}

TEST_F(FilePost, KnowsNoFilesOnADeskThatKeepsNone) {
  wire_ = std::make_shared<paper_wire>();
  port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1}, wire_);
  settle();
  hears(fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(ada), to_text(phone)));

  hears(post(1, file_id{1, 2}));

  EXPECT_THAT(wire_->last("fault"), HasSubstr("unknown_file"));
  EXPECT_EQ(wire_->last("welcome").find("file_bytes"), std::string::npos);
}

}  // namespace
}  // namespace frontdesk
