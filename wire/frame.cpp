#include "wire/frame.hpp"

namespace frontdesk::frame {

std::string_view name_of(routing_status status) {
  switch (status) {
    case routing_status::offline:
      return "offline";
    case routing_status::away:
      return "away";
    case routing_status::busy:
      return "busy";
    case routing_status::accepting:
      return "accepting";
  }
  return "offline";
}

std::string_view name_of(list_view view) {
  switch (view) {
    case list_view::mine:
      return "mine";
    case list_view::queue:
      return "queue";
    case list_view::all:
      return "all";
    case list_view::closed:
      return "closed";
  }
  return "mine";
}

}  // namespace frontdesk::frame
