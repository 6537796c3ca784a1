#include "actors/connection.hpp"
#include "model/limits.hpp"
#include "tests/actors/desk_actors.hpp"
#include "tests/actors/paper_wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr trace_context from_outside{{0xa, 0xb}, span_id{0xc}, true};

/// Ada and Bob, who has her conversation, each at a connection of their own; all but the dispatcher
/// is real. Spans are kept.
class Trace : public desk_actors_test {
 protected:
  Trace() {
    has_conversations_ = true;
    has_persons_ = true;
  }

  void SetUp() override {
    ada_port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{1}, ada_);
    bob_port_ = spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{2}, bob_);
    says(*ada_port_, hello_of(ada, phone));
    says(*bob_port_, hello_of(bob, device_id{2, 1}));
    says(*ada_port_, post(1));
    to_talk(talk_, assign{team, bob_himself, the_desk});
    settle();
    says(*bob_port_, fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})",
                                 to_text(talk_)));
    board().begin_export(nullptr);
  }
  void TearDown() override {
    ada_port_.reset();
    bob_port_.reset();
    desk_actors_test::TearDown();
  }

  trace_board& board() { return board_.traces(); }
  void says(connection_port& port, const std::string& frame) {
    port.on_frame(frame);
    settle();
  }
  static std::string hello_of(person_id who, device_id device) {
    return fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", to_text(who),
                       to_text(device));
  }
  std::string post(std::uint64_t n, const std::string& more = {}) const {
    return fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"a secret"{}}})",
                       to_text(talk_), n, more);
  }
  std::string traced_post(std::uint64_t n, const trace_context& with = from_outside) const {
    return post(n, fmt::format(R"(,"traceparent":"{}")", traceparent_of(with)));
  }
  /// All that have ended since the last call.
  std::vector<span> spans() { return board().take(1000); }
  /// The one of this kind; fails the test if there is not one.
  static span the(span_kind kind, const std::vector<span>& among) {
    const auto is_it = [kind](const span& each) { return each.what.kind == kind; };
    EXPECT_EQ(std::ranges::count_if(among, is_it), 1) << name_of(kind);
    const auto at = std::ranges::find_if(among, is_it);
    return at == among.end() ? span{} : *at;
  }
  static bool has(span_kind kind, const std::vector<span>& among) {
    return std::ranges::any_of(among, [kind](const span& each) { return each.what.kind == kind; });
  }
  /// What a watcher is told of connections and actors.
  std::vector<connection_note> all_notes(watch_id id) {
    std::vector<connection_note> found;
    for (const watch_line& each : board().read_watch(id, 1000, now()).value().lines) {
      const auto* note = std::get_if<connection_note>(&each);
      if (note != nullptr) found.push_back(*note);
    }
    return found;
  }
  /// Each as "name of the kind, name, code if there is one".
  std::vector<std::string> notes(watch_id id) {
    std::vector<std::string> found;
    for (const connection_note& each : all_notes(id)) {
      found.push_back(fmt::format("{} {}", name_of(each.kind), each.name));
      if (each.code != 0) found.back() += fmt::format(" {}", each.code);
    }
    return found;
  }
  /// Another connection of Cyd's, who is an agent.
  std::shared_ptr<connection_port> cyd_comes(const std::shared_ptr<paper_wire>& wire) {
    const auto port =
        spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{3}, wire);
    settle();
    says(*port, hello_of(cyd, device_id{3, 1}));
    return port;
  }

  const conversation_id talk_ = talk_of(ada);
  const std::shared_ptr<paper_wire> ada_ = std::make_shared<paper_wire>();
  const std::shared_ptr<paper_wire> bob_ = std::make_shared<paper_wire>();
  std::shared_ptr<connection_port> ada_port_;
  std::shared_ptr<connection_port> bob_port_;
};

TEST_F(Trace, OfAPostIsOneTree) {
  says(*ada_port_, traced_post(2));

  const auto all = spans();
  ASSERT_EQ(all.size(), 4U);
  const span said = the(span_kind::post, all);
  const span decided = the(span_kind::conversation, all);
  const span recorded = the(span_kind::commit, all);
  const span told = the(span_kind::deliver, all);
  for (const span& each : all) {
    EXPECT_EQ(each.what.at.trace, from_outside.trace);
    EXPECT_EQ(each.result, "ok");
    EXPECT_EQ(each.tenant, shop);
    EXPECT_EQ(each.conversation, talk_);
  }
  EXPECT_EQ(said.what.parent, from_outside.span);
  EXPECT_EQ(decided.what.parent, said.what.at.span);
  EXPECT_EQ(recorded.what.parent, decided.what.at.span);
  EXPECT_EQ(told.what.parent, decided.what.at.span);
}

TEST_F(Trace, SaysWhoAndWhatAndNoWords) {
  says(*ada_port_, traced_post(2));

  const auto all = spans();
  const span said = the(span_kind::post, all);
  EXPECT_EQ(said.person, ada);
  EXPECT_EQ(said.device, phone);
  EXPECT_EQ(said.n, post_number{2});
  EXPECT_GT(said.seq, sequence{0});
  EXPECT_EQ(said.transport, "websocket");
  EXPECT_EQ(said.encoding, "json");
  EXPECT_EQ(the(span_kind::conversation, all).seq, said.seq);
  EXPECT_EQ(the(span_kind::commit, all).batch, 1U);
  const span told = the(span_kind::deliver, all);
  EXPECT_EQ(told.person, bob);
  EXPECT_EQ(told.seq, said.seq);
}

TEST_F(Trace, ShowsHowLongTheCommitTook) {
  log_.is_slow = true;
  says(*ada_port_, traced_post(2));
  const moment came = now();
  advance(2s);
  EXPECT_FALSE(has(span_kind::post, spans()));

  finish_commit();

  const auto all = spans();
  for (const span_kind kind : {span_kind::post, span_kind::conversation, span_kind::commit}) {
    EXPECT_EQ(the(kind, all).what.began, came) << name_of(kind);
    EXPECT_EQ(the(kind, all).lasted(), 2s) << name_of(kind);
  }
  const span told = the(span_kind::deliver, all);
  EXPECT_EQ(told.what.began, came + 2s);
  EXPECT_EQ(told.lasted(), 0s);
}

TEST_F(Trace, ShowsThatAReceiverWasBehind) {
  bob_->waiting_bytes = limits::outbound_bytes_max;
  says(*ada_port_, traced_post(2));
  EXPECT_FALSE(has(span_kind::deliver, spans()));
  advance(3s);

  bob_->waiting_bytes = 0;
  bob_port_->on_drained();
  settle();

  const span told = the(span_kind::deliver, spans());
  EXPECT_EQ(told.lasted(), 3s);
  EXPECT_EQ(told.result, "ok");
}

TEST_F(Trace, ShowsThatAReceiverNeverGotIt) {
  bob_->waiting_bytes = limits::outbound_bytes_max;
  says(*ada_port_, traced_post(2));
  spans();

  bob_port_->on_closed({});
  settle();

  EXPECT_EQ(the(span_kind::deliver, spans()).result, "closed");
}

TEST_F(Trace, LeavesOutWhatAReceiverIsTooFarBehindWith) {
  bob_->waiting_bytes = limits::outbound_bytes_max;
  for (std::uint64_t n = 2; n < limits::deliveries_traced_max + 5; ++n) {
    says(*ada_port_, traced_post(n));
    advance(1s);
  }

  EXPECT_EQ(board().stats().left_out, 3U);
}

TEST_F(Trace, ShowsADeliveryThatWasPutOffUnderLoad) {
  board_.tiers().set_node(2);
  says(*ada_port_, traced_post(2));
  EXPECT_FALSE(has(span_kind::deliver, spans()));

  advance(limits::delayed_push_max);

  const auto lasted = the(span_kind::deliver, spans()).lasted();
  EXPECT_GT(lasted, 0ms);
  EXPECT_LE(lasted, limits::delayed_push_max);
}

TEST_F(Trace, HasADeliveryForEachReceiverAndNoneForTheAuthorsOwn) {
  auto wire = std::make_shared<paper_wire>();
  const auto port =
      spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{3}, wire);
  says(*port, hello_of(ada, device_id{1, 2}));
  for (connection_port* each : {port.get(), ada_port_.get()}) {
    says(*each, fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})",
                            to_text(talk_)));
  }
  says(*ada_port_, traced_post(2));

  std::vector<device_id> told;
  for (const span& each : spans()) {
    if (each.what.kind == span_kind::deliver) told.push_back(each.device);
  }
  EXPECT_THAT(told, testing::UnorderedElementsAre(device_id{1, 2}, device_id{2, 1}));
}

TEST_F(Trace, OfARefusedPostSaysWhy) {
  says(*ada_port_, traced_post(7));

  const auto all = spans();
  EXPECT_EQ(the(span_kind::post, all).result, "out_of_order");
  EXPECT_EQ(the(span_kind::conversation, all).result, "out_of_order");
  EXPECT_FALSE(has(span_kind::commit, all));
}

TEST_F(Trace, OfAPostRefusedAtItsConnectionSaysWhy) {
  says(*ada_port_, fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"x",)"
                               R"("traceparent":"{}"}})",
                               to_text(conversation_id{77}), traceparent_of(from_outside)));

  const auto all = spans();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(the(span_kind::post, all).result, "conversation_open");
}

TEST_F(Trace, OfAPostThatCouldNotBeRecordedSaysSo) {
  log_.fails = append_outcome::full;
  says(*ada_port_, traced_post(2));

  const auto all = spans();
  EXPECT_EQ(the(span_kind::commit, all).result, "storage_full");
  EXPECT_EQ(the(span_kind::conversation, all).result, "storage_full");
  EXPECT_EQ(the(span_kind::post, all).result, "storage_full");
}

TEST_F(Trace, OfAPostWhoseConnectionEndsSaysSo) {
  log_.is_slow = true;
  says(*ada_port_, traced_post(2));
  ada_port_->on_closed({});
  settle();
  EXPECT_EQ(the(span_kind::post, spans()).result, "closed");

  finish_commit();

  EXPECT_EQ(the(span_kind::conversation, spans()).result, "ok");
}

TEST_F(Trace, OfAPostSaidTwiceIsThatOfTheFirst) {
  log_.is_slow = true;
  says(*ada_port_, traced_post(2));
  says(*ada_port_, traced_post(2));

  finish_commit();

  const auto all = spans();
  EXPECT_EQ(all.size(), 4U);
  EXPECT_EQ(the(span_kind::conversation, all).what.parent, the(span_kind::post, all).what.at.span);
}

TEST_F(Trace, IsOfNobodyWhoIsNotSampled) {
  says(*ada_port_, post(2));
  says(*ada_port_, traced_post(3, {from_outside.trace, from_outside.span, false}));

  EXPECT_TRUE(spans().empty());
  EXPECT_EQ(board().stats().spans, 0U);
}

TEST_F(Trace, IsForcedByWhoeverWatchesThePerson) {
  const watch_id id = board().watch({shop, ada, {}}, 1h, now()).value();
  says(*ada_port_, post(2));

  EXPECT_EQ(spans().size(), 4U);
  EXPECT_THAT(notes(id), ElementsAre("in post", "out ack", "out roster"));
}

TEST_F(Trace, TellsAWatcherOfTheConnectionFromItsHelloToItsEnd) {
  const watch_id id = board().watch({std::nullopt, cyd, {}}, 1h, now()).value();
  auto wire = std::make_shared<paper_wire>();
  const auto port =
      spawn_connection(system(), {worker_kind::io, 0}, board_, connection_id{3}, wire);
  settle();
  says(*port, hello_of(cyd, device_id{3, 1}));
  says(*port, "garbage");
  port->on_closed({});
  settle();

  EXPECT_THAT(notes(id), ElementsAre("connected ", "hello ", "out welcome", "out roster", "out me",
                                     "refused not_json", "out fault", "closed gone"));
}

TEST_F(Trace, TellsAWatcherHowAConnectionEndedByItself) {
  const watch_id id = board().watch({std::nullopt, cyd, {}}, 1h, now()).value();
  using ways = parting::ways;
  for (const auto& [how, told] : {std::pair{parting{ways::gone, 1001}, "closed gone 1001"},
                                  std::pair{parting{ways::broken}, "closed broken"},
                                  std::pair{parting{ways::stalled}, "closed stalled"},
                                  std::pair{parting{ways::breach, 1009}, "closed breach 1009"},
                                  std::pair{parting{ways::answered}, "closed answered"}}) {
    const auto port = cyd_comes(std::make_shared<paper_wire>());
    port->on_closed(how);
    settle();
    EXPECT_EQ(notes(id).back(), told);
  }
}

TEST_F(Trace, TellsAWatcherWhyTheDeskEndedAConnection) {
  const watch_id id = board().watch({std::nullopt, cyd, {}}, 1h, now()).value();
  for (const auto& [why, told] : {std::pair{close_code::slow, "closed slow 4002"},
                                  std::pair{close_code::no_pong, "closed no_pong 4003"},
                                  std::pair{close_code::overload, "closed overload 4006"}}) {
    const auto port = cyd_comes(std::make_shared<paper_wire>());
    for (const connection_actor& each : board_.connected().all())
      caf::anon_send(each, dismiss{why});
    settle();
    EXPECT_THAT(notes(id), testing::IsSupersetOf({std::string{"out bye"}, std::string{told}}));
  }
}

TEST_F(Trace, TellsAWatcherThatAConnectionFellAndUnderWhichTraceTheLogHasIt) {
  const watch_id id = board().watch({shop, ada, {}}, 1h, now()).value();
  ada_->is_torn = true;
  says(*ada_port_, traced_post(2));

  EXPECT_THAT(notes(id),
              ElementsAre("in post", "out ack", "failed connection", "closed internal 4001"));
  ASSERT_EQ(failed().size(), 1U);
  EXPECT_EQ(failed()[0].actor, "connection");
  EXPECT_EQ(failed()[0].trace, to_text(from_outside.trace));
  EXPECT_EQ(the(span_kind::post, spans()).result, "internal");
}

TEST_F(Trace, SaysUnderWhichTraceAConnectionFellThatRefusedAPost) {
  const watch_id id = board().watch({shop, ada, {}}, 1h, now()).value();
  ada_->is_torn = true;
  const conversation_id other{77};
  says(*ada_port_, fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"x",)"
                               R"("traceparent":"{}"}})",
                               to_text(other), traceparent_of(from_outside)));

  const auto told = all_notes(id);
  const auto fell = std::ranges::find(told, connection_note::kinds::failed, &connection_note::kind);
  ASSERT_NE(fell, told.end());
  EXPECT_EQ(fell->trace, from_outside.trace);
  EXPECT_EQ(fell->conversation, other);
  ASSERT_EQ(failed().size(), 1U);
  EXPECT_EQ(failed()[0].trace, to_text(from_outside.trace));
  EXPECT_EQ(the(span_kind::post, spans()).result, "internal");
}

TEST_F(Trace, OfAPostIsNotThatOfALaterFailure) {
  says(*ada_port_, traced_post(2));
  says(*ada_port_, fmt::format(R"({{"t":"post","conversation":"{}","n":1,"text":"x",)"
                               R"("traceparent":"{}"}})",
                               to_text(conversation_id{77}), traceparent_of(from_outside)));
  spans();
  ada_->is_torn = true;
  says(*ada_port_, "garbage");

  ASSERT_EQ(failed().size(), 1U);
  EXPECT_EQ(failed()[0].trace, "");
  EXPECT_TRUE(spans().empty());
}

TEST_F(Trace, TellsAWatcherOfAFrameThatIsQuarantined) {
  const watch_id id = board().watch({std::nullopt, cyd, {}}, 1h, now()).value();
  for (int i = 0; i < 2; ++i) {
    auto wire = std::make_shared<paper_wire>();
    const auto port = cyd_comes(wire);
    wire->is_torn = true;
    says(*port, "garbage");
  }
  const auto told = notes(id);
  EXPECT_EQ(std::ranges::count(told, "failed connection"), 2);
  EXPECT_EQ(std::ranges::count(told, "quarantined connection"), 1);

  const auto port = cyd_comes(std::make_shared<paper_wire>());
  says(*port, "garbage");

  EXPECT_THAT(notes(id), testing::Contains("refused quarantined"));
}

TEST_F(Trace, TellsAWatcherOfAConversationOfItsFramesAlone) {
  const watch_id id = board().watch({shop, {}, talk_}, 1h, now()).value();
  says(*ada_port_, R"({"t":"pong"})");
  says(*ada_port_, post(2));

  EXPECT_THAT(notes(id), testing::UnorderedElementsAre("in post", "out ack", "out event"));
}

}  // namespace
}  // namespace frontdesk
