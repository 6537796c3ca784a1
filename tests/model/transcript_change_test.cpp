#include "model/limits.hpp"
#include "tests/model/one_talk.hpp"

#include <gmock/gmock.h>

#include <set>

namespace frontdesk {
namespace {

using namespace one_talk;
using enum event_kind;
using testing::ElementsAre;
using testing::IsEmpty;

/// Ada's question stands at 2 and Bob's answer at 4.
class TranscriptChange : public transcript_test {
 protected:
  TranscriptChange() {
    keep(says(ada, 1, "where is my parcel?"));
    keep(says(bob, 1, "on its way"));
  }

  fault_code refusal_in(const draft& made) { return made.outcomes.back().answer->refusal; }

  static constexpr sequence question{2};
  static constexpr sequence answer{4};
};

TEST_F(TranscriptChange, EditsByALaterEvent) {
  const draft made = keep(edits(ada, 2, question, "where are my parcels?"));

  EXPECT_THAT(kinds(made), ElementsAre(edited));
  EXPECT_EQ(made.events[0].target, question);
  EXPECT_EQ(made.events[0].text, "where are my parcels?");
  EXPECT_EQ(made.outcomes[0].answer->seq, made.events[0].seq);
  EXPECT_EQ(log_.at(question).text, "where is my parcel?");
  EXPECT_THAT(log_.at(question).edits, ElementsAre(made.events[0].seq));
}

TEST_F(TranscriptChange, DeletesTheWordsOfTheMessageAndOfItsEdits) {
  const sequence first = keep(edits(ada, 2, question, "my card is 4111")).events[0].seq;
  const sequence second = keep(edits(ada, 3, question, "my card is 4222")).events[0].seq;

  const draft made = keep(deletes(ada, 4, question));

  EXPECT_THAT(kinds(made), ElementsAre(deleted));
  for (const sequence each : {question, first, second}) {
    EXPECT_EQ(log_.at(each).text, "");
    EXPECT_TRUE(log_.at(each).is_deleted);
    EXPECT_EQ(log_.at(each).author, ada.person);
  }
}

TEST_F(TranscriptChange, DeletesAnEditOfTheSameAppend) {
  const draft made = keep(edits(ada, 2, question, "secret"), deletes(ada, 3, question));

  EXPECT_THAT(kinds(made), ElementsAre(edited, deleted));
  EXPECT_EQ(log_.at(made.events[0].seq).text, "");
  EXPECT_EQ(log_.at(question).text, "");
}

TEST_F(TranscriptChange, KnowsTheEditsThatItMadeItself) {
  wait(edits(ada, 2, question, "one"));
  draft under_way = book_.begin(now_);
  wait(edits(ada, 3, question, "two"));
  log_.apply(under_way);
  book_.settle(under_way, 1);
  record_all();

  keep(deletes(ada, 4, question));

  EXPECT_EQ(log_.at(sequence{5}).text, "");
  EXPECT_EQ(log_.at(sequence{6}).text, "");
}

TEST_F(TranscriptChange, TakesTheFileOfADeletedMessage) {
  post_wish picture = says(ada, 2, "");
  picture.what.file.emplace().id = {7, 7};
  picture.what.file->name = "parcel.png";
  const draft sent = keep(picture);
  ASSERT_EQ(log_.at(sent.events[0].seq).file, picture.what.file);
  EXPECT_EQ(at().last.text, "parcel.png");

  const draft made = keep(deletes(ada, 3, sent.events[0].seq));

  EXPECT_THAT(made.dropped_files, ElementsAre(file_id{7, 7}));
  EXPECT_EQ(log_.at(sent.events[0].seq).file, std::nullopt);
}

TEST_F(TranscriptChange, ShowsInListsWhatTheLastMessageSaysNow) {
  EXPECT_EQ(at().last.text, "on its way");
  keep(edits(ada, 2, question, "another one"));
  EXPECT_EQ(at().last.text, "on its way");

  keep(edits(bob, 2, answer, "here it is"));
  EXPECT_EQ(at().last.text, "here it is");
  EXPECT_EQ(at().last.author, bob.person);

  keep(deletes(bob, 3, answer));
  EXPECT_EQ(at().last.text, "");
}

/// Heads of old say who said the last message and when, but not where it stands.
TEST_F(TranscriptChange, LeavesNoWordsInAnOldHead) {
  head old = at();
  ASSERT_EQ(old.last.text, "on its way");
  old.last.seq = {};
  book_ = transcript{old};

  post_answer first;
  first.n = post_number{1};
  book_.learn(post_window{bob.person, phone, {first}});
  keep(deletes(bob, 2, answer));

  EXPECT_EQ(at().last.text, "");
}

TEST_F(TranscriptChange, LetsOnlyTheAuthorEdit) {
  EXPECT_EQ(refusal_in(keep(edits(bob, 2, question, "no parcel"))), fault_code::unknown_message);
  post_wish chief = edits(cyd, 1, question, "no parcel");
  chief.what.may_moderate = true;
  EXPECT_EQ(refusal_in(keep(chief)), fault_code::unknown_message);
  EXPECT_EQ(refusal_in(keep(edits(ada, 2, answer, "it is lost"))), fault_code::unknown_message);
}

TEST_F(TranscriptChange, LetsTheAuthorAndModeratorsDelete) {
  EXPECT_EQ(refusal_in(keep(deletes(ada, 2, answer))), fault_code::unknown_message);
  EXPECT_EQ(refusal_in(keep(deletes(bob, 2, question))), fault_code::unknown_message);

  post_wish chief = deletes(cyd, 1, question);
  chief.what.may_moderate = true;
  EXPECT_EQ(refusal_in(keep(chief)), fault_code::none);
  EXPECT_EQ(log_.at(question).text, "");
}

TEST_F(TranscriptChange, RefusesWhatIsNoMessageOrGone) {
  const sequence opening{1};
  EXPECT_EQ(refusal_in(keep(edits(ada, 2, opening, "x"))), fault_code::unknown_message);
  EXPECT_EQ(refusal_in(keep(deletes(ada, 3, sequence{5}))), fault_code::unknown_message);
  keep(deletes(ada, 4, question));

  EXPECT_EQ(refusal_in(keep(deletes(ada, 5, question))), fault_code::unknown_message);
  EXPECT_EQ(refusal_in(keep(edits(ada, 6, question, "x"))), fault_code::unknown_message);
}

TEST_F(TranscriptChange, RecordsARefusalAsTheAnswerOfItsNumber) {
  const draft made = keep(edits(bob, 2, question, "no parcel"));

  EXPECT_THAT(made.events, IsEmpty());
  EXPECT_EQ(made.outcomes[0].answer->n, post_number{2});
  EXPECT_EQ(judge(says(bob, 3, "sorry")).verdict, post_verdict::waits);
}

TEST_F(TranscriptChange, BoundsTheEditsOfOneMessage) {
  std::uint64_t n = 1;
  for (std::size_t count = 0; count < limits::edits_max; ++count)
    EXPECT_EQ(refusal_in(keep(edits(ada, ++n, question, "again"))), fault_code::none);

  EXPECT_EQ(refusal_in(keep(edits(ada, ++n, question, "again"))), fault_code::unknown_message);
  EXPECT_EQ(refusal_in(keep(deletes(ada, ++n, question))), fault_code::none);
}

TEST_F(TranscriptChange, ForgetsOldTargetsButNoneThatIsNeeded) {
  std::uint64_t n = 1;
  std::vector<sequence> said;
  for (std::size_t count = 0; count < limits::versions_at_hand_max + 3; ++count)
    said.push_back(keep(says(ada, ++n, "one of many")).events.back().seq);
  for (const sequence each : said)
    wait(edits(ada, ++n, each, "changed"));
  std::size_t changed_count = 0;
  while (book_.has_waiting())
    changed_count += record_all().changed.size();
  EXPECT_EQ(changed_count, said.size());

  book_.learn(log_.versions(track::visible, question));
  const auto verdict_on = [&](sequence which) {
    return book_.judge(edits(ada, n + 1, which, "x"), ++tag_).verdict;
  };
  EXPECT_EQ(verdict_on(said.front()), post_verdict::unknown_target);
  EXPECT_EQ(verdict_on(said.back()), post_verdict::waits);
}

TEST_F(TranscriptChange, AnswersOnlyWhatIsThere) {
  post_wish reply = says(bob, 2, "this one?");
  reply.what.reply_to = question;
  EXPECT_EQ(keep(reply).events[0].reply_to, question);

  post_wish stray = says(bob, 3, "that one?");
  stray.what.reply_to = sequence{99};
  EXPECT_EQ(refusal_in(keep(stray)), fault_code::unknown_message);
}

TEST_F(TranscriptChange, OpensAndReopensNothing) {
  keep(close_wish{bob});
  EXPECT_EQ(refusal_in(keep(edits(ada, 2, question, "x"))), fault_code::conversation_closed);
  EXPECT_EQ(at().status, conversation_status::closed);

  EXPECT_EQ(refusal_in(keep(deletes(ada, 3, question))), fault_code::none);
  EXPECT_EQ(at().status, conversation_status::closed);
}

TEST_F(TranscriptChange, KeepsTheTracksApart) {
  keep(notes(bob, 2, "he is rude"));
  post_wish public_one = deletes(bob, 3, sequence{1});
  EXPECT_EQ(refusal_in(keep(public_one)), fault_code::unknown_message);
  EXPECT_EQ(log_.at(sequence{1}, track::internal).text, "he is rude");

  post_wish note = deletes(bob, 4, sequence{1});
  note.what.where = track::internal;
  const draft made = keep(note);
  EXPECT_EQ(made.events[0].where, track::internal);
  EXPECT_EQ(log_.at(sequence{1}, track::internal).text, "");
}

TEST_F(TranscriptChange, IsAConflictUnderTheNumberOfSomethingElse) {
  keep(edits(ada, 2, question, "where?"));
  EXPECT_EQ(judge(edits(ada, 2, question, "where?")).verdict, post_verdict::repeated);
  EXPECT_EQ(refusal_of(says(ada, 2, "where?")), fault_code::conflict);
  EXPECT_EQ(refusal_of(edits(ada, 2, answer, "where?")), fault_code::conflict);
  EXPECT_EQ(refusal_of(deletes(ada, 2, question)), fault_code::conflict);
}

TEST(ContentHashOfChanges, DiffersInEveryField) {
  std::vector<post> all(1);
  for (const std::uint64_t which : {1, 2}) {
    post said;
    said.reply_to = sequence{which};
    all.push_back(said);
    said = {};
    said.edits = sequence{which};
    all.push_back(said);
    said = {};
    said.deletes = sequence{which};
    all.push_back(said);
    said = {};
    said.file.emplace().id = {which, 0};
    all.push_back(said);
    said.file->id = {0, which};
    all.push_back(said);
  }
  std::set<std::uint32_t> hashes;
  for (const post& each : all)
    hashes.insert(content_hash(each));
  EXPECT_EQ(hashes.size(), all.size());
}

}  // namespace
}  // namespace frontdesk
