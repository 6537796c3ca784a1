#include "tests/client/protobuf_speech.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/wire/client_text.hpp"
#include "wire/frame_protobuf.hpp"

#include <string>

namespace frontdesk {
namespace {

bool is_reading_fault(fault_code code) {
  switch (code) {
    case fault_code::too_large:
    case fault_code::bad_frame:
    case fault_code::unknown_frame:
    case fault_code::bad_value:
      return true;
    default:
      return false;
  }
}

void read_and_say_again(std::string_view bytes) {
  const auto read = read_protobuf(bytes);
  if (const auto* const wrong = std::get_if<frame::unreadable>(&read)) {
    return promise(is_reading_fault(wrong->code), "a frame is refused by one of four codes");
  }
  promise(read_protobuf(client::rewritten(bytes)) == read, "the library reads it as the same");
  const auto& frame = std::get<frame::from_client>(read);
  promise(read_protobuf(client::in_protobuf(client_text(frame))) == read,
          "what was read and said again is read as the same");
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  frontdesk::read_and_say_again(frontdesk::text_of(bytes, size));
  return 0;
}
