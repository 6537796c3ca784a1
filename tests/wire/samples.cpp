#include "tests/wire/samples.hpp"

namespace frontdesk::samples {

namespace {

timestamp after_noon(std::int64_t ms) {
  return timestamp{noon.value + ms};
}

post_answer accepted(std::uint64_t n, std::uint32_t hash, track where, std::uint64_t seq) {
  return {
      post_number{n},  hash, sequence{seq}, where, after_noon(static_cast<std::int64_t>(n) * 900),
      fault_code::none};
}

}  // namespace

named_person named_visitor() {
  return {visitor, "Visitor 4242"};
}

named_person named_ada() {
  return {ada, "Ada"};
}

named_person named_bo() {
  return {bo, "Bo \"B\" Ü"};
}

std::string question() {
  return "Where is my parcel?\n\t\"Wo?\" 在哪里 \U0001F642 \\o/";
}

event event_of(event_kind kind) {
  event e;
  e.conversation = parcel;
  e.seq = sequence{12};
  e.time = noon;
  e.author = the_system;
  e.kind = kind;
  switch (kind) {
    case event_kind::message:
      e.author = visitor;
      e.text = question();
      e.device = phone;
      e.n = post_number{3};
      break;
    case event_kind::assigned:
      e.to = named_ada();
      break;
    case event_kind::transferred:
      e.to = named_bo();
      e.by = named_ada();
      break;
    case event_kind::returned:
      e.by = {the_system, ""};
      e.reason = return_reason::agent_gone;
      break;
    case event_kind::closed:
      e.by = named_visitor();
      break;
    case event_kind::edited:
      e.author = visitor;
      e.text = "Where is my *second* parcel?";
      e.target = sequence{12};
      e.device = phone;
      e.n = post_number{4};
      break;
    case event_kind::deleted:
      e.author = visitor;
      e.target = sequence{12};
      e.device = phone;
      e.n = post_number{5};
      break;
    case event_kind::opened:
    case event_kind::queued:
    case event_kind::reopened:
      break;
  }
  return e;
}

event picture() {
  event e = event_of(event_kind::message);
  e.text = "Like this one";
  e.reply_to = sequence{11};
  e.file = file_ref{.id = {0x0123456789abcdef, 0xfedcba9876543210},
                    .name = "Päckchen.png",
                    .type = "image/png",
                    .bytes = 20480,
                    .width = 640,
                    .height = 480,
                    .has_thumbnail = true};
  return e;
}

event taken_back() {
  event e = event_of(event_kind::message);
  e.text.clear();
  e.is_deleted = true;
  return e;
}

event note() {
  event e = event_of(event_kind::message);
  e.where = track::internal;
  e.seq = sequence{2};
  e.author = ada;
  e.text = "Asked the carrier.";
  e.follows = sequence{12};
  return e;
}

head assigned_head() {
  head h;
  h.tenant = tenant_id{1};
  h.conversation = parcel;
  h.inbox = inbox_id{3};
  h.team = team_id{2};
  h.number = 1042;
  h.ordinal = 5;
  h.status = conversation_status::assigned;
  h.visitor = named_visitor();
  h.assignee = named_ada();
  h.visible = sequence{12};
  h.internal = sequence{2};
  h.opened_at = noon;
  h.since = after_noon(4000);
  h.waiting_since = after_noon(9000);
  h.returned = true;
  h.priority = conversation_priority::vip;
  h.last = {{}, visitor, question(), after_noon(9000)};
  return h;
}

head queued_head() {
  head h;
  h.tenant = tenant_id{1};
  h.conversation = refund;
  h.inbox = inbox_id{3};
  h.team = team_id{2};
  h.number = 1043;
  h.ordinal = 6;
  h.visitor = named_visitor();
  h.visible = sequence{1};
  h.opened_at = noon;
  h.since = noon;
  return h;
}

post_window window() {
  post_window w{visitor, phone, {}};
  w.answers.push_back(accepted(7, 0xdeadbeef, track::visible, 11));
  w.answers.push_back({post_number{8}, 1, {}, track::visible, noon, fault_code::text_too_long});
  w.answers.push_back(accepted(9, 0, track::internal, 2));
  w.answers.push_back(accepted(10, 0xffffffff, track::visible, 12));
  w.answers.push_back(accepted(11, 5, track::visible, 4711));
  return w;
}

tenant shop() {
  return {tenant_id{1}, "shop", noon};
}

inbox front_door() {
  inbox i;
  i.tenant = tenant_id{1};
  i.id = inbox_id{3};
  i.team = team_id{2};
  i.name = "Front door";
  i.widget_key = "wk_front-1";
  i.accent = "#10a0fc";
  i.greeting = "How can we help? 您好";
  i.locale = "en";
  i.origins = {"https://shop.example", "http://localhost:8080"};
  i.reopen_window_s = 3600;
  i.typing_preview = false;
  return i;
}

agent ada_as_agent() {
  agent a;
  a.tenant = tenant_id{1};
  a.id = ada;
  a.team = team_id{2};
  a.email = "ada@shop.example";
  a.name = "Ada";
  a.role = agent_role::supervisor;
  a.password_hash = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA";
  a.capacity = 9;
  a.token_generation = 2;
  return a;
}

quarantined poison() {
  quarantined q;
  q.id = quarantine_id{7};
  q.tenant = tenant_id{1};
  q.time = noon;
  q.actor = "conversation";
  q.message = "say";
  q.thrown = "vector::_M_range_check";
  q.conversation = parcel;
  q.person = ada;
  q.device = {0x0a, 0x0b};
  q.n = post_number{3};
  q.where = track::internal;
  q.text = "Where is my \xff parcel?";
  q.reply_to = sequence{2};
  q.edits = sequence{300};
  q.deletes = sequence{4};
  q.file = {1, 2};
  return q;
}

audit_entry deed() {
  audit_entry e;
  e.number = audit_number{12};
  e.time = noon;
  e.who = {audit_origin::signal, 1000, "ada"};
  e.action = "node.reload";
  e.target = "certificate";
  e.with("signal", "SIGHUP").with("why", "It has ended.");
  e.outcome = "failed";
  e.times = 2;
  e.last = timestamp{noon.value + 1000};
  return e;
}

batch everything() {
  const tenant_id tenant{1};
  return {{
      event_record{tenant, event_of(event_kind::message)},
      assigned_head(),
      window_record{tenant, parcel, window()},
      cursor_record{tenant, parcel, ada, {sequence{12}, sequence{11}}},
      index_row{index_kind::queue, tenant, {}, team_id{2}, 4, parcel, true},
      index_row{index_kind::assignee, tenant, ada, {}, 0, parcel, false},
      number_record{tenant, 1042},
      shop(),
      front_door(),
      ada_as_agent(),
      quarantined_record{poison(), false},
      deed(),
      audit_trim{audit_number{7}},
  }};
}

frame::summary summary_for_ada() {
  frame::summary summary;
  summary.at = assigned_head();
  summary.own = {sequence{12}, sequence{11}};
  summary.peer = {sequence{10}, sequence{9}};
  summary.visitor_online = true;
  summary.for_agent = true;
  return summary;
}

frame::summary summary_for_visitor() {
  frame::summary summary;
  summary.at = queued_head();
  summary.own = {sequence{1}, sequence{1}};
  summary.visitor_online = true;
  summary.place = 4;
  return summary;
}

}  // namespace frontdesk::samples
