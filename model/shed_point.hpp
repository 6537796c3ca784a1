#pragma once

#include "model/limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace frontdesk {

/// Everything that the desk leaves out, puts off or refuses under load, by name, so that each has
/// its count and its test. An acknowledged message is never among it.
enum class shed_point : std::uint8_t {
  /// What is typed is not passed on.
  typing = 0,
  /// Read and delivery ticks are recorded, and told when the load has gone.
  ticks,
  /// Lists of all and of closed conversations wait.
  lists,
  /// Who is connected is not told.
  presence,
  /// A team's lists are told less often.
  desk_news,
  /// A page of history is cut short.
  history,
  /// A message of a conversation without priority is told a little later.
  delayed_push,
  /// A new anonymous visitor was refused.
  fresh_visitor,
  /// An event was told in a lean frame.
  lean_event,
  /// A post was refused before it was acknowledged.
  post,
  /// A connection was refused before anything was made for it.
  accept,
};
inline constexpr std::size_t shed_points_count = 11;

constexpr std::string_view name_of(shed_point which) {
  constexpr std::array<std::string_view, shed_points_count> names{
      "typing",       "ticks",         "lists",      "presence", "desk_news", "history",
      "delayed_push", "fresh_visitor", "lean_event", "post",     "accept"};
  return names[static_cast<std::size_t>(which)];
}

/// The first tier at which it is shed; above all of them only when memory or the store are at
/// their end.
constexpr unsigned begins_at(shed_point which) {
  switch (which) {
    case shed_point::typing:
    case shed_point::ticks:
    case shed_point::lists:
    case shed_point::desk_news:
      return 1;
    case shed_point::delayed_push:
    case shed_point::fresh_visitor:
      return 2;
    case shed_point::presence:
    case shed_point::history:
    case shed_point::lean_event:
      return 3;
    case shed_point::post:
    case shed_point::accept:
      return 4;
  }
  return 0;
}

/// After how many milliseconds whoever was refused may come again: those who were refused together
/// do not come together, if each has drawn a number of its own.
constexpr std::uint32_t retry_under_load(std::uint64_t drawn) {
  const auto least = static_cast<std::uint32_t>(limits::overload_retry.count());
  return least + static_cast<std::uint32_t>(drawn % least);
}

}  // namespace frontdesk
