#include "model/event.hpp"

namespace frontdesk {

std::string_view name_of(event_kind kind) {
  switch (kind) {
    case event_kind::message:
      return "message";
    case event_kind::opened:
      return "opened";
    case event_kind::queued:
      return "queued";
    case event_kind::assigned:
      return "assigned";
    case event_kind::transferred:
      return "transferred";
    case event_kind::returned:
      return "returned";
    case event_kind::closed:
      return "closed";
    case event_kind::reopened:
      return "reopened";
    case event_kind::edited:
      return "edited";
    case event_kind::deleted:
      return "deleted";
  }
  return "message";
}

std::string_view name_of(return_reason reason) {
  switch (reason) {
    case return_reason::none:
      return "";
    case return_reason::returned:
      return "returned";
    case return_reason::agent_gone:
      return "agent_gone";
  }
  return "";
}

}  // namespace frontdesk
