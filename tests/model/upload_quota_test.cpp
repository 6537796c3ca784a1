#include "model/upload_quota.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

constexpr tenant_id shop{1};
constexpr person_name ada{shop, {person_kind::visitor, 1}};
constexpr person_name eve{shop, {person_kind::visitor, 2}};

TEST(UploadQuota, BoundsAPersonByNumberAndBytes) {
  upload_quota quota({2, 100}, {10, 1000});
  quota.begun(ada, 60);

  EXPECT_TRUE(quota.has_room_for_person(ada, 40));
  EXPECT_FALSE(quota.has_room_for_person(ada, 41));
  quota.begun(ada, 1);
  EXPECT_FALSE(quota.has_room_for_person(ada, 1));
  EXPECT_TRUE(quota.has_room_for_person(eve, 100));
}

TEST(UploadQuota, BoundsATenantOverAllItsPersons) {
  upload_quota quota({5, 100}, {2, 150});
  quota.begun(ada, 100);

  EXPECT_TRUE(quota.has_room_for_tenant(shop, 50));
  EXPECT_FALSE(quota.has_room_for_tenant(shop, 51));
  quota.begun(eve, 1);
  EXPECT_FALSE(quota.has_room_for_tenant(shop, 1));
  EXPECT_TRUE(quota.has_room_for_tenant(tenant_id{2}, 150));
}

TEST(UploadQuota, GivesRoomBack) {
  upload_quota quota({1, 100}, {1, 100});
  quota.begun(ada, 100);

  quota.ended(ada, 100);

  EXPECT_TRUE(quota.has_room_for_person(ada, 100));
  EXPECT_TRUE(quota.has_room_for_tenant(shop, 100));
}

}  // namespace
}  // namespace frontdesk
