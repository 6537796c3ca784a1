#include "tests/fuzz/promise.hpp"
#include "wire/admin_json.hpp"

namespace frontdesk {
namespace {

void read_request_twice(std::string_view line) {
  const auto request = admin_json::read_request(line);
  if (!request.ok()) {
    const fault_code code = request.error().code;
    return promise(code == fault_code::not_json || code == fault_code::bad_frame ||
                       code == fault_code::unknown_frame,
                   "a request is refused by one of three codes");
  }
  const std::string written = to_json(*request);
  promise(written.find('\n') == std::string::npos, "a request is one line");
  const auto again = admin_json::read_request(written);
  promise(again.ok(), "a request that was read can be written and read again");
  promise(again->index() == request->index() && to_json(*again) == written,
          "a request that was read and written again is read as the same");
}

void read_answer_twice(std::string_view line) {
  const auto read = admin_json::read_answer(line);
  const auto* const answer = std::get_if<admin_json::answer>(&read);
  if (answer == nullptr) {
    return;
  }
  const std::string written = to_json(*answer);
  promise(written.find('\n') == std::string::npos, "an answer is one line");
  const auto again = admin_json::read_answer(written);
  const auto* const other = std::get_if<admin_json::answer>(&again);
  promise(other != nullptr, "an answer that was read can be written and read again");
  promise(other->entries == answer->entries && other->next == answer->next &&
              other->token == answer->token,
          "an answer that was read and written again is read as the same");
}

}  // namespace
}  // namespace frontdesk

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  frontdesk::read_request_twice(frontdesk::text_of(bytes, size));
  frontdesk::read_answer_twice(frontdesk::text_of(bytes, size));
  return 0;
}
