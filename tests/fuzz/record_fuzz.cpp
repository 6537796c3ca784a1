#include "tests/fuzz/promise.hpp"
#include "wire/record.hpp"

namespace frontdesk {
namespace {

// Writing asserts what reading must have refused, so a reader that is too kind is found here, too.
template <class Read>
void read_and_write_again(Read read, std::string_view bytes) {
  const auto value = read(bytes);
  if (!value) {
    return;
  }
  const std::string written = to_bytes(*value);
  const auto again = read(written);
  promise(again.has_value(), "what was read can be written and read again");
  promise(*again == *value, "what was read and written again is read as the same");
  promise(to_bytes(*again) == written, "a value has one form");
}

void read_as_each(std::string_view bytes) {
  read_and_write_again(event_from_bytes, bytes);
  read_and_write_again(head_from_bytes, bytes);
  read_and_write_again(window_from_bytes, bytes);
  read_and_write_again(cursor_from_bytes, bytes);
  read_and_write_again(tenant_from_bytes, bytes);
  read_and_write_again(inbox_from_bytes, bytes);
  read_and_write_again(agent_from_bytes, bytes);
  read_and_write_again(batch_from_bytes, bytes);
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  frontdesk::read_as_each(frontdesk::text_of(bytes, size));
  return 0;
}
