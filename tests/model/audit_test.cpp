#include "model/audit.hpp"

#include "model/limits.hpp"

#include <gmock/gmock.h>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::Pair;

audit_entry made_tenant() {
  audit_entry deed;
  deed.who = {audit_origin::admin_socket, 1000, "ada"};
  deed.action = "tenant.create";
  deed.target = "acme";
  deed.with("id", "3");
  return deed;
}

TEST(Audit, LeavesOutParametersWithoutAValue) {
  audit_entry deed;
  deed.with("tenant", "").with("role", "admin");

  EXPECT_THAT(deed.parameters, ElementsAre(Pair("role", "admin")));
}

TEST(Audit, TakesTheSameDeedForTheSameWheneverItWasDone) {
  audit_entry later = made_tenant();
  later.number = audit_number{9};
  later.time = later.last = timestamp{7};
  later.times = 4;

  EXPECT_TRUE(is_same_deed(made_tenant(), later));
}

TEST(Audit, TellsDeedsApartByEachOfTheirParts) {
  for (const auto change : {+[](audit_entry& e) { e.who.uid = 0; },
                            +[](audit_entry& e) { e.who.origin = audit_origin::signal; },
                            +[](audit_entry& e) { e.action = "inbox.create"; },
                            +[](audit_entry& e) { e.target = "other"; },
                            +[](audit_entry& e) { e.outcome = "already_exists"; },
                            +[](audit_entry& e) { e.with("vip", "yes"); }}) {
    audit_entry other = made_tenant();
    change(other);
    EXPECT_FALSE(is_same_deed(made_tenant(), other));
  }
}

TEST(Audit, FindsActionsByTheirWords) {
  for (const char* word : {"", "tenant", "tenant.create"}) {
    EXPECT_TRUE(is_action(word, made_tenant())) << word;
  }
  for (const char* word : {"tena", "tenant.", "tenant.create.x", "create", "TENANT"}) {
    EXPECT_FALSE(is_action(word, made_tenant())) << word;
  }
}

TEST(Audit, CutsWhatIsTooLongBetweenTwoCharacters) {
  audit_entry deed = made_tenant();
  deed.target = std::string(limits::audit_value_bytes_max - 1, 'a') + "\u00e9";
  deed.with("name", std::string(100'000, 'b'));

  deed = bounded(deed);

  EXPECT_EQ(deed.target, std::string(limits::audit_value_bytes_max - 1, 'a'));
  EXPECT_EQ(deed.parameters.back().second.size(), limits::audit_value_bytes_max);
}

TEST(Audit, CountsTheParametersForWhichThereIsNoRoom) {
  audit_entry many = made_tenant();
  audit_entry large = made_tenant();
  for (int i = 0; i < 40; ++i) {
    many.with("p" + std::to_string(i), "x");
    large.with("p" + std::to_string(i), std::string(200, 'x'));
  }

  EXPECT_EQ(bounded(many).parameters.size(), limits::audit_parameters_max + 1);
  EXPECT_THAT(bounded(many).parameters.back(), Pair("left_out", "9"));
  std::size_t bytes = 0;
  for (const auto& [name, value] : bounded(large).parameters) {
    bytes += name.size() + value.size();
  }
  EXPECT_LE(bytes, limits::audit_parameters_bytes_max + 16);
}

TEST(Audit, KeepsNoBytesThatAreNoText) {
  audit_entry deed = made_tenant();
  deed.target = "\xff\xfe";

  EXPECT_EQ(bounded(deed).target, "(bytes that are no text)");
}

}  // namespace
}  // namespace frontdesk
