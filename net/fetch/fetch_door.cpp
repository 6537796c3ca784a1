#include "net/fetch/fetch_door.hpp"

#include "net/http/caller.hpp"
#include "net/http/hello_door.hpp"
#include "wire/http_json.hpp"

#include <utility>

namespace frontdesk {

namespace {

// Without buffering: a proxy would keep a stream until it ends.
http_answer answer_with(fetch_call call, std::string_view type) {
  http_answer answer;
  answer.with("Content-Type", std::string(type))
      .with("Cache-Control", "no-store")
      .with("X-Accel-Buffering", "no");
  answer.call = std::make_shared<fetch_call>(std::move(call));
  return answer;
}

}  // namespace

http_answer fetch_door::enter(const http_request& request, fetch_call::kinds kind) const {
  // The rate comes first: it costs least, and what follows is what it saves.
  if (auto refused = too_fast(parts_.door.fetches, request.from.network)) {
    return *std::move(refused);
  }
  // A token is looked at below, also for frames: each of these is a hello.
  if (auto refused = ask_gate(parts_.door, parts_.tokens, request, parts_.time.now())) {
    return *std::move(refused);
  }
  read_call read = read_fetch_call(request, kind);
  if (read.refused) {
    return *std::move(read.refused);
  }
  if (auto refused = why_not(request, read.call)) {
    return *std::move(refused);
  }
  return answer_with(std::move(read.call), frames_type);
}

http_answer fetch_door::give_ticket(const http_request& request) const {
  if (auto refused = too_fast(parts_.door.fetches, request.from.network)) {
    return *std::move(refused);
  }
  // Here, where a seat can be shown; whoever comes by the ticket was asked.
  if (auto refused = ask_gate(parts_.door, parts_.tokens, request, parts_.time.now())) {
    return *std::move(refused);
  }
  fetch_call call;
  call.kind = fetch_call::kinds::events;
  call.token = bearer_of(request);
  if (auto refused = why_not(request, call)) {
    return *std::move(refused);
  }
  const auto ticket = parts_.tokens.ticket_for(call.token, parts_.time.now());
  if (!ticket) {
    return answer_of(ticket.error());
  }
  return json_answer(
      200, http_json::to_json(http_json::ticket_made{*ticket, token_identity::ticket_life}));
}

http_answer fetch_door::enter_by_ticket(const http_request& request) {
  if (auto refused = too_fast(parts_.door.fetches, request.from.network)) {
    return *std::move(refused);
  }
  read_event_source read = read_event_source_call(request.query());
  if (read.refused) {
    return *std::move(read.refused);
  }
  const auto token = parts_.tokens.token_for(read.ticket, parts_.time.now());
  if (!token) {
    return answer_of(token.error());
  }
  read.call.token = *token;
  if (auto refused = why_not(request, read.call)) {
    return *std::move(refused);
  }
  const std::uint64_t key = std::hash<std::string>{}(read.ticket);
  if (used_tickets_.take(key, std::chrono::steady_clock::now())) {
    return answer_of(fault(fault_code::bad_token));
  }
  return answer_with(std::move(read.call), events_type);
}

std::optional<http_answer> fetch_door::why_not(const http_request& request,
                                               const fetch_call& call) const {
  known_caller caller = identify_caller(request, call.token, parts_);
  if (caller.refused || call.kind != fetch_call::kinds::frames) {
    return std::move(caller.refused);
  }
  // By frame: the desk's own rates begin anew with every request. All of its frames or none: who is
  // refused and asks again would otherwise never have enough for a long request.
  return too_fast(parts_.door.frames_by_person, key_of(caller.who.who), call.frames.size());
}

}  // namespace frontdesk
