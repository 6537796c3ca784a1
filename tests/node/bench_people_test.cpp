#include "node/bench_people.hpp"

#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

TEST(BenchPeople, AreNotMadeInADirectoryThatWasMisspelled) {
  const temp_folder folder;
  const std::string data = folder.path("typo");

  EXPECT_EQ(bench_people(data).prepare(bench::destination_of("1")).code, exit_code::unavailable);

  EXPECT_FALSE(std::filesystem::exists(data));
}

}  // namespace
}  // namespace frontdesk
