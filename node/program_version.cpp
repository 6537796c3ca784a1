#include "node/program_version.hpp"

namespace frontdesk {

const char* program_version() {
  return FRONTDESK_VERSION;
}

}  // namespace frontdesk
