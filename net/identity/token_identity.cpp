#include "net/identity/token_identity.hpp"

#include <sodium.h>

#include <utility>

namespace frontdesk {

namespace {

timestamp after(timestamp now, std::chrono::milliseconds life) {
  return timestamp{now.value + life.count()};
}

std::uint64_t random_serial() {
  std::uint64_t value = 0;
  randombytes_buf(&value, sizeof value);
  return value >> 11U;
}

// Gone is final, an old generation is not: whoever still has the password gets new tokens.
fault_or<const agent*> agent_of(const token_claims& claims, const directory& now) {
  const agent* const who = now.find(claims.who);
  if (who == nullptr || !who->active) {
    return fault_code::forbidden;
  }
  if (who->token_generation != claims.generation) {
    return fault_code::token_expired;
  }
  return who;
}

}  // namespace

std::unique_ptr<token_identity> token_identity::with_secret(std::string_view secret) {
  auto key = token_key::from_secret(secret);
  if (!key) {
    return nullptr;
  }
  return std::unique_ptr<token_identity>(
      new token_identity(std::move(*key), seat_key::from_secret(secret)));
}

fault_or<identity> token_identity::identify(std::string_view token, const directory& people,
                                            timestamp now) const {
  const auto claims = key_.verify(token, now);
  if (!claims) {
    return claims.error();
  }
  identity found;
  found.who = claims->who;
  found.expires_at = claims->expires_at;
  // Visitors have no record of their own: they are as real as the inbox that they came to.
  if (claims->kind == token_kind::visitor) {
    const inbox* entry = people.find(claims->who.tenant, claims->inbox);
    if (entry == nullptr) {
      return fault_code::forbidden;
    }
    found.inbox = claims->inbox;
    found.team = entry->team;
    found.priority = claims->is_vip ? conversation_priority::vip : entry->priority;
    return found;
  }
  // A refresh token lives thirty days, and a ticket stands in addresses: each opens one door only,
  // where it can be refused.
  if (claims->kind != token_kind::access) {
    return fault_code::bad_token;
  }
  const auto who = agent_of(*claims, people);
  if (!who) {
    return who.error();
  }
  // As the directory says now, not as it said when the token was given.
  found.name = (*who)->name;
  found.role = (*who)->role;
  found.team = (*who)->team;
  return found;
}

fault_or<const agent*> token_identity::refresh(std::string_view token, const directory& people,
                                               timestamp now) const {
  const auto claims = key_.verify(token, now);
  if (!claims) {
    return claims.error();
  }
  if (claims->kind != token_kind::refresh) {
    return fault_code::bad_token;
  }
  return agent_of(*claims, people);
}

fault_or<std::string> token_identity::ticket_for(std::string_view token, timestamp now) const {
  auto claims = key_.verify(token, now);
  if (!claims) {
    return claims.error();
  }
  if (claims->kind != token_kind::visitor && claims->kind != token_kind::access) {
    return fault_code::bad_token;
  }
  claims->kind = token_kind::ticket;
  claims->good_until = claims->expires_at;
  claims->serial = random_serial();
  claims->issued_at = now;
  claims->expires_at = after(now, ticket_life);
  return key_.sign(*claims);
}

fault_or<std::string> token_identity::token_for(std::string_view ticket, timestamp now) const {
  auto claims = key_.verify(ticket, now);
  if (!claims) {
    return claims.error();
  }
  if (claims->kind != token_kind::ticket) {
    return fault_code::bad_token;
  }
  claims->kind = claims->who.person.is_visitor() ? token_kind::visitor : token_kind::access;
  claims->expires_at = claims->good_until;
  return key_.sign(*claims);
}

std::string token_identity::visitor_token(const inbox& entry, person_id visitor, timestamp now,
                                          conversation_priority priority) const {
  return key_.sign({.kind = token_kind::visitor,
                    .who = {entry.tenant, visitor},
                    .inbox = entry.id,
                    .is_vip = priority == conversation_priority::vip,
                    .issued_at = now,
                    .expires_at = after(now, visitor_life)});
}

std::string token_identity::access_token(const agent& who, timestamp now) const {
  return agent_token(token_kind::access, who, now);
}

std::string token_identity::refresh_token(const agent& who, timestamp now) const {
  return agent_token(token_kind::refresh, who, now);
}

std::string token_identity::agent_token(token_kind kind, const agent& who, timestamp now) const {
  const std::chrono::milliseconds life = kind == token_kind::access ? access_life : refresh_life;
  return key_.sign({.kind = kind,
                    .who = {who.tenant, who.id},
                    .inbox = {},
                    .generation = who.token_generation,
                    .issued_at = now,
                    .expires_at = after(now, life)});
}

// 64 random bits: nobody meets another's by chance, and to know one helps nobody without a token.
person_id new_visitor_id() {
  std::uint64_t value = 0;
  while (value == 0) {
    randombytes_buf(&value, sizeof value);
  }
  return {person_kind::visitor, value};
}

}  // namespace frontdesk
