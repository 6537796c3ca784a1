#include "node/time_text.hpp"

#include <fmt/chrono.h>

#include <ctime>

namespace frontdesk {

std::string text_of_time(timestamp at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(static_cast<std::time_t>(at.value / 1000)));
}

}  // namespace frontdesk
