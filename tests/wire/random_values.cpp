#include "tests/wire/random_values.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace frontdesk {

namespace {

constexpr std::uint64_t position_max = (1ULL << 53U) - 1;

void append_utf8(std::string& text, std::uint32_t character) {
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xc0U | character >> 6U);
    text += static_cast<char>(0x80U | (character & 0x3fU));
  } else if (character < 0x10000) {
    text += static_cast<char>(0xe0U | character >> 12U);
    text += static_cast<char>(0x80U | (character >> 6U & 0x3fU));
    text += static_cast<char>(0x80U | (character & 0x3fU));
  } else {
    text += static_cast<char>(0xf0U | character >> 18U);
    text += static_cast<char>(0x80U | (character >> 12U & 0x3fU));
    text += static_cast<char>(0x80U | (character >> 6U & 0x3fU));
    text += static_cast<char>(0x80U | (character & 0x3fU));
  }
}

}  // namespace

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("FRONTDESK_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
}

std::uint64_t random_values::up_to(std::uint64_t greatest) {
  return std::uniform_int_distribution<std::uint64_t>{0, greatest}(random_);
}

bool random_values::chance(unsigned percent) {
  return up_to(99) < percent;
}

std::uint64_t random_values::bits() {
  return random_() >> up_to(63);
}

std::string random_values::text(std::size_t bytes_max) {
  struct range {
    std::uint32_t first;
    std::uint32_t last;
  };
  constexpr std::array<range, 8> ranges{{{' ', '~'},
                                         {'a', 'z'},
                                         {0, 0x1f},
                                         {0x7f, 0x9f},
                                         {0xa0, 0x7ff},
                                         {0x4e00, 0x9fff},
                                         {0xe000, 0xffff},
                                         {0x10000, 0x10ffff}}};
  const std::size_t size = chance(5) ? bytes_max : up_to(std::min<std::size_t>(bytes_max, 60));
  std::string text;
  while (true) {
    const range from = ranges[up_to(ranges.size() - 1)];
    std::string character;
    append_utf8(character, from.first + static_cast<std::uint32_t>(up_to(from.last - from.first)));
    if (text.size() + character.size() > size) return text;
    text += character;
  }
}

conversation_id random_values::conversation() {
  return conversation_id{bits() | 1U};
}

device_id random_values::device() {
  return {bits(), bits() | 1U};
}

person_id random_values::person() {
  const auto kind = between(person_kind::nobody, person_kind::system);
  const bool is_one = kind == person_kind::visitor || kind == person_kind::agent;
  return {kind, is_one ? bits() | 1U : 0};
}

named_person random_values::named() {
  return {person(), text(limits::name_bytes_max)};
}

sequence random_values::position() {
  return sequence{bits() & position_max};
}

timestamp random_values::time() {
  return timestamp{static_cast<std::int64_t>(bits())};
}

cursor random_values::read_up_to() {
  return {position(), position()};
}

track random_values::a_track() {
  return between(track::visible, track::internal);
}

file_ref random_values::a_file() {
  return {.id = {bits(), bits() | 1U},
          .name = text(limits::file_name_bytes_max),
          .type = text(limits::file_type_bytes_max),
          .bytes = bits() & position_max,
          .width = static_cast<std::uint32_t>(bits()),
          .height = static_cast<std::uint32_t>(bits()),
          .has_thumbnail = chance(50)};
}

event random_values::an_event() {
  event e;
  e.conversation = conversation();
  e.where = a_track();
  e.seq = position();
  e.time = time();
  e.author = person();
  e.kind = between(event_kind::message, event_kind::deleted);
  e.text = text(chance(5) ? limits::text_bytes_max : 400);
  if (chance(50)) e.to = named();
  if (chance(50)) e.by = named();
  e.reason = between(return_reason::none, return_reason::agent_gone);
  e.follows = position();
  if (chance(80)) e.device = device();
  e.n = post_number{position().value};
  if (chance(30)) e.reply_to = position();
  if (chance(30)) e.file = a_file();
  if (chance(30)) e.target = position();
  e.is_deleted = chance(20);
  for (std::uint64_t count = chance(20) ? up_to(limits::edits_max) : 0; count > 0; --count)
    e.edits.push_back(position());
  return e;
}

head random_values::a_head() {
  head h;
  h.tenant = tenant_id{static_cast<std::uint32_t>(up_to(9))};
  h.conversation = conversation();
  h.inbox = inbox_id{static_cast<std::uint32_t>(bits())};
  h.team = team_id{static_cast<std::uint32_t>(bits())};
  h.number = bits();
  h.ordinal = static_cast<std::uint32_t>(bits());
  h.status = between(conversation_status::queued, conversation_status::closed);
  h.visitor = named();
  if (chance(50)) h.assignee = named();
  h.visible = position();
  h.internal = position();
  h.opened_at = time();
  h.since = time();
  if (chance(50)) h.waiting_since = time();
  h.returned = chance(50);
  if (chance(30)) h.priority = conversation_priority::vip;
  if (chance(80)) h.last = {position(), person(), text(limits::preview_bytes_max), time()};
  return h;
}

post_answer random_values::an_answer() {
  post_answer answer;
  answer.hash = static_cast<std::uint32_t>(bits());
  answer.where = a_track();
  answer.time = time();
  if (chance(80)) {
    answer.seq = sequence{position().value | 1U};
  } else {
    answer.refusal = all_faults()[up_to(all_faults().size() - 1)].code;
  }
  return answer;
}

post_window random_values::a_window() {
  post_window window{person(), device(), {}};
  post_number n{1 + (bits() & (position_max >> 1U))};
  for (std::uint64_t i = up_to(limits::answers_kept_max); i > 0; --i) {
    window.answers.push_back(an_answer());
    window.answers.back().n = n;
    n = next(n);
  }
  return window;
}

tenant random_values::a_tenant() {
  return {tenant_id{static_cast<std::uint32_t>(bits())}, text(63), time()};
}

inbox random_values::an_inbox() {
  inbox i;
  i.tenant = tenant_id{static_cast<std::uint32_t>(bits())};
  i.id = inbox_id{static_cast<std::uint32_t>(bits())};
  i.team = team_id{static_cast<std::uint32_t>(bits())};
  i.name = text(limits::name_bytes_max);
  i.widget_key = text(64);
  i.accent = text(7);
  i.greeting = text(1000);
  i.locale = text(5);
  for (std::uint64_t count = up_to(4); count > 0; --count)
    i.origins.push_back(text(100));
  i.reopen_window_s = static_cast<std::uint32_t>(bits());
  i.typing_preview = chance(50);
  if (chance(30)) i.priority = conversation_priority::vip;
  return i;
}

agent random_values::an_agent() {
  agent a;
  a.tenant = tenant_id{static_cast<std::uint32_t>(bits())};
  a.id = person();
  a.team = team_id{static_cast<std::uint32_t>(bits())};
  a.email = text(limits::email_bytes_max);
  a.name = text(limits::name_bytes_max);
  a.role = between(agent_role::agent, agent_role::owner);
  a.password_hash = text(128);
  a.capacity = static_cast<std::uint32_t>(bits());
  a.active = chance(50);
  a.token_generation = static_cast<std::uint32_t>(bits());
  return a;
}

quarantined_record random_values::a_quarantined_one() {
  quarantined q;
  q.id = quarantine_id{bits()};
  q.tenant = tenant_id{static_cast<std::uint32_t>(bits())};
  q.time = timestamp{static_cast<std::int64_t>(bits())};
  q.conversation = conversation();
  q.person = person();
  q.n = post_number{bits()};
  q.where = between(track::visible, track::internal);
  q.edits = sequence{bits()};
  q.text = std::string(up_to(40), static_cast<char>(bits()));
  return {std::move(q), chance(50)};
}

frame::from_client random_values::a_client_frame() {
  switch (up_to(4)) {
    case 0:
      return frame::hello{"t" + text(300), device(), text(64), chance(50)};
    case 1: {
      frame::sub sub;
      for (std::uint64_t i = up_to(limits::subs_per_frame_max - 1) + 1; i > 0; --i) {
        sub.subs.push_back({conversation(), position(), position()});
      }
      return sub;
    }
    case 2: {
      frame::unsub unsub;
      for (std::uint64_t i = up_to(limits::subs_max); i > 0; --i) {
        unsub.conversations.push_back(conversation());
      }
      return unsub;
    }
    case 3:
      return a_frame_about_one();
    default:
      return a_request();
  }
}

frame::post random_values::a_post() {
  frame::post said;
  said.conversation = conversation();
  said.n = post_number{position().value | 1U};
  said.where = a_track();
  if (chance(30)) said.trace = {{bits(), bits() | 1U}, span_id{bits() | 1U}, chance(50)};
  const sequence named{position().value | 1U};
  switch (up_to(3)) {
    case 0:
      said.edits = named;
      break;
    case 1:
      said.deletes = named;
      return said;
    case 2:
      said.file = {bits(), bits() | 1U};
      [[fallthrough]];
    default:
      if (chance(50)) said.reply_to = named;
  }
  said.text = text(500);
  return said;
}

frame::from_client random_values::a_frame_about_one() {
  switch (up_to(3)) {
    case 0:
      return a_post();
    case 1:
      return frame::received{conversation(), position()};
    case 2:
      return frame::read{conversation(), position()};
    default:
      return frame::typing{conversation(), chance(50), text(limits::typing_text_bytes_max)};
  }
}

frame::from_client random_values::a_request() {
  const auto id = static_cast<frame::request_id>(bits());
  const auto limit = static_cast<std::uint32_t>(1 + up_to(99));
  switch (up_to(6)) {
    case 0: {
      frame::history history{id, conversation(), a_track(), {}, {}, limit};
      (chance(50) ? history.before : history.after) = position();
      return history;
    }
    case 1: {
      frame::status status{
          id, between(frame::routing_status::offline, frame::routing_status::accepting), {}};
      if (chance(50)) status.capacity = limit;
      return status;
    }
    case 2:
      return frame::list{id, between(frame::list_view::mine, frame::list_view::closed), text(100),
                         limit};
    case 3:
      return frame::transfer{id, conversation(), {person_kind::agent, bits() | 1U}};
    case 4:
      return frame::give_back{id, conversation()};
    case 5:
      return frame::refresh{id, "t" + text(100)};
    default:
      return frame::watch{id, chance(50)};
  }
}

frame::summary random_values::a_summary() {
  frame::summary summary;
  summary.at = a_head();
  summary.own = read_up_to();
  summary.peer = read_up_to();
  summary.visitor_online = chance(50);
  summary.place = static_cast<std::uint32_t>(up_to(3));
  summary.for_agent = chance(50);
  return summary;
}

std::vector<frame::summary> random_values::summaries() {
  std::vector<frame::summary> some;
  for (std::uint64_t count = up_to(3); count > 0; --count)
    some.push_back(a_summary());
  return some;
}

std::vector<conversation_id> random_values::conversations() {
  std::vector<conversation_id> some;
  for (std::uint64_t count = up_to(3); count > 0; --count)
    some.push_back(conversation());
  return some;
}

frame::me random_values::routing() {
  return {between(frame::routing_status::offline, frame::routing_status::accepting), small(),
          small()};
}

frame::welcome random_values::a_welcome() {
  frame::welcome welcome;
  welcome.person = named();
  welcome.history = text(32);
  welcome.time = time();
  welcome.connection = connection_id{bits()};
  welcome.tier = static_cast<unsigned>(up_to(3));
  if (chance(50))
    welcome.inbox = frame::inbox_look{text(20), text(7), text(100), text(5), chance(50)};
  if (chance(50)) welcome.role = between(agent_role::agent, agent_role::owner);
  if (chance(50)) welcome.own = routing();
  return welcome;
}

frame::roster random_values::a_roster() {
  frame::roster roster{summaries(), conversations(), chance(50), {}};
  if (chance(50)) roster.next = conversation();
  return roster;
}

frame::page random_values::a_page() {
  frame::page page;
  page.id = small();
  page.conversation = conversation();
  page.where = a_track();
  for (std::uint64_t count = up_to(4); count > 0; --count)
    page.events.push_back(an_event());
  if (!page.events.empty()) page.reader = page.events.front().author;
  page.head = position();
  page.more = chance(50);
  return page;
}

frame::listed random_values::a_list() {
  return {small(), between(frame::list_view::mine, frame::list_view::closed), summaries(), text(20),
          totals()};
}

frame::agents_seen random_values::agents_seen() {
  frame::agents_seen seen{small(), {}};
  for (std::uint64_t count = up_to(4); count > 0; --count)
    seen.agents.push_back({named(), routing(), chance(50)});
  return seen;
}

frame::ping random_values::a_ping() {
  frame::ping ping;
  for (std::uint64_t count = up_to(4); count > 0; --count)
    ping.heads.emplace_back(conversation(), position());
  return ping;
}

frame::refused random_values::a_refusal() {
  frame::refused refused;
  refused.why = fault{all_faults()[up_to(all_faults().size() - 1)].code, small()};
  if (chance(50)) refused.id = small();
  if (chance(50)) refused.conversation = conversation();
  if (chance(50)) refused.n = post_number{position().value | 1U};
  if (chance(50)) refused.why.expects = post_number{position().value};
  return refused;
}

std::string random_values::damaged(std::string bytes) {
  for (std::uint64_t hits = 1 + up_to(3); hits > 0 && !bytes.empty(); --hits) {
    const std::size_t at = up_to(bytes.size() - 1);
    const std::size_t count = 1 + up_to(std::min<std::size_t>(bytes.size() - at, 8) - 1);
    switch (up_to(5)) {
      case 0:
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ 1U << up_to(7));
        break;
      case 1:
        bytes[at] = static_cast<char>(up_to(255));
        break;
      case 2:
        bytes.erase(at, count);
        break;
      case 3:
        bytes.insert(up_to(bytes.size()), bytes.substr(at, count));
        break;
      case 4:
        bytes.insert(at, 1, static_cast<char>(up_to(255)));
        break;
      default:
        if (chance(10)) bytes.resize(at);
    }
  }
  return bytes;
}

}  // namespace frontdesk
