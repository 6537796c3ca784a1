#include "net/http/origins.hpp"

#include "net/http/http_words.hpp"

#include <algorithm>

namespace frontdesk {

bool is_own_origin(std::string_view origin, std::string_view host, http_scheme scheme) {
  using enum http_scheme;
  const bool is_https = origin.starts_with("https://");
  if (!is_https && !origin.starts_with("http://")) {
    return false;
  }
  if (scheme != unknown && scheme != (is_https ? https : http)) {
    return false;
  }
  // A browser leaves the scheme's own port out of both, so the rest is comparable as it stands.
  origin.remove_prefix(origin.find("//") + 2);
  return !host.empty() && equal_words(origin, host);
}

bool allows(const inbox& entry, std::string_view origin) {
  return entry.origins.empty() || std::ranges::find(entry.origins, origin) != entry.origins.end();
}

// A directory changes by hand and is read by every upgrade, so the union is made once a change.
bool origin_book::allows(const directory_ptr& now, std::string_view origin) {
  const std::lock_guard guard(mutex_);
  if (read_from_ != now) {
    read(*now);
    read_from_ = now;
  }
  return any_ || listed_.contains(std::string(origin));
}

void origin_book::read(const directory& now) {
  listed_.clear();
  any_ = false;
  for (const tenant* owner : now.tenants()) {
    for (const inbox* entry : now.inboxes(owner->id)) {
      any_ = any_ || entry->origins.empty();
      listed_.insert(entry->origins.begin(), entry->origins.end());
    }
  }
}

}  // namespace frontdesk
