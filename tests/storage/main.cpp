#include "tests/storage/second_process.hpp"

#include <gmock/gmock.h>

#include <span>
#include <string>

// RocksDB 7.8 forgets its write buffers when it is closed after a flush has failed.
extern "C" const char* __lsan_default_suppressions();   // NOLINT: the sanitizer's name
extern "C" const char* __lsan_default_suppressions() {  // NOLINT
  return "leak:rocksdb::DBImpl::SwitchMemtable\n";
}

int main(int count, char** words) {
  const std::span arguments{words, static_cast<std::size_t>(count)};
  if (count == 4 && std::string{arguments[1]} == "--second-process") {
    return frontdesk::play_second_process(arguments[2], arguments[3]);
  }
  testing::InitGoogleMock(&count, words);
  return RUN_ALL_TESTS();
}
