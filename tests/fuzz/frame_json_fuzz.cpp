#include "tests/fuzz/promise.hpp"
#include "tests/wire/client_text.hpp"
#include "wire/frame_json.hpp"

#include <string>

namespace frontdesk {
namespace {

bool is_reading_fault(fault_code code) {
  switch (code) {
    case fault_code::too_large:
    case fault_code::not_json:
    case fault_code::bad_frame:
    case fault_code::unknown_frame:
    case fault_code::bad_value:
      return true;
    default:
      return false;
  }
}

void read_and_say_again(std::string_view text) {
  const auto read = read_json(text);
  promise(read == read_json(std::string(text) + " \n"), "space behind a frame means nothing");
  if (const auto* const wrong = std::get_if<frame::unreadable>(&read)) {
    return promise(is_reading_fault(wrong->code), "a frame is refused by one of five codes");
  }
  const auto& frame = std::get<frame::from_client>(read);
  const auto again = read_json(client_text(frame));
  promise(again == decltype(again)(frame), "what was read and said again is read as the same");
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  frontdesk::read_and_say_again(frontdesk::text_of(bytes, size));
  return 0;
}
