#include "model/directory.hpp"

#include "model/limits.hpp"

#include <gmock/gmock.h>

#include <string>

namespace frontdesk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNull;
using testing::NotNull;
using testing::Pointee;

constexpr fault_code fine = fault_code::none;

tenant shop() {
  return {tenant_id{1}, "shop", timestamp{}};
}

inbox front_door() {
  inbox i;
  i.tenant = tenant_id{1};
  i.id = inbox_id{1};
  i.team = team_id{1};
  i.name = "Front door";
  i.widget_key = "wk_front-1";
  i.accent = "#10a0Fc";
  i.greeting = "How can we help?";
  i.origins = {"https://shop.example", "http://localhost:8080"};
  return i;
}

agent bob() {
  agent a;
  a.tenant = tenant_id{1};
  a.id = {person_kind::agent, 1};
  a.team = team_id{1};
  a.email = "bob@shop.example";
  a.name = "Bob";
  return a;
}

directory desk() {
  directory d;
  d.put(shop());
  d.put(front_door());
  d.put(bob());
  return d;
}

template <class Record, class Change>
fault_code verdict_on(Record record, Change change) {
  change(record);
  return check(desk(), record);
}

TEST(Directory, FindsWhatWasPut) {
  const directory d = desk();

  EXPECT_THAT(d.find(tenant_id{1}), Pointee(shop()));
  EXPECT_THAT(d.tenant_by_name("shop"), Pointee(shop()));
  EXPECT_THAT(d.find(tenant_id{1}, inbox_id{1}), Pointee(front_door()));
  EXPECT_THAT(d.inbox_by_widget_key("wk_front-1"), Pointee(front_door()));
  EXPECT_THAT(d.find(person_name{tenant_id{1}, bob().id}), Pointee(bob()));
  EXPECT_THAT(d.agent_by_email(tenant_id{1}, "bob@shop.example"), Pointee(bob()));
}

TEST(Directory, FindsNothingElse) {
  const directory d = desk();

  EXPECT_THAT(d.find(tenant_id{2}), IsNull());
  EXPECT_THAT(d.tenant_by_name("sho"), IsNull());
  EXPECT_THAT(d.find(tenant_id{2}, inbox_id{1}), IsNull());
  EXPECT_THAT(d.inbox_by_widget_key("wk_front"), IsNull());
  EXPECT_THAT(d.agent_by_email(tenant_id{2}, "bob@shop.example"), IsNull());
}

TEST(Directory, KnowsNoVisitorByAnAgentsNumber) {
  const person_id visitor{person_kind::visitor, bob().id.value};

  EXPECT_THAT(desk().find(person_name{tenant_id{1}, visitor}), IsNull());
}

TEST(Directory, ForgetsTheKeysThatARecordHadBefore) {
  directory d = desk();
  inbox moved = front_door();
  moved.widget_key = "wk_back";
  agent renamed = bob();
  renamed.email = "robert@shop.example";

  d.put(moved);
  d.put(renamed);

  EXPECT_THAT(d.inbox_by_widget_key("wk_front-1"), IsNull());
  EXPECT_THAT(d.inbox_by_widget_key("wk_back"), NotNull());
  EXPECT_THAT(d.agent_by_email(tenant_id{1}, "bob@shop.example"), IsNull());
  EXPECT_THAT(d.agent_by_email(tenant_id{1}, "robert@shop.example"), Pointee(renamed));
}

TEST(Directory, ListsEachTenantsOwn) {
  directory d = desk();
  tenant bank = shop();
  bank.id = tenant_id{2};
  bank.name = "bank";
  agent teller = bob();
  teller.tenant = bank.id;
  d.put(bank);
  d.put(teller);

  EXPECT_THAT(d.tenants(), ElementsAre(Pointee(shop()), Pointee(bank)));
  EXPECT_THAT(d.agents(tenant_id{1}), ElementsAre(Pointee(bob())));
  EXPECT_THAT(d.agents(tenant_id{2}), ElementsAre(Pointee(teller)));
  EXPECT_THAT(d.inboxes(tenant_id{1}), ElementsAre(Pointee(front_door())));
  EXPECT_THAT(d.inboxes(tenant_id{2}), IsEmpty());
}

TEST(Directory, HasAnOnlyTenantWhileThereIsOne) {
  directory d;
  EXPECT_THAT(d.only_tenant(), IsNull());

  d.put(shop());
  EXPECT_THAT(d.only_tenant(), Pointee(shop()));

  tenant second = shop();
  second.id = tenant_id{2};
  d.put(second);
  EXPECT_THAT(d.only_tenant(), IsNull());
}

TEST(Directory, CountsIdsFromOneWithinEachTenant) {
  const directory d = desk();

  EXPECT_EQ(directory{}.next_tenant(), tenant_id{1});
  EXPECT_EQ(d.next_tenant(), tenant_id{2});
  EXPECT_EQ(d.next_inbox(tenant_id{1}), inbox_id{2});
  EXPECT_EQ(d.next_inbox(tenant_id{2}), inbox_id{1});
  EXPECT_EQ(d.next_agent(tenant_id{1}), (person_id{person_kind::agent, 2}));
  EXPECT_EQ(d.next_agent(tenant_id{2}), (person_id{person_kind::agent, 1}));
}

TEST(DirectoryCheck, AcceptsWhatIsThereToBePutAgain) {
  EXPECT_EQ(check(desk(), shop()), fine);
  EXPECT_EQ(check(desk(), front_door()), fine);
  EXPECT_EQ(check(desk(), bob()), fine);
}

TEST(DirectoryCheck, RefusesATenantNameOutOfItsForm) {
  for (const std::string name : {"", "Shop", "my shop", "läden", "a_b"}) {
    EXPECT_EQ(verdict_on(shop(), [&](tenant& t) { t.name = name; }), fault_code::bad_value) << name;
  }
  EXPECT_EQ(verdict_on(shop(), [](tenant& t) { t.name = std::string(63, 'a'); }), fine);
  EXPECT_EQ(verdict_on(shop(), [](tenant& t) { t.name = std::string(64, 'a'); }),
            fault_code::bad_value);
}

TEST(DirectoryCheck, RefusesASecondTenantOfTheSameName) {
  EXPECT_EQ(verdict_on(shop(), [](tenant& t) { t.id = tenant_id{}; }), fault_code::already_exists);
}

TEST(DirectoryCheck, RefusesWhatBelongsToNoTenant) {
  EXPECT_EQ(verdict_on(front_door(), [](inbox& i) { i.tenant = tenant_id{9}; }),
            fault_code::not_found);
  EXPECT_EQ(verdict_on(bob(), [](agent& a) { a.tenant = tenant_id{9}; }), fault_code::not_found);
}

TEST(DirectoryCheck, RefusesAnInboxWithAFieldOutOfItsForm) {
  const auto refused = [](auto change) {
    return verdict_on(front_door(), change) == fault_code::bad_value;
  };

  EXPECT_TRUE(refused([](inbox& i) { i.team = team_id{}; }));
  EXPECT_TRUE(refused([](inbox& i) { i.name = "  "; }));
  EXPECT_TRUE(refused([](inbox& i) { i.name = "Front\ndoor"; }));
  EXPECT_TRUE(refused([](inbox& i) { i.name = std::string(limits::name_bytes_max + 1, 'a'); }));
  EXPECT_TRUE(refused([](inbox& i) { i.widget_key = ""; }));
  EXPECT_TRUE(refused([](inbox& i) { i.widget_key = "a key"; }));
  EXPECT_TRUE(refused([](inbox& i) { i.widget_key = std::string(65, 'k'); }));
  EXPECT_TRUE(refused([](inbox& i) { i.accent = "10a0fc0"; }));
  EXPECT_TRUE(refused([](inbox& i) { i.accent = "#10a0fg"; }));
  EXPECT_TRUE(refused([](inbox& i) { i.locale = "tlh"; }));
  EXPECT_TRUE(refused([](inbox& i) { i.greeting = "\x01"; }));
}

// What is stored is asserted to be UTF-8, so nothing else may get past the check.
TEST(DirectoryCheck, RefusesWhatIsNotUtf8) {
  const auto refuses = [](auto record, auto field, const std::string& text) {
    record.*field = text;
    return check(desk(), record) == fault_code::bad_value;
  };

  for (const std::string wrong : {"S\xff", "caf\xe9", "\xc3", "\xed\xa0\x80", "\xc0\xaf"}) {
    EXPECT_TRUE(refuses(shop(), &tenant::name, wrong));
    EXPECT_TRUE(refuses(front_door(), &inbox::name, wrong));
    EXPECT_TRUE(refuses(front_door(), &inbox::widget_key, wrong));
    EXPECT_TRUE(refuses(front_door(), &inbox::accent, wrong));
    EXPECT_TRUE(refuses(front_door(), &inbox::greeting, wrong));
    EXPECT_TRUE(refuses(front_door(), &inbox::locale, wrong));
    EXPECT_TRUE(refuses(bob(), &agent::name, wrong));
    EXPECT_TRUE(refuses(bob(), &agent::email, wrong + "@shop.example"));
    EXPECT_EQ(verdict_on(front_door(), [&](inbox& i) { i.origins = {"https://" + wrong}; }),
              fault_code::bad_value);
  }
}

TEST(DirectoryCheck, AcceptsNamesAndGreetingsInAnyScript) {
  EXPECT_EQ(verdict_on(front_door(),
                       [](inbox& i) {
                         i.name = "\u524d\u53f0";
                         i.greeting = "Gr\u00fc\u00df dich \U0001f44b";
                       }),
            fine);
  EXPECT_EQ(verdict_on(bob(), [](agent& a) { a.name = "\u0411\u043e\u0431"; }), fine);
}

TEST(DirectoryCheck, AcceptsOriginsAsBrowsersSendThem) {
  const auto verdict = [](std::string origin) {
    return verdict_on(front_door(), [&](inbox& i) { i.origins = {origin}; });
  };

  EXPECT_EQ(verdict("https://xn--lden-loa.example:8443"), fine);
  EXPECT_EQ(verdict("http://[::1]:8080"), fine);
  for (const std::string wrong : {"", "shop.example", "https://", "https://shop.example/",
                                  "https://Shop.example", "ftp://shop.example", "*"}) {
    EXPECT_EQ(verdict(wrong), fault_code::bad_value) << wrong;
  }
}

TEST(DirectoryCheck, BoundsTheNumberOfOrigins) {
  const auto verdict = [](std::size_t count) {
    return verdict_on(front_door(),
                      [&](inbox& i) { i.origins.assign(count, "https://shop.example"); });
  };

  EXPECT_EQ(verdict(limits::origins_max), fine);
  EXPECT_EQ(verdict(limits::origins_max + 1), fault_code::bad_value);
}

TEST(DirectoryCheck, RefusesAWidgetKeyThatAnotherInboxHasAlsoAcrossTenants) {
  directory d = desk();
  d.put(tenant{tenant_id{2}, "bank", timestamp{}});
  inbox same_key = front_door();
  same_key.tenant = tenant_id{2};

  EXPECT_EQ(check(d, same_key), fault_code::already_exists);
}

TEST(DirectoryCheck, RefusesAnAgentWithAFieldOutOfItsForm) {
  const auto refused = [](auto change) {
    return verdict_on(bob(), change) == fault_code::bad_value;
  };

  EXPECT_TRUE(refused([](agent& a) { a.id.kind = person_kind::visitor; }));
  EXPECT_TRUE(refused([](agent& a) { a.team = team_id{}; }));
  EXPECT_TRUE(refused([](agent& a) { a.name = ""; }));
  EXPECT_TRUE(refused([](agent& a) { a.role = agent_role{9}; }));
  EXPECT_TRUE(refused([](agent& a) { a.capacity = 0; }));
  EXPECT_TRUE(refused([](agent& a) { a.capacity = limits::agent_capacity_max + 1; }));
}

TEST(DirectoryCheck, AcceptsEmailAddressesInLowerCase) {
  const auto verdict = [](std::string email) {
    return verdict_on(bob(), [&](agent& a) { a.email = email; });
  };

  EXPECT_EQ(verdict("b.ob+desk@mail.shop.example"), fine);
  EXPECT_EQ(verdict("root@localhost"), fine);
  for (const std::string wrong : {"", "bob", "@shop.example", "bob@", "Bob@shop.example",
                                  "bob@shop@example", "b ob@shop.example", "bob@.example"}) {
    EXPECT_EQ(verdict(wrong), fault_code::bad_value) << wrong;
  }
  EXPECT_EQ(verdict(std::string(limits::email_bytes_max, 'a') + "@b"), fault_code::bad_value);
}

TEST(DirectoryCheck, RefusesAnEmailThatAnotherAgentOfTheTenantHas) {
  EXPECT_EQ(verdict_on(bob(), [](agent& a) { a.id = {}; }), fault_code::already_exists);

  directory d = desk();
  d.put(tenant{tenant_id{2}, "bank", timestamp{}});
  agent elsewhere = bob();
  elsewhere.tenant = tenant_id{2};
  EXPECT_EQ(check(d, elsewhere), fine);
}

}  // namespace
}  // namespace frontdesk
