#include "net/files/file_flow.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace frontdesk {
namespace {

person_name person(std::uint32_t tenant, std::uint64_t id) {
  return {tenant_id{tenant}, {person_kind::visitor, id}};
}

/// As many places as can be had, by as many persons of a tenant as it takes.
std::vector<std::shared_ptr<flow_place>> all_of(const std::shared_ptr<flow_book>& book,
                                                std::uint32_t tenant) {
  std::vector<std::shared_ptr<flow_place>> places;
  for (std::uint64_t id = 1; id <= limits::files_under_way_max; ++id) {
    while (auto place = flow_place::take(book, person(tenant, id)))
      places.push_back(std::move(place));
  }
  return places;
}

TEST(FlowPlace, IsBoundedForAPerson) {
  const auto book = std::make_shared<flow_book>();
  std::vector<std::shared_ptr<flow_place>> places;
  while (auto place = flow_place::take(book, person(1, 1)))
    places.push_back(std::move(place));

  EXPECT_EQ(places.size(), limits::files_under_way_person);
  EXPECT_NE(flow_place::take(book, person(1, 2)), nullptr);

  places.pop_back();
  EXPECT_NE(flow_place::take(book, person(1, 1)), nullptr);
}

TEST(FlowPlace, LeavesOtherTenantsTheirPart) {
  const auto book = std::make_shared<flow_book>();
  auto flood = all_of(book, 1);
  EXPECT_EQ(flood.size(), limits::files_under_way_tenant);

  const auto others = all_of(book, 2);
  EXPECT_EQ(others.size(), limits::files_under_way_max - limits::files_under_way_tenant);

  flood.clear();
  EXPECT_NE(flow_place::take(book, person(3, 1)), nullptr);
}

}  // namespace
}  // namespace frontdesk
