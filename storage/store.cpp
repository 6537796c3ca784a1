#include "storage/store.hpp"

namespace frontdesk {

std::string_view name_of(family where) {
  switch (where) {
    case family::log:
      return "log";
    case family::index:
      return "index";
    case family::head:
      return "head";
    case family::dedupe:
      return "dedupe";
    case family::cursor:
      return "cursor";
    case family::directory:
      return "directory";
    case family::outbox:
      return "outbox";
    case family::audit:
      return "audit";
    case family::meta:
      return "meta";
  }
  return "meta";
}

}  // namespace frontdesk
