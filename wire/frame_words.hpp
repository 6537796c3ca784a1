#pragma once

#include "wire/frame.hpp"

#include <string_view>

/// What each frame is called in docs/wire.md, and which conversation it is about: for those who
/// tell operators of frames, and not what stands in them.
namespace frontdesk::frame {

template <class Frame>
inline constexpr std::string_view word_for = {};

template <>
inline constexpr std::string_view word_for<hello> = "hello";
template <>
inline constexpr std::string_view word_for<refresh> = "refresh";
template <>
inline constexpr std::string_view word_for<sub> = "sub";
template <>
inline constexpr std::string_view word_for<unsub> = "unsub";
template <>
inline constexpr std::string_view word_for<post> = "post";
template <>
inline constexpr std::string_view word_for<history> = "history";
template <>
inline constexpr std::string_view word_for<received> = "received";
template <>
inline constexpr std::string_view word_for<read> = "read";
template <>
inline constexpr std::string_view word_for<typing> = "typing";
template <>
inline constexpr std::string_view word_for<status> = "status";
template <>
inline constexpr std::string_view word_for<watch> = "watch";
template <>
inline constexpr std::string_view word_for<list> = "list";
template <>
inline constexpr std::string_view word_for<agents> = "agents";
template <>
inline constexpr std::string_view word_for<transfer> = "transfer";
template <>
inline constexpr std::string_view word_for<give_back> = "return";
template <>
inline constexpr std::string_view word_for<close> = "close";
template <>
inline constexpr std::string_view word_for<pong> = "pong";

template <>
inline constexpr std::string_view word_for<welcome> = "welcome";
template <>
inline constexpr std::string_view word_for<roster> = "roster";
template <>
inline constexpr std::string_view word_for<event> = "event";
template <>
inline constexpr std::string_view word_for<ack> = "ack";
template <>
inline constexpr std::string_view word_for<page> = "page";
template <>
inline constexpr std::string_view word_for<cursor_moved> = "cursor";
template <>
inline constexpr std::string_view word_for<typing_seen> = "typing";
template <>
inline constexpr std::string_view word_for<presence> = "presence";
template <>
inline constexpr std::string_view word_for<place> = "place";
template <>
inline constexpr std::string_view word_for<me> = "me";
template <>
inline constexpr std::string_view word_for<desk> = "desk";
template <>
inline constexpr std::string_view word_for<listed> = "listed";
template <>
inline constexpr std::string_view word_for<agents_seen> = "agents";
template <>
inline constexpr std::string_view word_for<finished> = "done";
template <>
inline constexpr std::string_view word_for<gap> = "gap";
template <>
inline constexpr std::string_view word_for<ping> = "ping";
template <>
inline constexpr std::string_view word_for<mode> = "mode";
template <>
inline constexpr std::string_view word_for<lean> = "lean";
template <>
inline constexpr std::string_view word_for<bye> = "bye";
template <>
inline constexpr std::string_view word_for<refused> = "fault";

/// The one that it is about; none, if it is about none or several.
template <class Frame>
conversation_id conversation_of(const Frame& what) {
  if constexpr (requires { conversation_id{what.conversation}; }) {
    return what.conversation;
  } else if constexpr (requires { what.conversation.value_or(conversation_id{}); }) {
    return what.conversation.value_or(conversation_id{});
  } else {
    return {};
  }
}

}  // namespace frontdesk::frame
