#pragma once

#include "model/directory.hpp"
#include "net/http/http_request.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

/// The problem: any page in the world can make its visitor's browser call us. The browser says
/// which page it was (`Origin`), and it depends on the inbox whether that page may.
///
/// The answer: an inbox lists the pages that may; an empty list allows any. Who has not said yet
/// which inbox is meant (a preflight, an upgrade) is judged by all lists together, and once more as
/// soon as it is known. Programs that are not browsers send no `Origin` and are judged by their
/// token alone, as is right: they could send what they like.
namespace frontdesk {

/// Whether the page came from this node itself: the origin's host and port are those that the
/// request was sent to, and its scheme is the request's, unless that is not known. Under `https` a
/// page of `http` is a stranger: anybody on the way may have written it.
bool is_own_origin(std::string_view origin, std::string_view host, http_scheme);

/// Whether an inbox's visitors may come from there.
bool allows(const inbox&, std::string_view origin);

/// The union of all inboxes' lists, made once for each directory. Thread-safe.
class origin_book {
 public:
  /// Whether some inbox allows this origin.
  bool allows(const directory_ptr&, std::string_view origin);

 private:
  void read(const directory&);

  std::mutex mutex_;
  directory_ptr read_from_;
  std::unordered_set<std::string> listed_;
  bool any_ = false;
};

}  // namespace frontdesk
