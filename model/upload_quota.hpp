#pragma once

#include "model/ids.hpp"
#include "model/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace frontdesk {

/// What uploads that were not posted yet may take, so that nobody fills a disk with files that no
/// conversation knows: by person and by tenant, by number and by bytes. A file counts with its
/// whole size from its beginning.
class upload_quota {
 public:
  struct bounds {
    std::size_t count_max = 0;
    std::uint64_t bytes_max = 0;
  };

  upload_quota(bounds of_person, bounds of_tenant) : person_(of_person), tenant_(of_tenant) {}

  bool has_room_for_person(person_name who, std::uint64_t bytes) const {
    return has_room(persons_, who, person_, bytes);
  }
  bool has_room_for_tenant(tenant_id whose, std::uint64_t bytes) const {
    return has_room(tenants_, whose, tenant_, bytes);
  }

  void begun(person_name who, std::uint64_t bytes) {
    add(persons_[who], bytes);
    add(tenants_[who.tenant], bytes);
  }
  /// It was posted, or given up.
  void ended(person_name who, std::uint64_t bytes) {
    take(persons_, who, bytes);
    take(tenants_, who.tenant, bytes);
  }

 private:
  struct sum {
    std::size_t count = 0;
    std::uint64_t bytes = 0;
  };

  template <class Sums, class Key>
  static bool has_room(const Sums& sums, const Key& key, const bounds& most, std::uint64_t bytes) {
    const auto found = sums.find(key);
    const sum now = found == sums.end() ? sum{} : found->second;
    return now.count < most.count_max && now.bytes + bytes <= most.bytes_max;
  }
  static void add(sum& to, std::uint64_t bytes) {
    ++to.count;
    to.bytes += bytes;
  }
  template <class Sums, class Key>
  static void take(Sums& sums, const Key& key, std::uint64_t bytes) {
    const auto found = sums.find(key);
    if (found == sums.end()) return;
    found->second.bytes -= bytes;
    // Who has none is not kept: visitors are many.
    if (--found->second.count == 0) sums.erase(found);
  }

  const bounds person_;
  const bounds tenant_;
  std::unordered_map<person_name, sum> persons_;
  std::unordered_map<tenant_id, sum> tenants_;
};

}  // namespace frontdesk
