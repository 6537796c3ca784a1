#include "storage/number_search.hpp"

#include "model/limits.hpp"
#include "storage/memory_store.hpp"
#include "tests/storage/kept_desk.hpp"

#include <gtest/gtest.h>

namespace frontdesk {
namespace {

constexpr tenant_id shop = kept::desk::shop;

/// In this desk a conversation's number is its id.
class NumberSearch : public testing::Test {
 protected:
  fault_or<conversation_id> find(tenant_id whose, std::uint64_t number) {
    return conversation_numbered(rows_, whose, number);
  }

  memory_store rows_;
  kept::desk desk_{rows_};
};

TEST_F(NumberSearch, FindsAConversationThatIsOpen) {
  desk_.opens(7, kept::desk::ada, 100);
  desk_.opens(9, kept::desk::ada, 200);

  EXPECT_EQ(find(shop, 9).value(), conversation_id{9});
}

TEST_F(NumberSearch, FindsOneThatWasClosedOnALaterPage) {
  for (std::uint64_t each = 1; each <= 2 * limits::summaries_per_frame_max + 1; ++each) {
    desk_.opens(each, kept::desk::ada, 100);
    desk_.is_closed(each, static_cast<std::int64_t>(100 + each));
  }

  EXPECT_EQ(find(shop, 1).value(), conversation_id{1});
}

TEST_F(NumberSearch, FindsNoneOfAnotherTenantAndNoneThatIsNot) {
  desk_.opens(7, kept::desk::ada, 100);

  EXPECT_EQ(find(tenant_id{99}, 7).error().code, fault_code::not_found);
  EXPECT_EQ(find(shop, 8).error().code, fault_code::not_found);
}

}  // namespace
}  // namespace frontdesk
