#include "storage/store_health.hpp"

namespace frontdesk {

void store_health::became_full(std::string_view why) {
  const std::scoped_lock lock{mutex_};
  if (now() == store_condition::sound) {
    become(store_condition::full, why);
  }
}

void store_health::has_room() {
  const std::scoped_lock lock{mutex_};
  if (now() == store_condition::full) {
    become(store_condition::sound, "There is room on the disk again.");
  }
}

void store_health::broke(std::string_view why) {
  const std::scoped_lock lock{mutex_};
  if (now() != store_condition::broken) {
    become(store_condition::broken, why);
  }
}

void store_health::become(store_condition next, std::string_view why) {
  now_.store(next, std::memory_order_release);
  if (tell_) {
    tell_(next, why);
  }
}

}  // namespace frontdesk
