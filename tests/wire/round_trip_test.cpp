#include "tests/wire/both_encodings.hpp"
#include "tests/wire/client_text.hpp"
#include "tests/wire/random_values.hpp"
#include "wire/frame_json.hpp"
#include "wire/json_document.hpp"
#include "wire/record.hpp"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <optional>

namespace frontdesk {
namespace {

class RoundTrip : public testing::Test {
 protected:
  static constexpr int times = 500;

  random_values random{seed_of_this_run()};

 private:
  testing::ScopedTrace seed_{__FILE__, __LINE__,
                             testing::Message() << "FRONTDESK_SEED=" << seed_of_this_run()};
};

/// Whatever is read from damaged bytes can be written, and is then read as the same.
class Damage : public RoundTrip {
 protected:
  template <class Value>
  void hits(const Value& value, std::optional<Value> (*read)(std::string_view)) {
    const std::string bytes = to_bytes(value);
    for (int i = 0; i < 20; ++i) {
      const auto other = read(random.damaged(bytes));
      read_count_ += other ? 1 : 0;
      if (other) {
        ASSERT_EQ(read(to_bytes(*other)), other);
      }
    }
  }
  int read_count() const { return read_count_; }

 private:
  // Protobuf has a line to say about every text that is not UTF-8.
  google::protobuf::LogSilencer silence_;
  int read_count_ = 0;
};

TEST_F(RoundTrip, GivesEveryRecordBack) {
  for (int i = 0; i < times; ++i) {
    const auto e = random.an_event();
    const auto h = random.a_head();
    const auto w = random.a_window();
    const auto c = random.read_up_to();
    ASSERT_EQ(event_from_bytes(to_bytes(e)), e);
    ASSERT_EQ(head_from_bytes(to_bytes(h)), h);
    ASSERT_EQ(window_from_bytes(to_bytes(w)), w);
    ASSERT_EQ(cursor_from_bytes(to_bytes(c)), c);
  }
}

TEST_F(RoundTrip, GivesTheDirectoryBack) {
  for (int i = 0; i < times; ++i) {
    const auto t = random.a_tenant();
    const auto in = random.an_inbox();
    const auto a = random.an_agent();
    ASSERT_EQ(tenant_from_bytes(to_bytes(t)), t);
    ASSERT_EQ(inbox_from_bytes(to_bytes(in)), in);
    ASSERT_EQ(agent_from_bytes(to_bytes(a)), a);
  }
}

TEST_F(RoundTrip, GivesBatchesBack) {
  for (int i = 0; i < times; ++i) {
    const auto b = random.a_batch();
    ASSERT_EQ(batch_from_bytes(to_bytes(b)), b);
  }
}

TEST_F(RoundTrip, GivesEveryFrameOfAClientBack) {
  for (int i = 0; i < 4 * times; ++i) {
    const auto sent = random.a_client_frame();
    const auto read = read_json(client_text(sent));
    ASSERT_TRUE(std::holds_alternative<frame::from_client>(read)) << client_text(sent);
    ASSERT_EQ(std::get<frame::from_client>(read), sent) << client_text(sent);
  }
}

TEST_F(RoundTrip, GivesEveryFrameOfAClientBackFromProtobuf) {
  for (int i = 0; i < 4 * times; ++i) {
    const auto sent = random.a_client_frame();
    const auto read = read_protobuf(client::in_protobuf(client_text(sent)));
    ASSERT_TRUE(std::holds_alternative<frame::from_client>(read)) << client_text(sent);
    ASSERT_EQ(std::get<frame::from_client>(read), sent) << client_text(sent);
  }
}

TEST_F(RoundTrip, SaysTheSameInBothEncodings) {
  for (int i = 0; i < times && !HasFailure(); ++i) {
    expect_same_said(random.an_event());
    random.a_server_frame([](const auto& frame) { expect_same_said(frame); });
  }
}

TEST_F(RoundTrip, GivesTheTextOfEveryEventBack) {
  for (int i = 0; i < times; ++i) {
    event e = random.an_event();
    e.kind = event_kind::message;
    const std::string text = with_origin(to_json(e), e.device, e.n);

    const json_document document{text};

    ASSERT_EQ(document.fault(), fault_code::none) << text;
    const json_value& read = *document.root();
    ASSERT_EQ(read.find("text")->text, e.text);
    ASSERT_EQ(read.find("conversation")->text, to_text(e.conversation));
    ASSERT_EQ(read.find("seq")->number, static_cast<std::int64_t>(e.seq.value));
    ASSERT_EQ(read.find("time")->number, e.time.value);
    ASSERT_EQ(read.find("author")->text, to_text(e.author));
    ASSERT_EQ(read.find("device")->text, to_text(e.device));
  }
}

TEST_F(RoundTrip, KeepsSummariesReadable) {
  for (int i = 0; i < times; ++i) {
    frame::roster roster;
    for (std::uint64_t count = random.up_to(5); count > 0; --count) {
      roster.items.push_back(random.a_summary());
    }
    const std::string text = to_json(roster);

    const json_document document{text};

    ASSERT_EQ(document.fault(), fault_code::none) << text;
    ASSERT_EQ(document.root()->find("items")->count(), roster.items.size());
    std::size_t at = 0;
    for (const json_value& item : *document.root()->find("items")) {
      const head& h = roster.items[at++].at;
      ASSERT_EQ(item.find("visitor")->find("name")->text, h.visitor.name);
      ASSERT_EQ(item.find("assignee") != nullptr, static_cast<bool>(h.assignee.person));
      ASSERT_EQ(item.find("waiting_since") != nullptr, static_cast<bool>(h.waiting_since));
    }
  }
}

TEST_F(Damage, NeverMakesAFrameThatIsReadDifferentlyTwice) {
  int read_count = 0;
  for (int i = 0; i < 40 * times; ++i) {
    const std::string text = random.damaged(client_text(random.a_client_frame()));
    const auto read = read_json(text);
    if (const auto* read_frame = std::get_if<frame::from_client>(&read)) {
      ++read_count;
      const auto again = read_json(client_text(*read_frame));
      ASSERT_TRUE(std::holds_alternative<frame::from_client>(again)) << text;
      ASSERT_EQ(std::get<frame::from_client>(again), *read_frame) << text;
    } else {
      ASSERT_NE(std::get<frame::unreadable>(read).code, fault_code::none);
    }
  }
  EXPECT_GT(read_count, 0);
}

TEST_F(Damage, NeverMakesAFrameInProtobufThatIsReadDifferentlyTwice) {
  int read_count = 0;
  for (int i = 0; i < 40 * times; ++i) {
    const auto bytes = random.damaged(client::in_protobuf(client_text(random.a_client_frame())));
    const auto read = read_protobuf(bytes);
    if (const auto* read_frame = std::get_if<frame::from_client>(&read)) {
      ++read_count;
      const auto again = read_protobuf(client::in_protobuf(client_text(*read_frame)));
      ASSERT_EQ(again, read) << client_text(*read_frame);
      ASSERT_EQ(read_protobuf(client::rewritten(bytes)), read) << client_text(*read_frame);
    } else {
      ASSERT_NE(std::get<frame::unreadable>(read).code, fault_code::none);
    }
  }
  EXPECT_GT(read_count, 0);
}

TEST_F(Damage, NeverMakesARecordThatCannotBeWritten) {
  for (int i = 0; i < times; ++i) {
    hits<event>(random.an_event(), event_from_bytes);
    hits<head>(random.a_head(), head_from_bytes);
    hits<post_window>(random.a_window(), window_from_bytes);
    hits<cursor>(random.read_up_to(), cursor_from_bytes);
  }
  EXPECT_GT(read_count(), 0);
}

TEST_F(Damage, NeverMakesADirectoryThatCannotBeWritten) {
  for (int i = 0; i < times; ++i) {
    hits<tenant>(random.a_tenant(), tenant_from_bytes);
    hits<inbox>(random.an_inbox(), inbox_from_bytes);
    hits<agent>(random.an_agent(), agent_from_bytes);
    hits<batch>(random.a_batch(), batch_from_bytes);
  }
  EXPECT_GT(read_count(), 0);
}

TEST_F(Damage, NeverComesFromNoiseAlone) {
  for (int i = 0; i < 20 * times; ++i) {
    std::string noise(random.up_to(200), '\0');
    for (char& c : noise)
      c = static_cast<char>(random.bits());
    read_json(noise);
    read_protobuf(noise);
    const std::string record = '\x01' + noise;
    batch_from_bytes(record);
    window_from_bytes(record);
    head_from_bytes(record);
  }
}

}  // namespace
}  // namespace frontdesk
