#include "wire/admin_json.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

using namespace frontdesk;
using namespace frontdesk::admin_json;

namespace {

fault_code fault_of(std::string_view line) {
  const auto read = read_request(line);
  return read ? fault_code::none : read.error().code;
}

}  // namespace

TEST(AdminJson, ReadsTheInboxThatItWrote) {
  const create_inbox wish{.tenant = "acme",
                          .name = "Shop \"one\"",
                          .widget_key = "shop",
                          .accent = "#2f6fed",
                          .greeting = "Hello",
                          .locale = "en",
                          .origins = {"https://a.example", "https://b.example"}};

  const auto read = read_request(to_json(request{wish}));

  ASSERT_TRUE(read.ok());
  const auto& same = std::get<create_inbox>(*read);
  EXPECT_EQ(same.tenant, wish.tenant);
  EXPECT_EQ(same.name, wish.name);
  EXPECT_EQ(same.widget_key, wish.widget_key);
  EXPECT_EQ(same.greeting, wish.greeting);
  EXPECT_EQ(same.origins, wish.origins);
}

TEST(AdminJson, ReadsEveryRequestThatItWrote) {
  for (const request& wish :
       {request{create_tenant{"acme"}}, request{create_agent{"acme", "a@b.c", "Ann", "", "pass"}},
        request{set_password{"acme", "a@b.c", "pass"}},
        request{list{listed_kind::agents, "acme", 7}}, request{visitor_token{"shop"}},
        request{agent_token{"acme", "a@b.c"}}, request{make_checkpoint{}}, request{read_stats{}},
        request{list{listed_kind::quarantine, "", 7}}, request{show_quarantined{3, true}},
        request{drop_quarantined{3}}, request{pin_tier{1, 5}}, request{pin_tier{}},
        request{read_audit{{timestamp{7}, "tenant", audit_number{9}, true, 3}}},
        request{start_trace{"acme", "visitor:00", "", "", 600}}, request{read_trace{3}},
        request{end_trace{3}}}) {
    const std::string line = to_json(wish);
    const auto read = read_request(line);

    ASSERT_TRUE(read.ok()) << line;
    EXPECT_EQ(read->index(), wish.index()) << line;
    EXPECT_EQ(to_json(*read), line);
  }
}

TEST(AdminJson, SaysWhatIsWrongWithARequest) {
  EXPECT_EQ(fault_of(""), fault_code::not_json);
  EXPECT_EQ(fault_of("[]"), fault_code::not_json);
  EXPECT_EQ(fault_of("{}"), fault_code::bad_frame);
  EXPECT_EQ(fault_of(R"({"do":"tenant.destroy"})"), fault_code::unknown_frame);
  EXPECT_EQ(fault_of(R"({"do":"tenant.create"})"), fault_code::bad_frame);
  EXPECT_EQ(fault_of(R"({"do":"tenant.create","name":7})"), fault_code::bad_frame);
  EXPECT_EQ(fault_of(R"({"do":"tenant.list","after":-1})"), fault_code::bad_frame);
  EXPECT_EQ(fault_of(R"({"do":"agent.password","email":"a@b.c"})"), fault_code::bad_frame);
  EXPECT_EQ(fault_of(R"({"do":"trace.start"})"), fault_code::bad_frame);
  EXPECT_EQ(fault_of(R"({"do":"trace.start","agent":7,"ms":1})"), fault_code::bad_frame);
  EXPECT_EQ(fault_of(R"({"do":"trace.read","watch":-1})"), fault_code::bad_frame);
  EXPECT_EQ(fault_of("{\"do\":\"tenant.create\",\"name\":\"\xff\"}"), fault_code::not_json);
}

TEST(AdminJson, NeverShowsAPasswordsHash) {
  agent who;
  who.email = "a@b.c";
  who.password_hash = "$argon2id$v=19$";

  EXPECT_EQ(to_json(entry{who}).find("argon2"), std::string::npos);
}

TEST(AdminJson, ReadsTheAnswerThatItWrote) {
  inbox shop;
  shop.tenant = tenant_id{1};
  shop.id = inbox_id{2};
  shop.team = team_id{1};
  shop.name = "Shop";
  shop.widget_key = "shop";
  shop.origins = {"https://a.example"};

  const auto read = read_answer(to_json(answer{{shop}, 2, "token"}));

  const auto* said = std::get_if<answer>(&read);
  ASSERT_NE(said, nullptr);
  EXPECT_EQ(said->next, 2U);
  EXPECT_EQ(said->token, "token");
  ASSERT_EQ(said->entries.size(), 1U);
  EXPECT_EQ(std::get<inbox>(said->entries[0]), shop);
}

TEST(AdminJson, ReadsTheFaultThatItWrote) {
  const auto read = read_answer(to_json(fault{fault_code::already_exists}));

  const auto* why = std::get_if<refused>(&read);
  ASSERT_NE(why, nullptr);
  EXPECT_EQ(why->code, "already_exists");
}

TEST(AdminJson, ReadsTheEntriesOfTheAuditThatItWrote) {
  audit_entry deed;
  deed.number = audit_number{12};
  deed.time = timestamp{7};
  deed.who = {audit_origin::signal, 1000, "ada"};
  deed.action = "node.reload";
  deed.with("why", "\"quoted\"");
  deed.outcome = "failed";
  audit_entry again = deed;
  again.times = 2;
  again.last = timestamp{9};
  answer many;
  for (std::size_t i = 0; i < limits::audit_page_max; ++i)
    many.entries.emplace_back(i % 2 == 0 ? deed : again);

  const auto read = read_answer(to_json(many));

  const auto* said = std::get_if<answer>(&read);
  ASSERT_NE(said, nullptr);
  EXPECT_EQ(said->entries, many.entries);
}

TEST(AdminJson, RefusesAnAnswerThatIsNone) {
  EXPECT_TRUE(std::holds_alternative<refused>(read_answer("{}")));
  EXPECT_TRUE(std::holds_alternative<refused>(read_answer(R"({"ok":{"entries":[7],"next":0}})")));
}

TEST(AdminJson, PrintsAnEventWithAllThatItHas) {
  event what;
  what.conversation = conversation_id{0xa};
  what.seq = sequence{1};
  what.time = timestamp{7};
  what.author = person_id{person_kind::visitor, 0xb};
  what.text = "hello";
  what.device = device_id{0, 0xc};
  what.n = post_number{1};

  EXPECT_EQ(to_json(event_record{tenant_id{1}, what}),
            R"({"tenant":1,"conversation":"000000000000000a","track":"public","seq":1,"time":7,)"
            R"("kind":"message","author":"visitor:000000000000000b","text":"hello",)"
            R"("device":"0000000000000000000000000000000c","n":1})");
}
