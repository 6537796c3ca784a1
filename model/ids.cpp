#include "model/ids.hpp"

#include <fmt/format.h>

namespace frontdesk {

namespace {

constexpr unsigned shard_bits = 6;
constexpr unsigned shard_shift = 64 - shard_bits;

std::optional<std::uint64_t> hex_from_text(std::string_view text) {
  if (text.size() != 16) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) {
      return std::nullopt;
    }
    value = value << 4U | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return value;
}

std::optional<person_id> prefixed_person(std::string_view text, std::string_view prefix,
                                         person_kind kind) {
  if (!text.starts_with(prefix)) {
    return std::nullopt;
  }
  const auto value = hex_from_text(text.substr(prefix.size()));
  if (!value || *value == 0) {
    return std::nullopt;
  }
  return person_id{kind, *value};
}

}  // namespace

shard_id shard_of(tenant_id tenant) {
  return shard_id{static_cast<std::uint16_t>(mixed(tenant.value) >> shard_shift)};
}

shard_id shard_of(conversation_id conversation) {
  return shard_id{static_cast<std::uint16_t>(conversation.value >> shard_shift)};
}

conversation_id opening_id(person_name visitor, inbox_id inbox, std::uint32_t ordinal) {
  const std::uint64_t place = static_cast<std::uint64_t>(inbox.value) << 32U | ordinal;
  const std::uint64_t hash =
      mixed(mixed(visitor.person.value ^ mixed(visitor.tenant.value)) ^ place);
  const std::uint64_t shard = shard_of(visitor.tenant).value;
  const std::uint64_t id = (hash >> shard_bits) | shard << shard_shift;
  return conversation_id{id == 0 ? 1 : id};
}

std::string to_text(conversation_id id) {
  return fmt::format("{:016x}", id.value);
}

std::string to_text(device_id id) {
  return fmt::format("{:016x}{:016x}", id.high, id.low);
}

std::string to_text(file_id id) {
  return to_text(device_id{id.high, id.low});
}

std::string to_text(person_id id) {
  switch (id.kind) {
    case person_kind::visitor:
      return fmt::format("visitor:{:016x}", id.value);
    case person_kind::agent:
      return fmt::format("agent:{:016x}", id.value);
    case person_kind::system:
      return "system";
    case person_kind::nobody:
      break;
  }
  return {};
}

std::optional<conversation_id> conversation_from_text(std::string_view text) {
  const auto value = hex_from_text(text);
  if (!value || *value == 0) {
    return std::nullopt;
  }
  return conversation_id{*value};
}

std::optional<device_id> device_from_text(std::string_view text) {
  if (text.size() != 32) {
    return std::nullopt;
  }
  const auto high = hex_from_text(text.substr(0, 16));
  const auto low = hex_from_text(text.substr(16));
  if (!high || !low || (*high == 0 && *low == 0)) {
    return std::nullopt;
  }
  return device_id{*high, *low};
}

std::optional<file_id> file_from_text(std::string_view text) {
  const auto same_form = device_from_text(text);
  if (!same_form) {
    return std::nullopt;
  }
  return file_id{same_form->high, same_form->low};
}

std::optional<person_id> person_from_text(std::string_view text) {
  if (text == "system") {
    return the_system;
  }
  if (const auto visitor = prefixed_person(text, "visitor:", person_kind::visitor)) {
    return visitor;
  }
  return prefixed_person(text, "agent:", person_kind::agent);
}

}  // namespace frontdesk
