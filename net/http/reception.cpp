#include "net/http/reception.hpp"

#include "net/http/http_words.hpp"
#include "wire/http_json.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace frontdesk {

namespace {

// Takes a token for the key, or says what to answer.
std::optional<http_answer> too_fast(rate_table& rates, std::uint64_t key) {
  const auto wait = rates.take(key, std::chrono::steady_clock::now());
  if (!wait) {
    return std::nullopt;
  }
  return answer_of(fault(fault_code::rate_limited, static_cast<std::uint32_t>(wait->count())));
}

// A form of another page can send a body of any type but this one without being asked.
std::optional<http_answer> not_json(const http_request& request) {
  std::string_view type = request.field("content-type");
  if (equal_words(next_word(type, ';'), "application/json")) {
    return std::nullopt;
  }
  return refusal(fault_code::not_json, 415, "The body must be application/json.");
}

// People type their tenant only where there are several.
const tenant* tenant_of(const http_json::sign_in& wish, const directory& people) {
  return wish.tenant ? people.tenant_by_name(*wish.tenant) : people.only_tenant();
}

// Two accounts that share a bucket only share its rate.
std::uint64_t account_key(const http_json::sign_in& wish, std::string_view email) {
  const std::hash<std::string_view> hash;
  return mixed(hash(email) ^ mixed(hash(wish.tenant.value_or(std::string()))));
}

}  // namespace

http_answer reception::make_visitor(const http_request& request) {
  // The rate comes first: it costs least, and what follows is what it saves.
  if (auto refused = too_fast(parts_.door.visitors, request.from.network)) {
    return *std::move(refused);
  }
  if (auto refused = not_json(request)) {
    return *std::move(refused);
  }
  const auto wish = http_json::read_new_visitor(request.body);
  if (!wish) {
    return answer_of(wish.error());
  }
  const directory_ptr people = parts_.actors.directory_now();
  const inbox* const entry = people->inbox_by_widget_key(wish->widget_key);
  if (entry == nullptr) {
    return answer_of(fault(fault_code::unknown_inbox));
  }
  if (const auto wait = kept_out(*entry)) {
    return answer_of(fault(fault_code::busy, *wait));
  }
  const std::string_view origin = request.field("origin");
  // The hosted widget is a page of our own, so its requests come from our own origin.
  const bool is_own = is_own_origin(origin, request.field("host"), request.scheme);
  if (!origin.empty() && !is_own && !allows(*entry, origin)) {
    return refusal(fault_code::forbidden, 403, "This page is not on the inbox's list of origins.");
  }
  const person_id visitor = new_visitor_id();
  const std::string token = parts_.tokens.visitor_token(*entry, visitor, parts_.time.now());
  return json_answer(201, http_json::to_json(http_json::visitor_made{token, visitor, *entry}));
}

/// A new visitor means a connection, actors and a conversation, so under load the door is where it
/// costs least to say no. An inbox whose conversations come first keeps its door open.
std::optional<std::uint32_t> reception::kept_out(const inbox& entry) {
  const auto state = parts_.actors.tiers().of(entry.tenant);
  const bool comes_first = entry.priority == conversation_priority::vip && !state->is_guarded();
  if (comes_first || !state->sheds(shed_point::fresh_visitor)) {
    return std::nullopt;
  }
  auto& bucket = parts_.door.visitors_under_load;
  const auto now = std::chrono::steady_clock::now();
  const bool is_let_in = state->tier() < tier_max && !bucket.take(entry.tenant.value, now);
  if (is_let_in) {
    return std::nullopt;
  }
  state->count(shed_point::fresh_visitor);
  return retry_under_load(new_visitor_id().value);
}

void reception::sign_in(const http_request& request, io_thread& here, const reply& answer) {
  if (auto refused = too_fast(parts_.door.logins_by_address, request.from.network)) {
    return answer(*std::move(refused));
  }
  if (auto refused = not_json(request)) {
    return answer(*std::move(refused));
  }
  auto wish = http_json::read_sign_in(request.body);
  if (!wish) {
    return answer(answer_of(wish.error()));
  }
  const std::string email = lower_case(wish->email);
  // By account, too: a list of passwords can be tried from a thousand addresses.
  if (auto refused = too_fast(parts_.door.logins_by_account, account_key(*wish, email))) {
    return answer(*std::move(refused));
  }
  const directory_ptr people = parts_.actors.directory_now();
  const tenant* const owner = tenant_of(*wish, *people);
  const agent* const who = owner == nullptr ? nullptr : people->agent_by_email(owner->id, email);
  // From here on the answer takes as long whoever it was: also nobody's password is checked.
  const bool may_enter = who != nullptr && who->active;
  const auto checked = parts_.checker.check(
      may_enter ? who->password_hash : std::string(), std::move(wish->password),
      [this, &here, answer, people, who](bool is_right) {
        auto made = is_right ? session_for(*who) : answer_of(fault(fault_code::bad_credentials));
        // Sockets belong to their thread; this is the passwords' one.
        here.post([answer, made = std::move(made)] { answer(made); });
      });
  if (!checked) {
    answer(answer_of(fault(checked.error().code, 1000)));
  }
}

http_answer reception::refresh(const http_request& request) {
  if (auto refused = not_json(request)) {
    return *std::move(refused);
  }
  const auto wish = http_json::read_refresh(request.body);
  if (!wish) {
    return answer_of(wish.error());
  }
  const directory_ptr people = parts_.actors.directory_now();
  // No rate: to guess a signature is hopeless, and to check one costs microseconds.
  const auto who = parts_.tokens.refresh(wish->refresh_token, *people, parts_.time.now());
  return who ? session_for(**who) : answer_of(who.error());
}

http_answer reception::session_for(const agent& who) const {
  const timestamp now = parts_.time.now();
  return json_answer(201, http_json::to_json(http_json::session_made{
                              .token = parts_.tokens.access_token(who, now),
                              .refresh_token = parts_.tokens.refresh_token(who, now),
                              .expires_in = token_identity::access_life,
                              .who = who}));
}

}  // namespace frontdesk
