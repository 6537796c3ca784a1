#include "actors/pinned_actor.hpp"

#include "actors/failure_watch.hpp"

#include <string>

namespace frontdesk {

caf::error pinned::report_thrown(caf::local_actor& self,
                                 const std::exception_ptr& thrown) noexcept {
  std::string what = "not a std::exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    what = known.what();
  } catch (...) {
  }
  failures_of(self.home_system()).report({self.name(), self.id(), what});
  return caf::make_error(caf::sec::runtime_error, what);
}

caf::result<caf::message> pinned::refuse_unknown(caf::scheduled_actor* self, caf::message_view&) {
  if (self->current_message_id().is_request()) return caf::sec::unexpected_message;
  // An error would be sent even to a sender that does not wait for one.
  return caf::delegated<caf::message>{};
}

}  // namespace frontdesk
