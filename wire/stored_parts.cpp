#include "wire/stored_parts.hpp"

#include <google/protobuf/stubs/common.h>

namespace frontdesk::stored {

bool is_text(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && google::protobuf::internal::IsStructurallyValidUTF8(
                                         text.data(), static_cast<int>(text.size()));
}

}  // namespace frontdesk::stored
