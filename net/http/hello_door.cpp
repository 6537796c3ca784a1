#include "net/http/hello_door.hpp"

#include "net/http/http_words.hpp"

#include <chrono>
#include <string_view>

namespace frontdesk {

namespace {

using guests = hello_gate::guests;

std::string_view seat_of(const http_request& request) {
  constexpr std::string_view prefix = "frontdesk.seat.";
  for (const auto& line : request.fields) {
    std::string_view list = line.name == "sec-websocket-protocol" ? line.value : std::string_view();
    while (!list.empty()) {
      const std::string_view word = trimmed(next_word(list));
      if (word.starts_with(prefix)) {
        return word.substr(prefix.size());
      }
    }
  }
  return request.field("frontdesk-seat");
}

}  // namespace

std::optional<http_answer> ask_gate(admission& door, const token_identity& tokens,
                                    const http_request& request, timestamp now) {
  const auto moment = std::chrono::steady_clock::now();
  const std::string_view offered = seat_of(request);
  const auto seat = offered.empty() ? std::nullopt : tokens.seats().number_of(offered, now);
  // One seat is for one: who lends his to a thousand brings a thousand strangers.
  const bool is_seated = seat && !door.hellos_by_seat.take(*seat, moment);
  const auto wait = door.hellos.ask(is_seated ? guests::seated : guests::fresh, moment);
  if (!wait) {
    return std::nullopt;
  }
  return answer_of(fault(fault_code::overload, static_cast<std::uint32_t>(wait->count())));
}

}  // namespace frontdesk
