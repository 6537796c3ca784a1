// What a message costs from one person to another through the program itself: store synced, real
// sockets, one thread of lean clients. Each visitor says 128 bytes every 210 ms (the node allows 5
// messages a second), its agent answers each at once and has four visitors on one connection; so a
// pair makes 9.5 messages a second, and the number of pairs is the load. The loop is open: a
// visitor's message counts from when it was due, however late the node or the client is.
//
//     cmake --preset release && ninja -C build/release frontdesk relay_benchmark
//     build/release/relay_benchmark build/release/frontdesk [pairs 500] [seconds 10] [idle 5000]
//                                   [json or protobuf]
//
// Prints messages per second, latency of acks and deliveries, processor time of the node for each
// message, bytes on the wire for each (a post, its ack and the event, with all that goes with
// them), and its resident memory for each idle visitor. TMPDIR chooses the disk.

#include "benchmarks/lean_line.hpp"
#include "benchmarks/measured_node.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <unordered_map>
#include <vector>

namespace frontdesk {
namespace {

using clock = std::chrono::steady_clock;
using moment = clock::time_point;
using std::chrono::milliseconds;

constexpr milliseconds patience{60'000};
constexpr milliseconds pause{210};
constexpr unsigned visitors_per_agent = 4;
constexpr std::size_t text_bytes = 128;
/// A client tells that it has received at least each 32 events; these have few conversations.
constexpr std::size_t received_each = 16;

std::int64_t microseconds_of(moment at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

struct measures {
  void acked(moment due) { add(acks_ms, microseconds_of(due)); }
  void delivered(std::int64_t due_us) { add(deliveries_ms, due_us); }

  std::vector<double> acks_ms;
  std::vector<double> deliveries_ms;
  lean_traffic traffic;
  bool is_counting = false;

 private:
  void add(std::vector<double>& to, std::int64_t due_us) const {
    if (!is_counting) return;
    to.push_back(static_cast<double>(microseconds_of(clock::now()) - due_us) / 1000);
  }
};

/// One person with one connection: follows its conversations, says things there, and hears.
class talker : public lean_line {
 public:
  talker(const lean_origin& from, measures& into, std::string token)
      : lean_line(from, into.traffic),
        device_(from.number + 1),
        token_(std::move(token)),
        into_(into) {}

  bool is_welcome() const { return is_welcome_; }
  const std::string& next() const { return next_; }
  const std::string& assignee() const { return assignee_; }
  std::size_t heard_count() const { return heard_count_; }
  void answer_from_now_on() { is_answering_ = true; }

  void follow(const std::string& conversation) {
    talks_.try_emplace(conversation);
    send(fmt::format(R"({{"t":"sub","subs":[{{"conversation":"{}","after":0}}]}})", conversation));
  }

  /// The text begins with when it was due.
  void say(const std::string& conversation, moment due) {
    std::deque<moment>& due_at = talks_[conversation].due_at;
    due_at.push_back(due);
    send(fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":"{:x<{}}"}})", conversation,
                     due_at.size(), microseconds_of(due), text_bytes));
  }

 protected:
  void on_open() override {
    send(fmt::format(R"({{"t":"hello","token":"{}","device":"{:032x}"}})", token_, device_));
  }

  void on_text(std::string_view text) override {
    if (text.starts_with(R"({"t":"ack")")) {
      on_ack(text);
    } else if (text.starts_with(R"({"t":"event")")) {
      on_event(text);
    } else if (text.starts_with(R"({"t":"fault")")) {
      throw std::runtime_error(std::string(text));
    } else if (text.starts_with(R"({"t":"roster")")) {
      is_welcome_ = true;
      if (const auto next = field(text, "next"); !next.empty()) next_ = next;
    } else if (text.starts_with(R"({"t":"ping")")) {
      send(R"({"t":"pong"})");
    }
  }

 private:
  struct talk {
    std::deque<moment> due_at;
    std::size_t heard_count = 0;
  };

  void on_ack(std::string_view text) {
    const std::string conversation(field(text, "conversation"));
    const std::size_t n = std::stoul(std::string(text.substr(text.find("\"n\":") + 4, 12)));
    into_.acked(talks_.at(conversation).due_at.at(n - 1));
    if (n == 1 && !is_answering_) follow(conversation);
  }

  void on_event(std::string_view text) {
    const std::string_view kind = field(text, "kind");
    if (kind == "assigned") assignee_ = field(text.substr(text.find("\"to\"")), "person");
    // One's own come back with the device that said them.
    if (kind != "message" || !field(text, "device").empty()) return;
    ++heard_count_;
    const std::string conversation(field(text, "conversation"));
    if (talk& here = talks_[conversation]; ++here.heard_count % received_each == 0) {
      const std::string_view seq = text.substr(text.find("\"seq\":") + 6, 12);
      send(fmt::format(R"({{"t":"received","conversation":"{}","seq":{}}})", conversation,
                       std::stoul(std::string(seq))));
    }
    into_.delivered(std::stoll(std::string(field(text, "text"))));
    if (is_answering_) say(conversation, clock::now());
  }

  const std::uint32_t device_;
  const std::string token_;
  measures& into_;
  std::string next_;
  std::string assignee_;
  std::unordered_map<std::string, talk> talks_;
  std::size_t heard_count_ = 0;
  bool is_answering_ = false;
  bool is_welcome_ = false;
};

class relay {
 public:
  relay(const std::string& program, unsigned pairs, unsigned seconds, unsigned idle,
        encoding spoken)
      : node_(program, (pairs + visitors_per_agent - 1) / visitors_per_agent),
        pairs_count_(pairs),
        seconds_(seconds),
        idle_count_(idle),
        spoken_(spoken) {}

  void run() {
    open_pairs();
    exchange();
    hold_idle_visitors();
  }

 private:
  struct pair {
    talker* visitor;
    std::string conversation;
    moment due;
  };

  void turn() {
    std::array<epoll_event, 256> ready{};
    const int count = epoll_wait(loop_, ready.data(), static_cast<int>(ready.size()), 1);
    for (int i = 0; i < count; ++i) {
      static_cast<lean_line*>(ready[static_cast<std::size_t>(i)].data.ptr)->hear();
    }
  }

  template <class Question>
  void turn_until(Question it_is_so) {
    const moment deadline = clock::now() + patience;
    while (!it_is_so()) {
      if (clock::now() > deadline) throw std::runtime_error("waited for too long");
      turn();
    }
  }

  talker& add(std::deque<talker>& to, std::string token) {
    const lean_origin from{loop_, node_.port(), ++people_count_, spoken_};
    talker& fresh = to.emplace_back(from, measures_, std::move(token));
    turn_until([&fresh] { return fresh.is_welcome(); });
    return fresh;
  }

  void open_pairs() {
    for (unsigned i = 0; i * visitors_per_agent < pairs_count_; ++i) {
      talker& agent = add(agents_, node_.agent_token(i + 1));
      agent.send(fmt::format(R"({{"t":"status","id":1,"status":"accepting","capacity":{}}})",
                             visitors_per_agent));
    }
    for (unsigned i = 0; i < pairs_count_; ++i) {
      talker& visitor = add(visitors_, node_.visitor_token(i + 1));
      const std::string conversation = visitor.next();
      visitor.say(conversation, clock::now());
      turn_until([&visitor] { return !visitor.assignee().empty(); });
      talker& agent = agents_.at(std::stoul(visitor.assignee().substr(6), nullptr, 16) - 1);
      const std::size_t heard = agent.heard_count();
      agent.follow(conversation);
      turn_until([&agent, heard] { return agent.heard_count() > heard; });
      pairs_.push_back({&visitor, conversation, {}});
    }
  }

  void exchange() {
    for (talker& each : agents_)
      each.answer_from_now_on();
    const moment begin = clock::now();
    // They begin one after the other, not in step.
    for (std::size_t i = 0; i < pairs_.size(); ++i)
      pairs_[i].due = begin + pause * i / pairs_.size();
    measures_.is_counting = true;
    measures_.traffic = {};
    const double cpu_before = node_.cpu_us();
    while (clock::now() - begin < std::chrono::seconds{seconds_}) {
      turn();
      const moment now = clock::now();
      for (pair& each : pairs_) {
        if (each.due > now) continue;
        each.visitor->say(each.conversation, each.due);
        each.due += pause;
      }
    }
    measures_.is_counting = false;
    const double cpu = node_.cpu_us() - cpu_before;
    const double spent_s = std::chrono::duration<double>(clock::now() - begin).count();
    const auto messages = static_cast<double>(measures_.deliveries_ms.size());
    fmt::print("{} pairs for {:.1f} s: {:.0f} messages/s\n", pairs_count_, spent_s,
               messages / spent_s);
    print("ack", measures_.acks_ms);
    print("delivery", measures_.deliveries_ms);
    fmt::print("node: {:.1f} us of processor time for each message ({:.0f} % of a core)\n",
               cpu / messages, cpu / spent_s / 1e4);
    fmt::print("wire: {:.0f} bytes up and {:.0f} bytes down for each message\n",
               static_cast<double>(measures_.traffic.up) / messages,
               static_cast<double>(measures_.traffic.down) / messages);
  }

  static void print(std::string_view what, std::vector<double>& of_ms) {
    std::ranges::sort(of_ms);
    if (of_ms.empty()) return;
    const auto at = [&of_ms](std::size_t percent) {
      return of_ms[(of_ms.size() - 1) * percent / 100];
    };
    fmt::print("{}: p50 {:.2f} ms, p99 {:.2f} ms, longest {:.2f} ms\n", what, at(50), at(99),
               at(100));
  }

  void hold_idle_visitors() {
    rlimit allowed{};
    getrlimit(RLIMIT_NOFILE, &allowed);
    const std::size_t possible =
        allowed.rlim_cur > people_count_ + 100 ? allowed.rlim_cur - people_count_ - 100 : 0;
    const auto count = static_cast<unsigned>(std::min<std::size_t>(idle_count_, possible));
    const double before = node_.resident_bytes();
    std::deque<talker> idle;
    for (unsigned i = 0; i < count; ++i)
      add(idle, node_.visitor_token(1'000'000 + i));
    if (count > 0) {
      fmt::print("node: {:.2f} KiB resident for each of {} idle visitors ({:.0f} MiB before)\n",
                 (node_.resident_bytes() - before) / 1024 / count, count, before / 1024 / 1024);
    }
  }

  measured_node node_;
  const unsigned pairs_count_;
  const unsigned seconds_;
  const unsigned idle_count_;
  const encoding spoken_;
  const int loop_ = epoll_create1(EPOLL_CLOEXEC);
  std::uint32_t people_count_ = 0;
  measures measures_;
  std::deque<talker> agents_;
  std::deque<talker> visitors_;
  std::vector<pair> pairs_;
};

}  // namespace
}  // namespace frontdesk

int main(int count, char** arguments) {
  const auto number = [&](int at, int otherwise) {
    return static_cast<unsigned>(count > at ? std::atoi(arguments[at]) : otherwise);
  };
  try {
    frontdesk::relay(
        count > 1 ? arguments[1] : "./frontdesk", number(2, 500), number(3, 10), number(4, 5000),
        count > 5 && arguments[5] == std::string_view("protobuf") ? frontdesk::encoding::protobuf
                                                                  : frontdesk::encoding::json)
        .run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "relay_benchmark: %s\n", error.what());
    return 1;
  }
}
