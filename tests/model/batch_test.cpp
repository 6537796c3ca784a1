#include "model/batch.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr tenant_id shop{3};
constexpr conversation_id talk{0x77};
constexpr team_id team{5};
constexpr person_id ada{person_kind::visitor, 0xada};
constexpr person_id bob{person_kind::agent, 0xb0b};
constexpr timestamp opening{1'000};
constexpr timestamp later{2'000};

const head nothing;

head queued() {
  head h;
  h.tenant = shop;
  h.conversation = talk;
  h.team = team;
  h.visitor = {ada, "Ada"};
  h.visible = sequence{2};
  h.opened_at = opening;
  h.since = opening;
  return h;
}

head assigned() {
  head h = queued();
  h.status = conversation_status::assigned;
  h.assignee = {bob, "Bob"};
  h.since = later;
  return h;
}

head closed() {
  head h = queued();
  h.status = conversation_status::closed;
  h.since = later;
  return h;
}

index_row row(index_kind kind, person_id person, team_id of_team, std::uint64_t order) {
  return {kind, shop, person, of_team, order, talk, false};
}

const index_row member = row(index_kind::member, ada, {}, 1'000);
const index_row assignee = row(index_kind::assignee, bob, {}, 0);
const index_row in_queue = row(index_kind::queue, {}, team, 1'000);
const index_row open = row(index_kind::open, {}, {}, 0);
const index_row ended = row(index_kind::closed, {}, {}, 2'000);

index_row without(index_row gone) {
  gone.removed = true;
  return gone;
}

TEST(IndexChanges, FindAnOpeningByItsVisitorItsTenantAndItsQueue) {
  EXPECT_THAT(index_changes(nothing, queued()), UnorderedElementsAre(member, open, in_queue));
}

TEST(IndexChanges, MoveAnAssignmentFromTheQueueToTheAgent) {
  EXPECT_THAT(index_changes(queued(), assigned()),
              UnorderedElementsAre(without(in_queue), assignee));
}

TEST(IndexChanges, MoveATransferFromOneAgentToAnother) {
  constexpr person_id eve{person_kind::agent, 0xe4e};
  head transferred = assigned();
  transferred.assignee = {eve, "Eve"};

  EXPECT_THAT(index_changes(assigned(), transferred),
              UnorderedElementsAre(without(assignee), row(index_kind::assignee, eve, {}, 0)));
}

TEST(IndexChanges, MoveAReturnFromTheAgentToTheQueue) {
  head returned = queued();
  returned.since = later;
  returned.returned = true;

  EXPECT_THAT(index_changes(assigned(), returned),
              UnorderedElementsAre(without(assignee), row(index_kind::queue, {}, team, 2'000)));
}

TEST(IndexChanges, MoveAQueuedConversationToAnotherTeam) {
  head elsewhere = queued();
  elsewhere.team = team_id{6};

  EXPECT_THAT(
      index_changes(queued(), elsewhere),
      UnorderedElementsAre(without(in_queue), row(index_kind::queue, {}, team_id{6}, 1'000)));
}

TEST(IndexChanges, KeepOnlyTheMemberRowOfAClosing) {
  EXPECT_THAT(index_changes(assigned(), closed()),
              UnorderedElementsAre(without(assignee), without(open), ended));
}

TEST(IndexChanges, TakeTheClosedRowAwayAtAReopening) {
  EXPECT_THAT(index_changes(closed(), assigned()),
              UnorderedElementsAre(without(ended), assignee, open));
}

TEST(IndexChanges, TouchNothingWhenOnlySomethingIsSaid) {
  head said = assigned();
  said.visible = sequence{9};
  said.last.text = "where is my parcel?";

  EXPECT_THAT(index_changes(assigned(), said), IsEmpty());
  EXPECT_THAT(index_changes(closed(), closed()), IsEmpty());
  EXPECT_THAT(index_changes(nothing, nothing), IsEmpty());
}

TEST(IndexChanges, HideASnoozedConversationFromItsQueueOnly) {
  head snoozed = queued();
  snoozed.status = conversation_status::snoozed;

  EXPECT_THAT(index_changes(queued(), snoozed), ElementsAre(without(in_queue)));
}

}  // namespace
}  // namespace frontdesk
