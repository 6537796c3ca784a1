#include "actors/desk_time.hpp"

namespace frontdesk {

timestamp system_wall_clock::now() const {
  using namespace std::chrono;
  auto since_epoch = system_clock::now().time_since_epoch();
  return timestamp{duration_cast<milliseconds>(since_epoch).count()};
}

}  // namespace frontdesk
