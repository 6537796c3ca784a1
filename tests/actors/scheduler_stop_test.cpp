#include "tests/actors/puppet.hpp"
#include "tests/actors/threaded_desk.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace frontdesk {
namespace {

using boost::asio::ip::tcp;
using frontdesk::stays_on_its_node;
using namespace std::chrono_literals;

struct step {};
struct received {
  std::size_t bytes = 0;
};

/// Counts actors that exist, by their memory, whatever their handles say.
struct living {
  std::atomic<int> count{0};
};

class lodger : public puppet {
 public:
  lodger(caf::actor_config& config, living& all, script begin)
      : puppet(config, std::move(begin)), all_(all) {
    ++all_.count;
  }
  ~lodger() override { --all_.count; }

 private:
  living& all_;
};

/// Stops a desk without waiting for its actors, as when something has gone wrong.
void leave_actors_alone(threaded_desk& desk) {
  desk.system().await_actors_before_shutdown(false);
}

TEST(SchedulerStop, DropsActorsThatWaitForTime) {
  living all;
  {
    threaded_desk desk;
    spawn_on<lodger>(desk.system(), io, all, [](puppet& self) {
      self.remind(1h, step{});
      return caf::behavior{[](step) {}};
    });
    desk.catch_up(io);
    ASSERT_EQ(all.count, 1);
    leave_actors_alone(desk);
  }
  EXPECT_EQ(all.count, 0);
}

/// Ends a worker's thread before its time: what comes for it now waits for ever.
void halt(threaded_desk& desk, placement where) {
  desk.on(where, [&] { desk.threads().at(where).io_context().stop(); });
}

TEST(SchedulerStop, DropsActorsThatNeverHadATurn) {
  living all;
  {
    threaded_desk desk;
    halt(desk, io);
    for (int count = 0; count < 10; ++count) {
      spawn_on<lodger>(desk.system(), io, all, [](puppet&) { return caf::behavior{[](step) {}}; });
    }
    ASSERT_EQ(all.count, 10);
    leave_actors_alone(desk);
  }
  EXPECT_EQ(all.count, 0);
}

TEST(SchedulerStop, LetsActorsThatWaitForATurnSayGoodbye) {
  living all;
  int stopped_count = 0;
  {
    threaded_desk desk;
    auto actor = spawn_on<lodger>(desk.system(), storage, all, [&](puppet& self) {
      self.stopped = [&] { ++stopped_count; };
      return caf::behavior{[](step) { ADD_FAILURE(); }};
    });
    desk.catch_up(storage);
    halt(desk, storage);
    caf::anon_send(actor, step{});
    leave_actors_alone(desk);
  }
  EXPECT_EQ(all.count, 0);
  EXPECT_EQ(stopped_count, 1);
}

TEST(SchedulerStop, DropsActorsThatOnlyAPendingOperationOwns) {
  living all;
  {
    threaded_desk desk;
    auto& context = desk.threads().at(io).io_context();
    auto owner = spawn_on<lodger>(desk.system(), io, all,
                                  [](puppet&) { return caf::behavior{[](step) {}}; });
    auto acceptor = std::make_shared<tcp::acceptor>(
        context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0});
    acceptor->async_accept([acceptor, owner](boost::system::error_code, tcp::socket) {});
    leave_actors_alone(desk);
  }
  EXPECT_EQ(all.count, 0);
}

/// An actor that owns a socket of the desk's first worker.
caf::actor socket_owner(threaded_desk& desk, living& all) {
  auto socket = std::make_shared<tcp::socket>(desk.threads().at(io).io_context(), tcp::v4());
  return spawn_on<lodger>(desk.system(), io, all,
                          [socket](puppet&) { return caf::behavior{[](step) {}}; });
}

TEST(SchedulerStop, DropsASocketThatATimerOfAnotherWorkerOwns) {
  living all;
  {
    threaded_desk desk;
    spawn_on<lodger>(desk.system(), control, all, [owner = socket_owner(desk, all)](puppet& self) {
      self.remind(1h, step{});
      return caf::behavior{[owner](step) {}};
    });
    desk.catch_up(control);
    leave_actors_alone(desk);
  }
  EXPECT_EQ(all.count, 0);
}

TEST(SchedulerStop, DropsASocketThatAnOperationOfAnotherWorkerOwns) {
  living all;
  {
    threaded_desk desk;
    halt(desk, control);
    desk.threads().at(control).post([owner = socket_owner(desk, all)] {});
    leave_actors_alone(desk);
  }
  EXPECT_EQ(all.count, 0);
}

TEST(SchedulerStop, TakesWhatTheLastWordsOfActorsSetInMotion) {
  living all;
  {
    threaded_desk desk;
    auto heir = spawn_on<lodger>(desk.system(), storage, all,
                                 [](puppet&) { return caf::behavior{[](step) {}}; });
    spawn_on<lodger>(desk.system(), io, all, [heir](puppet& self) {
      self.stopped = [&self, heir] { self.tell(heir, step{}); };
      self.remind(1h, step{});
      return caf::behavior{[](step) {}};
    });
    heir = nullptr;
    desk.catch_up(io);
    leave_actors_alone(desk);
  }
  EXPECT_EQ(all.count, 0);
}

/// Echoes what it reads, through its mailbox, and owns its socket.
class echo_state final : public pinned_actor<caf::event_based_actor> {
 public:
  echo_state(caf::actor_config& config, tcp::socket socket, living& all)
      : pinned_actor(config), socket_(std::move(socket)), all_(all) {
    ++all_.count;
  }
  ~echo_state() override { --all_.count; }

 protected:
  caf::behavior make_behavior() override {
    read();
    return {[this](received got) {
      boost::system::error_code fault;
      boost::asio::write(socket_, boost::asio::buffer(bytes_, got.bytes), fault);
      if (fault) return quit(caf::exit_reason::user_shutdown);
      read();
    }};
  }
  void on_stopped() override {
    boost::system::error_code fault;
    socket_.close(fault);
  }

 private:
  void read() {
    auto self = caf::strong_actor_ptr{ctrl()};
    socket_.async_read_some(boost::asio::buffer(bytes_),
                            [this, self](boost::system::error_code fault, std::size_t count) {
                              if (fault) return quit_by_exit();
                              handle_now(received{count});
                            });
  }
  void quit_by_exit() { caf::anon_send_exit(this, caf::exit_reason::user_shutdown); }

  tcp::socket socket_;
  std::array<char, 512> bytes_{};
  living& all_;
};

/// A client that sends and reads until the desk hangs up.
void chatter(tcp::endpoint where, std::atomic<int>& rounds) {
  boost::asio::io_context own;
  tcp::socket socket{own};
  boost::system::error_code fault;
  socket.connect(where, fault);
  std::array<char, 128> bytes{};
  while (!fault) {
    boost::asio::write(socket, boost::asio::buffer(bytes), fault);
    if (!fault) socket.read_some(boost::asio::buffer(bytes), fault);
    ++rounds;
  }
}

TEST(SchedulerStop, EndsCleanlyWithOpenSocketsUnderLoad) {
  constexpr int clients_count = 20;
  living all;
  std::atomic<int> rounds{0};
  std::vector<std::thread> clients;
  {
    threaded_desk desk{{2, 1, 1, 64}};
    boost::asio::io_context accepting;
    tcp::acceptor acceptor{accepting, {boost::asio::ip::address_v4::loopback(), 0}};
    std::vector<caf::actor> echoes;
    for (std::size_t count = 0; count < clients_count; ++count) {
      clients.emplace_back(chatter, acceptor.local_endpoint(), std::ref(rounds));
      placement where{worker_kind::io, count};
      auto socket = acceptor.accept(desk.threads().at(where).io_context());
      echoes.push_back(spawn_on<echo_state>(desk.system(), where, std::move(socket), all));
    }
    while (rounds < 50 * clients_count)
      std::this_thread::yield();

    for (auto& each : echoes)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }
  for (auto& each : clients)
    each.join();
  EXPECT_EQ(all.count, 0);
}

TEST(SchedulerStop, EndsWithOpenSocketsThatNobodyClosed) {
  living all;
  std::atomic<int> rounds{0};
  std::thread client;
  {
    threaded_desk desk;
    boost::asio::io_context accepting;
    tcp::acceptor acceptor{accepting, {boost::asio::ip::address_v4::loopback(), 0}};
    client = std::thread{chatter, acceptor.local_endpoint(), std::ref(rounds)};
    auto socket = acceptor.accept(desk.threads().at(io).io_context());
    spawn_on<echo_state>(desk.system(), io, std::move(socket), all);
    while (rounds < 50)
      std::this_thread::yield();
    leave_actors_alone(desk);
  }
  client.join();
  EXPECT_EQ(all.count, 0);
}

}  // namespace
}  // namespace frontdesk
