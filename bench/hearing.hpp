#pragma once

#include "bench/speech.hpp"

namespace frontdesk::bench {

heard heard_in_json(std::string_view text);
heard heard_in_protobuf(std::string_view bytes);

}  // namespace frontdesk::bench
