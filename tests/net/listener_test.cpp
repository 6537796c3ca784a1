#include "net/listener.hpp"

#include "actors/desk_time.hpp"
#include "tests/net/running_server.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <numeric>
#include <sstream>
#include <thread>

namespace frontdesk {
namespace {

using namespace std::chrono_literals;

class Listener : public RunningServer {};

TEST_F(Listener, SaysWhichPortTheSystemChose) {
  EXPECT_NE(port(), 0);
  EXPECT_EQ(asks(get("/")).status, 302U);
}

TEST_F(Listener, ListensOnAllItsAddresses) {
  options_.addresses = {{"127.0.0.1", 0}, {"::1", 0}, {"127.0.0.1", 0}};
  opens();
  const auto ports = server_->ports();
  ASSERT_EQ(ports.size(), 3U);
  EXPECT_EQ(test_client(desk_, ports[0]).asks(get("/")).status, 302U);
  EXPECT_EQ(test_client(desk_, ports[2]).asks(get("/")).status, 302U);
}

TEST_F(Listener, SaysInASentenceWhyItCannotListen) {
  const auto why_not = [&](listen_address where) {
    options_.addresses = {std::move(where)};
    return server::open(desk_, *tokens_, clock_, options_).why_not;
  };
  EXPECT_EQ(why_not({"127.0.0.1", port()}),
            "Another program listens on port " + std::to_string(port()) + " already.");
  EXPECT_EQ(why_not({"nowhere", 0}), "\"nowhere\" is not an IP address.");
  EXPECT_TRUE(why_not({"192.0.2.1", 0}).starts_with("Cannot listen on 192.0.2.1 port 0: "));
}

TEST_F(Listener, SaysWhichProxyIsNoAddress) {
  options_.trusted_proxies = {"proxy.example"};
  EXPECT_EQ(server::open(desk_, *tokens_, clock_, options_).why_not,
            "\"proxy.example\" is not the IP address or network of a proxy.");
}

TEST_F(Listener, FreesItsPortWhenItStops) {
  const std::uint16_t taken = port();
  server_->stop();
  options_.addresses = {{"127.0.0.1", taken}};
  EXPECT_EQ(server::open(desk_, *tokens_, clock_, options_).why_not, "");
}

/// How many wait in each of the kernel's queues of a port of 127.0.0.1.
std::vector<unsigned long> waiting_at(std::uint16_t port) {
  const std::string address = fmt::format("0100007F:{:04X}", port);
  constexpr std::string_view listens = "0A";
  std::ifstream table("/proc/net/tcp");
  std::vector<unsigned long> counts;
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string number, local, remote, state, queues;
    words >> number >> local >> remote >> state >> queues;
    if (local == address && state == listens) {
      counts.push_back(std::stoul(queues.substr(queues.find(':') + 1), nullptr, 16));
    }
  }
  return counts;
}

/// Those who come at once, while the desk's thread has no time.
class Crowd : public RunningServer {
 protected:
  static constexpr std::size_t size = 64;

  void comes() {
    for (std::size_t i = 0; i < size; ++i) {
      people_.push_back(std::make_unique<test_client>(desk_, port()));
    }
  }

  std::vector<std::unique_ptr<test_client>> people_;
};

TEST_F(Crowd, WaitsInSeveralQueues) {
  comes();

  const auto queues = waiting_at(port());
  EXPECT_EQ(queues.size(), listener::queues_count);
  EXPECT_EQ(std::accumulate(queues.begin(), queues.end(), 0UL), size);
  // The kernel draws: all in one queue has a chance of 1 to 4^63.
  EXPECT_LT(std::ranges::max(queues), size);
}

TEST_F(Crowd, IsLetInWhole) {
  comes();

  for (const auto& one : people_) {
    ASSERT_EQ(one->asks(get("/")).status, 302U);
  }
  EXPECT_EQ(server_->counts().accepted, size);
}

TEST_F(Crowd, IsRefusedAndCountedUnderGuard) {
  desk_.tiers().set_guarded(true);
  comes();

  for (const auto& one : people_) {
    EXPECT_TRUE(one->hears_end());
  }
  EXPECT_EQ(desk_.tiers().count_of(shed_point::accept), size);
}

TEST_F(Crowd, IsSentAwayByAServerThatStops) {
  comes();

  server_->stop();

  EXPECT_THAT(waiting_at(port()), testing::IsEmpty());
  for (const auto& one : people_) {
    EXPECT_TRUE(one->hears_end());
  }
  EXPECT_EQ(server_->counts().accepted, 0U);
}

/// Leaves the process so many descriptors beyond those that are open.
class few_descriptors {
 public:
  explicit few_descriptors(rlim_t more) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    // The next one that the system would give is the lowest that is free.
    const int next = ::dup(0);
    ::close(next);
    const rlimit few{static_cast<rlim_t>(next) + more, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  ~few_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

double processor_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

TEST_F(Crowd, IsKeptWithoutDescriptorsAndLetInOnceThereAreSome) {
  options_.accept_pause = 5ms;
  opens();
  comes();
  {
    const few_descriptors none(0);
    // More than one round of all queues.
    const auto rounds = 2 * listener::queues_count + 1;
    ASSERT_TRUE(passes_until([&] { return server_->counts().accept_pauses >= rounds; }));
    EXPECT_EQ(server_->counts().accepted, 0U);
  }

  EXPECT_TRUE(passes_until([&] { return server_->counts().accepted == size; }));
}

TEST_F(Listener, PausesWithoutDescriptorsAndRecovers) {
  options_.accept_pause = 100ms;
  opens();
  desk_.thread.turns();
  const auto begin = std::chrono::steady_clock::now();
  const double used_before = processor_seconds();
  std::unique_ptr<test_client> client;
  {
    // One for the client's own socket, none for the server's.
    const few_descriptors few(1);
    client = std::make_unique<test_client>(desk_, port());
    client->sends(get("/"));
    ASSERT_TRUE(passes_until([&] { return server_->counts().accept_pauses >= 3; }));
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(took, 200ms) << "two whole pauses lie between three";
  EXPECT_LT(processor_seconds() - used_before, 0.1) << "it does not spin";
  EXPECT_EQ(client->hears().status, 302U) << "the connection was kept and is served";
}

/// Threads of their own, as the desk has them.
class busy_thread final : public io_thread {
 public:
  busy_thread() : thread_([this] { context_.run(); }) {}
  ~busy_thread() {
    work_.reset();
    context_.stop();
    thread_.join();
  }
  boost::asio::io_context& io_context() noexcept override { return context_; }
  void post(std::function<void()> what) override { boost::asio::post(context_, std::move(what)); }
  bool is_here() const noexcept override { return std::this_thread::get_id() == thread_.get_id(); }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  std::thread thread_;
};

class deaf_port final : public connection_port {
 public:
  explicit deaf_port(std::shared_ptr<transport> to) : line_(std::move(to)) {}
  void on_frame(std::string_view frame) override {
    line_->send(std::make_shared<const std::string>(frame));
  }
  void on_drained() override {}
  void on_pulse() override {}
  void on_closed(const parting&) override { line_.reset(); }

 private:
  std::shared_ptr<transport> line_;
};

class threaded_desk final : public desk {
 public:
  std::size_t io_threads() const override { return threads_.size(); }
  io_thread& io(std::size_t index) override { return threads_.at(index); }
  std::shared_ptr<connection_port> connect(std::size_t index,
                                           std::shared_ptr<transport> line) override {
    EXPECT_TRUE(threads_.at(index).is_here());
    ++connected.at(index);
    return std::make_shared<deaf_port>(std::move(line));
  }
  directory_ptr directory_now() const override { return people_; }
  tier_board& tiers() override { return *tiers_; }
  trace_board& traces() override { return *traces_; }
  void pin_tier(std::optional<unsigned>, std::chrono::milliseconds,
                std::function<void(fault_or<done>)>) override {}
  void change(directory_change, std::function<void(fault_or<directory_change>)>) override {}
  void serve_file(const identity&, file_wish,
                  std::function<void(fault_or<file_told>)> done) override {
    done(fault_code::unknown_file);
  }
  const std::string& history() const override { return history_; }
  bool is_ready() const override { return true; }
  void on_ruin(std::function<void(std::string_view)>) override {}
  void stop() override {}

  std::array<std::atomic<int>, 2> connected{};

 private:
  system_wall_clock date_;
  std::shared_ptr<tier_board> tiers_ = std::make_shared<tier_board>();
  std::shared_ptr<trace_board> traces_ = std::make_shared<trace_board>(trace_settings{}, date_);
  directory_ptr people_ = acme();
  std::string history_;
  std::array<busy_thread, 2> threads_;
};

TEST(ListenerWithThreads, HandsConnectionsOutInTurnAndStopsUnderLoad) {
  threaded_desk desk;
  const auto tokens = token_identity::with_secret(test_secret);
  const fixed_clock clock;
  server_options options;
  options.door.handshakes_per_address_max = 0;
  auto made = server::open(desk, *tokens, clock, options);
  ASSERT_EQ(made.why_not, "");

  fake_desk bystander;  // Only so that the clients have somebody to wait with.
  std::vector<std::unique_ptr<test_client>> clients;
  for (int i = 0; i < 20; ++i) {
    auto client = std::make_unique<test_client>(bystander, made.running->ports()[0]);
    EXPECT_EQ(client->asks(upgrade_request()).status, 101U);
    client->sends(client_frame(websocket_opcode::text, "hello"));
    EXPECT_EQ(client->hears_frame().payload, "hello");
    clients.push_back(std::move(client));
  }
  EXPECT_EQ(desk.connected[0] + desk.connected[1], 20);
  // Each queue has one turn ahead, which it takes when the kernel gives it somebody.
  EXPECT_NEAR(desk.connected[0], 10, listener::queues_count / 2);
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<test_client>(bystander, made.running->ports()[0]));
    clients.back()->sends("GET /");
  }
  made.running->stop();
  EXPECT_LE(made.running->counts().connections, 70U);
  clients.clear();
  EXPECT_TRUE(
      bystander.thread.turns_until([&] { return made.running->counts().connections == 0; }));
  made.running.reset();
}

}  // namespace
}  // namespace frontdesk
