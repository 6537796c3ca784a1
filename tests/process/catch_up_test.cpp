#include "storage/local_log.hpp"
#include "storage/rocks_store.hpp"
#include "tests/process/desk_door.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/socket_link.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

namespace json = boost::json;

constexpr std::size_t conversations_count = 200;
constexpr std::uint64_t events_each = 500;
/// What the node may grow by: pages on their way, the device's window, and RocksDB's own.
constexpr std::size_t growth_bytes_max = 24 * 1024 * 1024;
constexpr std::size_t received_each = 64;
const std::string text(100, 'x');

/// Writes a day's work into a store that no node uses: all of it is Mia's.
class past {
 public:
  explicit past(const std::string& data) {
    rocks_options options;
    options.folder = data + "/store";
    auto opened = open_rocks_store(std::move(options));
    store_ = std::move(std::get<std::unique_ptr<rocks_store>>(opened));
    log_ = make_local_log(*store_, {});
    claimed_ = log_->claim(shard).value();
  }

  void records(conversation_id conversation, std::uint64_t number) {
    head after;
    after.tenant = tenant_id{1};
    after.conversation = conversation;
    after.inbox = inbox_id{1};
    after.team = team_id{1};
    after.number = number;
    after.ordinal = 1;
    after.status = conversation_status::assigned;
    after.visitor = {{person_kind::visitor, number}, "Ann"};
    after.assignee = {{person_kind::agent, 1}, "Mia"};
    after.opened_at = after.since = timestamp{1'767'225'600'000};
    batch what;
    for (std::uint64_t i = 1; i <= events_each; ++i) {
      after.visible = sequence{i};
      event said;
      said.conversation = conversation;
      said.seq = sequence{i};
      said.author = after.visitor.person;
      said.text = text;
      what.records.emplace_back(event_record{after.tenant, std::move(said)});
    }
    what.records.emplace_back(after);
    for (const index_row& row : index_changes({}, after)) {
      what.records.emplace_back(row);
    }
    append(std::move(what));
  }

 private:
  static constexpr shard_id shard{7};

  void append(batch what) {
    claimed_.last = log_index{claimed_.last.value + 1};
    auto outcome = append_outcome::unknown;
    log_->append({{shard, claimed_.owner, claimed_.last, std::move(what)}},
                 [&outcome](append_outcome o) { outcome = o; });
    ASSERT_EQ(outcome, append_outcome::committed);
  }

  std::unique_ptr<rocks_store> store_;
  std::unique_ptr<commit_log> log_;
  claimed_shard claimed_;
};

/// A device that has nothing and wants all, and tells what it has received.
class late_device {
 public:
  late_device(socket_loop& loop, const place& door, std::string hello)
      : hello_(std::move(hello)), link_(loop, door, ears()) {}

  void follow_all() {
    std::vector<std::string> subs;
    for (const auto& [conversation, position] : positions_) {
      subs.push_back(fmt::format(R"({{"conversation":"{}","after":{}}})", conversation, position));
      if (subs.size() == 64) {
        follow(std::exchange(subs, {}));
      }
    }
    if (!subs.empty()) {
      follow(subs);
    }
  }

  bool is_gone() const { return link_.is_gone(); }
  bool has_roster() const { return has_roster_; }
  std::size_t conversations() const { return positions_.size(); }
  std::size_t events_count() const { return events_count_; }
  std::size_t doubled_count() const { return doubled_count_; }
  std::size_t holes_count() const { return holes_count_; }
  const std::string& fault() const { return fault_; }
  std::uint64_t lowest() const {
    std::uint64_t found = events_each;
    for (const auto& [conversation, position] : positions_) {
      found = std::min(found, position);
    }
    return found;
  }

 private:
  socket_link::ears ears() {
    return {[this] { link_.send(hello_); }, [this](std::string_view said) { hear(said); },
            [](unsigned) {}};
  }

  void follow(const std::vector<std::string>& subs) {
    link_.send(fmt::format(R"({{"t":"sub","subs":[{}]}})", fmt::join(subs, ",")));
  }

  void hear(std::string_view said) {
    const json::object frame = json::parse(std::string(said)).as_object();
    const json::string& type = frame.at("t").as_string();
    if (type == "roster") {
      for (const json::value& item : frame.at("items").as_array()) {
        positions_.emplace(item.at("conversation").as_string(), 0);
      }
      has_roster_ = !frame.at("more").as_bool();
    } else if (type == "event") {
      hear_event(frame);
    } else if (type == "fault" || type == "bye") {
      fault_ = said;
    } else if (type == "ping") {
      link_.send(R"({"t":"pong"})");
    }
  }

  void hear_event(const json::object& frame) {
    const std::string conversation(frame.at("conversation").as_string());
    const auto seq = frame.at("seq").to_number<std::uint64_t>();
    std::uint64_t& position = positions_.at(conversation);
    ++events_count_;
    doubled_count_ += seq <= position ? 1 : 0;
    holes_count_ += seq > position + 1 ? 1 : 0;
    position = std::max(position, seq);
    if (seq % received_each == 0 || seq == events_each) {
      link_.send(
          fmt::format(R"({{"t":"received","conversation":"{}","seq":{}}})", conversation, seq));
    }
  }

  const std::string hello_;
  std::map<std::string, std::uint64_t> positions_;
  std::size_t events_count_ = 0;
  std::size_t doubled_count_ = 0;
  std::size_t holes_count_ = 0;
  std::string fault_;
  bool has_roster_ = false;
  socket_link link_;
};

/// The most that it ever had resident since the last `forget_peak`.
std::size_t peak_bytes(pid_t id) {
  std::ifstream file(fmt::format("/proc/{}/status", id));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stoull(line.substr(6)) * 1024;
    }
  }
  return 0;
}

void forget_peak(pid_t id) {
  std::ofstream(fmt::format("/proc/{}/clear_refs", id)) << "5";
}

TEST(CatchUp, OfADayInTwoHundredConversationsIsWholeAndBounded) {
  const temp_folder folder;
  node_process node(folder.path("data"), {"--store-cache", "8MB"});
  furnish(node.data());
  {
    past written(node.data());
    for (std::uint64_t i = 1; i <= conversations_count; ++i) {
      written.records(conversation_id{i << 16U}, i);
    }
  }
  node.start();
  const signed_in mia = sign_in({node.port()}, furniture{}.agents.front(), furniture::password);
  socket_loop loop;
  late_device device(
      loop, {node.port()},
      fmt::format(R"({{"t":"hello","token":"{}","device":"{}"}})", mia.token, device_name(1)));
  ASSERT_TRUE(loop.turn_until([&] { return device.has_roster(); }, patience));
  ASSERT_EQ(device.conversations(), conversations_count);
  forget_peak(node.id());
  const std::size_t before = peak_bytes(node.id());

  device.follow_all();
  const bool has_all = loop.turn_until(
      [&] { return device.is_gone() || device.lowest() == events_each; }, patience * 2);

  EXPECT_TRUE(has_all && !device.is_gone()) << device.fault();
  const std::size_t wanted = conversations_count * events_each;
  const std::size_t lost = wanted - std::min(wanted, device.events_count());
  const std::size_t growth = peak_bytes(node.id()) - std::min(before, peak_bytes(node.id()));
  fmt::print("{} events, lost {}, twice {}, out of order {}; the node grew by {:.1f} MiB\n",
             device.events_count(), lost, device.doubled_count(), device.holes_count(),
             static_cast<double>(growth) / 1024 / 1024);
  EXPECT_EQ(lost, 0U);
  EXPECT_EQ(device.doubled_count(), 0U);
  EXPECT_EQ(device.holes_count(), 0U);
  EXPECT_GT(before, 0U);
  EXPECT_LT(growth, growth_bytes_max);
}

}  // namespace
}  // namespace frontdesk::process
