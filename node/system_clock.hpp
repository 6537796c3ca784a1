#pragma once

#include "model/wall_clock.hpp"

#include <chrono>

namespace frontdesk {

/// The machine's date.
class system_clock final : public wall_clock {
 public:
  timestamp now() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
  }
};

}  // namespace frontdesk
