#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace frontdesk {

/// Start here. An id that is a bare integer can be handed to the wrong parameter, and the compiler
/// agrees. So every id, sequence number and time of the desk is a type of its own: it compares with
/// its like, hashes, and does nothing else. `Tag` only names the type.
///
/// Value 0 of an id means "none"; no living thing has it.
template <class Tag, class Representation = std::uint64_t>
struct strong {
  using representation = Representation;

  Representation value = 0;

  constexpr strong() = default;
  constexpr explicit strong(Representation v) : value(v) {}

  friend constexpr auto operator<=>(const strong&, const strong&) = default;
  constexpr explicit operator bool() const { return value != 0; }
};

/// The owner of data: a company. Chosen by counting, so small numbers.
using tenant_id = strong<struct tenant_tag, std::uint32_t>;
/// An entry point of a tenant; unique within the tenant.
using inbox_id = strong<struct inbox_tag, std::uint32_t>;
/// A group of agents; unique within the tenant. Team 1 is the tenant's first.
using team_id = strong<struct team_tag, std::uint32_t>;
/// A conversation; unique within the tenant. Computed, never counted: see `opening_id`. Its highest
/// six bits are its shard, chosen at birth.
using conversation_id = strong<struct conversation_tag>;
/// One socket; unique within a node's life.
using connection_id = strong<struct connection_tag>;
/// One of the virtual shards into which conversations fall; 0 … 63.
using shard_id = strong<struct shard_tag, std::uint16_t>;
/// Which owner of a shard wrote: a later owner has a greater epoch.
using epoch = strong<struct epoch_tag>;
/// The place of a batch in its shard's log; dense from 1.
using log_index = strong<struct log_index_tag>;

/// The place of an event in its track; dense from 1, 0 means "none yet".
using sequence = strong<struct sequence_tag>;
/// The number that a device gave to a post, per conversation; from 1, without holes.
using post_number = strong<struct post_number_tag>;

/// Milliseconds since 1970 UTC, by the node's wall clock. For display and for waiting times of
/// seconds and more; order comes from sequences, never from times.
using timestamp = strong<struct timestamp_tag, std::int64_t>;

constexpr sequence next(sequence s) {
  return sequence{s.value + 1};
}
constexpr post_number next(post_number n) {
  return post_number{n.value + 1};
}

/// Which life of a conversation's actor speaks. Granted by the recorder at each waking and at each
/// claim of its shard; an append of an older one is refused.
struct incarnation {
  epoch owner;
  std::uint64_t count = 0;

  friend constexpr auto operator<=>(const incarnation&, const incarnation&) = default;
};

/// One install of a client: 128 random bits, chosen by the client, kept by it.
struct device_id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend constexpr auto operator<=>(const device_id&, const device_id&) = default;
  constexpr explicit operator bool() const { return high != 0 || low != 0; }
};

/// An uploaded file: 128 random bits, chosen by the desk. Nobody can guess one.
struct file_id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend constexpr auto operator<=>(const file_id&, const file_id&) = default;
  constexpr explicit operator bool() const { return high != 0 || low != 0; }
};

enum class person_kind : std::uint8_t { nobody = 0, visitor = 1, agent = 2, system = 3 };

/// Who spoke, or who shall hear: a visitor or an agent of a tenant, or the desk itself.
struct person_id {
  person_kind kind = person_kind::nobody;
  std::uint64_t value = 0;

  friend constexpr auto operator<=>(const person_id&, const person_id&) = default;
  constexpr explicit operator bool() const { return kind != person_kind::nobody; }
  constexpr bool is_visitor() const { return kind == person_kind::visitor; }
  constexpr bool is_agent() const { return kind == person_kind::agent; }
};

/// The desk itself, author of events that nobody said.
constexpr person_id the_system{person_kind::system, 0};

/// A person's name across tenants. `person_id`s of two tenants may be equal.
struct person_name {
  tenant_id tenant;
  person_id person;

  friend constexpr auto operator<=>(const person_name&, const person_name&) = default;
};

/// A conversation's name across tenants.
struct conversation_name {
  tenant_id tenant;
  conversation_id conversation;

  friend constexpr auto operator<=>(const conversation_name&, const conversation_name&) = default;
};

/// The shard on which a tenant lives.
shard_id shard_of(tenant_id);
/// The shard that a conversation's id names.
shard_id shard_of(conversation_id);

/// The id of the `ordinal`-th conversation (from 1) that a visitor opens at an inbox. Every device
/// of the visitor computes the same one, so that two first posts sent at once meet in one
/// conversation. Ids of different visitors collide with a chance of one in 2^58; `chat`'s owner
/// then refuses.
conversation_id opening_id(person_name visitor, inbox_id, std::uint32_t ordinal);

/// @name Text
/// As the wire writes them: 16 lower-case hex digits for a conversation, 32 for a device or file,
/// `visitor:`, `agent:` + 16 hex digits or `system` for a person. Reading accepts exactly this
/// form.
/// @{
std::string to_text(conversation_id);
std::string to_text(device_id);
std::string to_text(file_id);
std::string to_text(person_id);
std::optional<conversation_id> conversation_from_text(std::string_view);
std::optional<device_id> device_from_text(std::string_view);
std::optional<file_id> file_from_text(std::string_view);
std::optional<person_id> person_from_text(std::string_view);
/// @}

/// A fast 64-bit mix for hash tables and opening ids: public, so no secret may rest on it.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

}  // namespace frontdesk

template <class Tag, class Representation>
struct std::hash<frontdesk::strong<Tag, Representation>> {
  std::size_t operator()(const frontdesk::strong<Tag, Representation>& id) const noexcept {
    return frontdesk::mixed(static_cast<std::uint64_t>(id.value));
  }
};

template <>
struct std::hash<frontdesk::device_id> {
  std::size_t operator()(const frontdesk::device_id& id) const noexcept {
    return frontdesk::mixed(id.high ^ frontdesk::mixed(id.low));
  }
};

template <>
struct std::hash<frontdesk::file_id> {
  std::size_t operator()(const frontdesk::file_id& id) const noexcept {
    return frontdesk::mixed(id.high ^ frontdesk::mixed(id.low));
  }
};

template <>
struct std::hash<frontdesk::person_id> {
  std::size_t operator()(const frontdesk::person_id& id) const noexcept {
    return frontdesk::mixed(id.value ^ (static_cast<std::uint64_t>(id.kind) << 56U));
  }
};

template <>
struct std::hash<frontdesk::person_name> {
  std::size_t operator()(const frontdesk::person_name& name) const noexcept {
    return frontdesk::mixed(std::hash<frontdesk::person_id>{}(name.person) ^ name.tenant.value);
  }
};

template <>
struct std::hash<frontdesk::conversation_name> {
  std::size_t operator()(const frontdesk::conversation_name& name) const noexcept {
    return frontdesk::mixed(name.conversation.value ^ name.tenant.value);
  }
};
