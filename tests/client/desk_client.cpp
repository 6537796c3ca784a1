#include "tests/client/desk_client.hpp"

#include "tests/client/protobuf_speech.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace frontdesk::client {

namespace json = boost::json;

namespace {

constexpr time_ms ack_patience = 10'000;
constexpr time_ms retry_pause = 500;
constexpr time_ms report_pause = 1'000;
constexpr std::uint64_t report_events = 32;
/// Answered posts that stay in an outbox until it is saved.
constexpr std::size_t answered_max = 16;

std::string text_of(const json::value& v) {
  return std::string{v.as_string()};
}

std::string frame(json::object what) {
  return json::serialize(what);
}

std::string body_of(const pending_post& what) {
  const std::string_view kind = what.edits != 0     ? "edited"
                                : what.deletes != 0 ? "deleted"
                                                    : "message";
  return client::body_of(kind, what.edits + what.deletes, what.text);
}

checker::track_kind track_of(bool internal) {
  return internal ? checker::track_kind::internal : checker::track_kind::public_;
}

}  // namespace

std::string body_of(std::string_view kind, std::uint64_t target, std::string_view text) {
  if (kind == "message") return std::string{text};
  if (kind == "edited") return fmt::format("edit of {}: {}", target, text);
  if (kind == "deleted") return fmt::format("end of {}", target);
  return fmt::format("*{}", kind);
}

/// A frame that came in, with the reading of fields that may be absent.
struct desk_client::incoming {
  json::object fields;

  bool has(std::string_view name) const { return fields.contains(name); }
  std::string text(std::string_view name) const {
    return has(name) ? text_of(fields.at(name)) : std::string{};
  }
  std::uint64_t number(std::string_view name) const {
    return has(name) ? fields.at(name).to_number<std::uint64_t>() : 0;
  }
  bool is_internal() const { return text("track") == "internal"; }
};

desk_client::desk_client(setup who, checker::history& seen, listener told)
    : who_(std::move(who)),
      seen_(seen),
      told_(std::move(told)),
      device_(seen.device(who_.person, who_.device)) {}

// ---- The link.

void desk_client::opened(std::function<void(std::string)> send, time_ms now) {
  send_ = std::move(send);
  now_ = heard_at_ = now;
  bye_code_ = 0;
  is_welcome_ = false;
  send_hello();
}

void desk_client::closed() {
  send_ = nullptr;
  is_welcome_ = false;
  requests_open_.clear();
  for (auto& [id, at] : conversations_)
    at.subscribed = false;
}

void desk_client::restart() {
  closed();
  save();
  seen_.add(checker::reader_restarted{device_, checker::positions_kind::kept, {now_}});
}

void desk_client::save() {
  for (auto& [id, at] : conversations_)
    at.saved = {at.visible.position, at.internal.position, {}};
}

void desk_client::crash() {
  closed();
  next_.clear();
  for (auto& [id, at] : conversations_) {
    go_back(id, at.visible, at.saved.visible_position, checker::track_kind::public_);
    go_back(id, at.internal, at.saved.internal_position, checker::track_kind::internal);
    auto outbox = std::exchange(at.saved.answered, {});
    std::ranges::move(at.pending, std::back_inserter(outbox));
    std::ranges::sort(outbox, {}, &pending_post::n);
    at.pending = std::move(outbox);
    at.shown.clear();
  }
}

void desk_client::go_back(const std::string& id, track_state& track, std::uint64_t position,
                          checker::track_kind which) {
  if (track.position == position) return;
  track.position = position;
  seen_.add(checker::reader_started{device_, seen_.conversation(id), which, {position}, {now_}});
}

bool desk_client::tick(time_ms now) {
  now_ = now;
  if (!send_) return false;
  if (now - heard_at_ > who_.silence_max) return true;
  if (is_welcome_ && now >= reported_at_ + report_pause) {
    reported_at_ = now;
    for (const auto& [id, at] : conversations_)
      report(id);
  }
  if (is_welcome_ && resend_at_ != 0 && now >= resend_at_) resend_all();
  return false;
}

void desk_client::send(const std::string& what) {
  if (send_) send_(who_.spoken == encoding::json ? what : in_protobuf(what));
}

void desk_client::send_hello() {
  json::object hello{{"t", "hello"}, {"token", who_.token}, {"device", who_.device}};
  if (who_.knows_lean) hello["lean"] = true;
  send(frame(std::move(hello)));
}

void desk_client::received(std::string_view frame, time_ms now) {
  now_ = heard_at_ = now;
  const std::string text = who_.spoken == encoding::json ? std::string(frame) : in_json(frame);
  const incoming in{json::parse(text).as_object()};
  const std::string t = in.text("t");
  if (t == "event") return on_event(in);
  if (t == "lean") return on_lean(in);
  if (t == "ack") return on_ack(in);
  if (t == "fault") return on_fault(in);
  if (t == "welcome") return on_welcome(in);
  if (t == "roster") return on_roster(in);
  if (t == "cursor") return on_cursor(in);
  if (t == "ping") return on_ping(in);
  if (t == "gap") return on_gap(in);
  if (t == "me") return on_me(in);
  if (t == "done" || t == "agents")
    requests_open_.erase(static_cast<std::uint32_t>(in.number("id")));
  if (t == "bye") bye_code_ = static_cast<int>(in.number("code"));
}

void desk_client::on_me(const incoming& in) {
  own_ = {in.text("status"), in.number("capacity"), in.number("load")};
}

void desk_client::on_welcome(const incoming& in) {
  is_welcome_ = true;
  if (in.has("me")) on_me({in.fields.at("me").as_object()});
  // What the roster does not name now is not this agent's any more.
  if (who_.is_agent) {
    for (auto& [id, at] : conversations_)
      at.assignee.clear();
  }
  resend_all();
}

void desk_client::on_roster(const incoming& in) {
  next_ = in.text("next");
  for (const json::value& each : in.fields.at("items").as_array()) {
    const incoming item{each.as_object()};
    const std::string id = item.text("conversation");
    conversation_state& at = conversations_[id];
    at.status = item.text("status");
    at.visible.head = std::max(at.visible.head, item.number("head"));
    at.internal.head = std::max(at.internal.head, item.number("internal_head"));
    at.assignee = item.has("assignee")
                      ? text_of(item.fields.at("assignee").as_object().at("person"))
                      : std::string{};
    if (!at.subscribed) subscribe(id);
  }
  if (!in.has("removed")) return;
  for (const json::value& each : in.fields.at("removed").as_array()) {
    conversations_[text_of(each)].assignee.clear();
  }
}

void desk_client::subscribe(const std::string& id) {
  conversation_state& at = conversations_[id];
  at.subscribed = true;
  at.reported = at.visible.position;
  json::object sub{{"conversation", id}, {"after", at.visible.position}};
  if (who_.is_agent) sub["internal_after"] = at.internal.position;
  send(frame({{"t", "sub"}, {"subs", json::array{sub}}}));
}

void desk_client::follow(const std::string& id) {
  if (is_welcome_) subscribe(id);
}

// ---- Events.

void desk_client::on_lean(const incoming& in) {
  ++leans_count_;
  std::uint64_t seq = in.number("after");
  for (const json::value& each : in.fields.at("said").as_array()) {
    json::object one = each.as_object();
    one.insert(
        {{"conversation", in.fields.at("conversation")}, {"seq", ++seq}, {"kind", "message"}});
    on_event({std::move(one)});
  }
}

void desk_client::on_event(const incoming& in) {
  const std::string id = in.text("conversation");
  conversation_state& at = conversations_[id];
  checker::event what;
  what.conversation = seen_.conversation(id);
  what.track = track_of(in.is_internal());
  what.seq = {in.number("seq")};
  const std::string kind = in.text("kind");
  const std::string said = body_of(kind, in.number("target"), in.text("text"));
  what.hash = checker::hash_of(said);
  if (in.text("device") == who_.device) {
    what.author = checker::authorship{device_, {in.number("n")}};
  }
  if (in.is_internal() && !who_.is_agent) ++leaks_count_;
  seen_.add(checker::event_delivered{device_, what, {now_}});
  track_state& track = in.is_internal() ? at.internal : at.visible;
  track.head = std::max(track.head, what.seq.value);
  const bool is_repeat = what.seq.value <= track.position;
  if (is_repeat && who_.bug != client_bug::shows_repeats) return;
  if (what.seq.value > track.position + 1) return subscribe(id);
  at.shown.push_back(kind == "message" ? in.text("author") + "> " + said : said);
  apply(id, what);
  if (in.has("to")) at.assignee = text_of(in.fields.at("to").as_object().at("person"));
  if (kind == "closed" || kind == "returned") at.assignee.clear();
  if (kind == "message") {
    if (told_.on_message) told_.on_message(id, in.text("author"), said);
  } else if (kind != "edited" && kind != "deleted") {
    at.status = kind == "closed"                              ? "closed"
                : kind == "assigned" || kind == "transferred" ? "assigned"
                                                              : "queued";
    if (told_.on_event) told_.on_event(id, kind);
  }
}

void desk_client::apply(const std::string& id, const checker::event& what) {
  conversation_state& at = conversations_[id];
  track_state& track = what.track == checker::track_kind::internal ? at.internal : at.visible;
  track.position = what.seq.value;
  track.head = std::max(track.head, track.position);
  seen_.add(checker::event_shown{device_, what, {now_}});
  if (at.visible.position >= at.reported + report_events) report(id);
}

/// Tells the node how far this device is, which gives it room to go on.
void desk_client::report(const std::string& id) {
  conversation_state& at = conversations_[id];
  if (at.visible.position <= at.reported) return;
  at.reported = at.visible.position;
  send(frame({{"t", "received"}, {"conversation", id}, {"seq", at.reported}}));
}

void desk_client::on_ack(const incoming& in) {
  const std::string id = in.text("conversation");
  conversation_state& at = conversations_[id];
  const auto is_it = [&](const pending_post& p) { return p.n == in.number("n"); };
  const auto found = std::ranges::find_if(at.pending, is_it);
  if (found == at.pending.end()) return;
  const checker::post what = checked(id, *found);
  const checker::seq_number seq{in.number("seq")};
  seen_.add(checker::post_acked{what, seq, {now_}});
  track_state& track = found->internal ? at.internal : at.visible;
  const bool skips = who_.bug == client_bug::lets_acks_skip && seq.value > track.position;
  if (seq.value == track.position + 1 || skips) {
    const bool is_new = found->edits == 0 && found->deletes == 0;
    at.shown.push_back(is_new ? who_.person + "> " + found->text : body_of(*found));
    apply(id, {what.conversation, what.track, seq, what.author, what.hash});
  }
  if (found->edits == 0 && found->deletes == 0) at.own.push_back({seq.value, found->internal});
  at.saved.answered.push_back(std::move(*found));
  if (at.saved.answered.size() > answered_max) at.saved.answered.pop_front();
  at.pending.erase(found);
  if (!at.subscribed) subscribe(id);
  resend_at_ = pending_count() == 0 ? 0 : now_ + ack_patience;
}

void desk_client::on_fault(const incoming& in) {
  const std::string code = in.text("code");
  ++faults_[code];
  if (in.has("id")) requests_open_.erase(static_cast<std::uint32_t>(in.number("id")));
  if (!in.has("n")) return;
  conversation_state& at = conversations_[in.text("conversation")];
  const auto is_it = [&](const pending_post& p) { return p.n == in.number("n"); };
  const auto found = std::ranges::find_if(at.pending, is_it);
  if (found == at.pending.end()) return;
  const bool is_temporary = in.fields.at("retry").as_bool();
  const bool keeps_number = is_temporary || code == "out_of_order" || code == "rate_limited";
  const bool is_consumed = code == "conversation_closed" || code == "empty_text" ||
                           code == "text_too_long" || code == "text_not_clean" ||
                           code == "unknown_message" || code == "unknown_file" ||
                           code == "quarantined";
  const auto kind = is_consumed ? checker::refusal_kind::final : checker::refusal_kind::temporary;
  const bool is_doubtful =
      code == "conflict" || code == "busy" || code == "internal" || code == "storage_failed";
  if (!is_doubtful) {
    seen_.add(checker::post_refused{checked(in.text("conversation"), *found), kind, {now_}});
  }
  if (keeps_number) {
    const auto pause = static_cast<time_ms>(in.number("retry_after_ms"));
    resend_at_ = now_ + std::max(pause, retry_pause);
    return;
  }
  if (!is_consumed && code != "conflict") return give_up_posts(at);
  at.saved.answered.push_back(std::move(*found));
  at.pending.erase(found);
}

/// Nothing in this conversation can be said by this person now. What was sent before may have been
/// recorded all the same; then the next post is a `conflict`, and takes the number behind it.
void desk_client::give_up_posts(conversation_state& at) {
  if (!at.pending.empty()) at.next_n = at.pending.front().n;
  at.pending.clear();
}

void desk_client::on_cursor(const incoming& in) {
  const auto conversation = seen_.conversation(in.text("conversation"));
  const auto person = seen_.person(in.text("person"));
  for (const auto kind : {checker::cursor_kind::received, checker::cursor_kind::read}) {
    const auto* name = kind == checker::cursor_kind::read ? "read" : "received";
    seen_.add(checker::cursor_reported{device_,
                                       person,
                                       conversation,
                                       checker::track_kind::public_,
                                       kind,
                                       {in.number(name)},
                                       {now_}});
  }
}

void desk_client::on_ping(const incoming& in) {
  send(frame({{"t", "pong"}}));
  if (!in.has("heads")) return;
  for (const auto& [id, head] : in.fields.at("heads").as_object()) {
    conversation_state& at = conversations_[std::string{id}];
    const auto reached = head.to_number<std::uint64_t>();
    if (at.subscribed && at.visible.position < reached) subscribe(std::string{id});
  }
}

void desk_client::on_gap(const incoming&) {}

// ---- Posting.

checker::post desk_client::checked(const std::string& id, const pending_post& what) {
  return {seen_.conversation(id),
          {device_, {what.n}},
          track_of(what.internal),
          checker::hash_of(body_of(what))};
}

std::string desk_client::current_conversation() const {
  if (!next_.empty()) return next_;
  for (const auto& [id, at] : conversations_) {
    if (at.status != "closed" && !at.status.empty()) return id;
  }
  return {};
}

bool desk_client::post(const std::string& id, std::string text, bool internal, time_ms now) {
  now_ = now;
  if (id.empty()) return false;
  enqueue(id, {0, std::move(text), internal, 0, 0});
  return true;
}

void desk_client::change(const std::string& id, const own_message& which, std::string text,
                         time_ms now) {
  now_ = now;
  pending_post what{0, std::move(text), which.internal, 0, 0};
  (what.text.empty() ? what.deletes : what.edits) = which.seq;
  enqueue(id, std::move(what));
}

void desk_client::enqueue(const std::string& id, pending_post what) {
  conversation_state& at = conversations_[id];
  what.n = at.next_n++;
  at.pending.push_back(std::move(what));
  if (is_welcome_) send_post(id, at.pending.back());
  if (resend_at_ == 0) resend_at_ = now_ + ack_patience;
}

void desk_client::send_post(const std::string& id, const pending_post& what) {
  if (!send_) return;
  json::object out{{"t", "post"}, {"conversation", id}, {"n", what.n}};
  if (what.deletes == 0) out["text"] = what.text;
  if (what.deletes != 0) out["deletes"] = what.deletes;
  if (what.edits != 0) out["edits"] = what.edits;
  if (what.internal) out["track"] = "internal";
  seen_.add(checker::post_sent{checked(id, what), {now_}});
  send(frame(std::move(out)));
}

void desk_client::resend_all() {
  resend_at_ = pending_count() == 0 ? 0 : now_ + ack_patience;
  for (auto& [id, at] : conversations_) {
    for (pending_post& each : at.pending) {
      if (who_.bug == client_bug::renumbers_retries) each.n = at.next_n++;
      send_post(id, each);
    }
  }
}

std::size_t desk_client::pending_count() const {
  std::size_t count = 0;
  for (const auto& [id, at] : conversations_)
    count += at.pending.size();
  return count;
}

std::uint64_t desk_client::faults_count(const std::string& code) const {
  const auto at = faults_.find(code);
  return at == faults_.end() ? 0 : at->second;
}

// ---- Other wishes.

void desk_client::read(const std::string& id) {
  const auto at = conversations_.find(id);
  if (at == conversations_.end() || at->second.visible.position == 0) return;
  send(frame({{"t", "read"}, {"conversation", id}, {"seq", at->second.visible.position}}));
}

void desk_client::typing(const std::string& id, bool on) {
  send(frame({{"t", "typing"}, {"conversation", id}, {"on", on}}));
}

void desk_client::request(const std::string& type, const std::string& id, const std::string& to) {
  if (!send_) return;
  json::object out{{"t", type}, {"id", ++request_}};
  if (!id.empty()) out["conversation"] = id;
  if (!to.empty()) out["to"] = to;
  requests_open_.insert(request_);
  send(frame(std::move(out)));
}

void desk_client::set_status(std::string_view status, int capacity) {
  if (!send_) return;
  json::object out{{"t", "status"}, {"id", ++request_}, {"status", status}};
  if (capacity > 0) out["capacity"] = capacity;
  requests_open_.insert(request_);
  send(frame(std::move(out)));
}

void desk_client::transfer(const std::string& id, const std::string& to) {
  request("transfer", id, to);
}

void desk_client::give_back(const std::string& id) {
  request("return", id);
}

void desk_client::close(const std::string& id) {
  request("close", id);
}

void desk_client::ask_agents() {
  request("agents");
}

void desk_client::declare_caught_up(time_ms now) {
  now_ = now;
  for (const auto& [id, at] : conversations_) {
    if (!at.subscribed) continue;
    const auto conversation = seen_.conversation(id);
    seen_.add(
        checker::reader_caught_up{device_, conversation, checker::track_kind::public_, {now_}});
    if (who_.is_agent) {
      seen_.add(
          checker::reader_caught_up{device_, conversation, checker::track_kind::internal, {now_}});
    }
  }
}

}  // namespace frontdesk::client
