#include "storage/rocks_build.hpp"

#include <dlfcn.h>
#include <rocksdb/version.h>

namespace frontdesk {

rocks_build running_rocks() {
  // rocksdb::SyncPoint, with which its own tests stop its threads, is only in debug builds.
  constexpr const char* debug_symbol = "_ZN7rocksdb9SyncPoint11GetInstanceEv";
  return {rocksdb::GetRocksVersionAsString(), dlsym(RTLD_DEFAULT, debug_symbol) != nullptr};
}

}  // namespace frontdesk
