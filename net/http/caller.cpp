#include "net/http/caller.hpp"

#include "model/limits.hpp"
#include "net/http/http_words.hpp"
#include "net/http/origins.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace frontdesk {

namespace {

// A visitor's page must be one of her inbox's, an agent's our own. No origin: not a browser.
bool may_ask_from(const http_request& request, const identity& who, const directory& people) {
  const std::string_view origin = request.field("origin");
  if (request.count("origin") == 0 ||
      is_own_origin(origin, request.field("host"), request.scheme)) {
    return true;
  }
  const inbox* const entry = people.find(who.who.tenant, who.inbox);
  return !who.is_agent() && entry != nullptr && allows(*entry, origin);
}

}  // namespace

// Nothing that would have to be escaped where it goes, in a `hello`.
bool is_token(std::string_view text) {
  constexpr std::string_view others = "-._~+/=";
  return !text.empty() && text.size() <= limits::token_bytes_max &&
         std::ranges::all_of(text, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != std::string_view::npos;
         });
}

std::string bearer_of(const http_request& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string_view field = request.field("authorization");
  if (request.count("authorization") != 1 || !equal_words(field.substr(0, scheme.size()), scheme)) {
    return {};
  }
  const std::string_view token = trimmed(field.substr(scheme.size()));
  return is_token(token) ? std::string(token) : std::string();
}

std::optional<http_answer> too_fast(rate_table& rates, std::uint64_t key, std::size_t count) {
  const auto wait = rates.take(key, std::chrono::steady_clock::now(), count);
  if (!wait) {
    return std::nullopt;
  }
  return answer_of(fault(fault_code::rate_limited, static_cast<std::uint32_t>(wait->count())));
}

std::uint64_t key_of(const person_name& name) {
  return mixed(std::hash<person_id>{}(name.person) ^ mixed(name.tenant.value));
}

known_caller identify_caller(const http_request& request, const std::string& token,
                             const reception::surroundings& parts) {
  if (token.empty()) {
    return {answer_of(fault(fault_code::bad_token)), {}};
  }
  const directory_ptr people = parts.actors.directory_now();
  auto who = parts.tokens.identify(token, *people, parts.time.now());
  if (!who) {
    return {answer_of(who.error()), {}};
  }
  if (!may_ask_from(request, *who, *people)) {
    return {refusal(fault_code::forbidden, 403, "This page may not ask here."), {}};
  }
  return {std::nullopt, std::move(*who)};
}

}  // namespace frontdesk
