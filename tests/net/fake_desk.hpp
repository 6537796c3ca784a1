#pragma once

#include "actors/desk_time.hpp"
#include "actors/spawn.hpp"
#include "net/identity/token_identity.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

/// A connection's actor that only remembers, and does what the test tells it.
class fake_port final : public connection_port {
 public:
  explicit fake_port(std::shared_ptr<transport> to) : line(std::move(to)) {}

  void on_frame(std::string_view frame) override;
  void on_all_said() override;
  void on_drained() override;
  void on_pulse() override;
  void on_closed(const parting&) override;

  /// Lets go of the transport, as an actor does after `close` and `on_closed`.
  void close(close_code code);
  void says(std::string text) { line->send(std::make_shared<const std::string>(std::move(text))); }

  std::shared_ptr<transport> line;
  std::vector<std::string> frames;
  int all_said_count = 0;
  int drained_count = 0;
  int pulses_count = 0;
  int closed_count = 0;
  parting closed_how;
  /// What to do with a frame, instead of nothing.
  std::function<void(fake_port&, std::string_view)> answers;

 private:
  // A port that is called from within one of its own calls fails the test.
  struct call;
  bool is_within_ = false;
};

/// The test's own thread, which carries sockets while the test waits for something.
class test_thread final : public io_thread {
 public:
  boost::asio::io_context& io_context() noexcept override { return context_; }
  void post(std::function<void()> what) override;
  bool is_here() const noexcept override { return true; }

  /// Carries sockets until it is so, or five seconds are over: whether it is so.
  bool turns_until(const std::function<bool()>& it_is_so,
                   std::chrono::milliseconds patience = std::chrono::seconds{5});
  /// Carries out what can be done now.
  void turns();

 private:
  boost::asio::io_context context_{1};
};

/// A desk without actors: a directory that the test writes, and a fake port for each connection.
class fake_desk final : public desk {
 public:
  ~fake_desk() override { forgets_ports(); }

  std::size_t io_threads() const override { return 1; }
  io_thread& io(std::size_t) override { return thread; }
  std::shared_ptr<connection_port> connect(std::size_t index, std::shared_ptr<transport>) override;
  directory_ptr directory_now() const override { return people; }
  void change(directory_change, std::function<void(fault_or<directory_change>)>) override {}
  /// Answered by the test's `keeps`, or `unknown_file`.
  void serve_file(const identity& who, file_wish what,
                  std::function<void(fault_or<file_told>)> done) override {
    if (is_silent) {
      kept_back.push_back(std::move(done));
      return;
    }
    done(keeps ? keeps(who, what) : fault_or<file_told>{fault_code::unknown_file});
  }
  /// Answers nothing about files, for now.
  bool is_silent = false;
  std::vector<std::function<void(fault_or<file_told>)>> kept_back;
  std::function<fault_or<file_told>(const identity&, file_wish&)> keeps;
  const std::string& history() const override { return history_; }
  tier_board& tiers() override { return *tiers_; }
  trace_board& traces() override { return *traces_; }
  void pin_tier(std::optional<unsigned>, std::chrono::milliseconds,
                std::function<void(fault_or<done>)>) override {}
  bool is_ready() const override { return ready; }
  void on_ruin(std::function<void(std::string_view)>) override {}
  void stop() override {}

  /// Its actors are gone: they have let go of their transports.
  void forgets_ports();

  // Declared before the ports: they hold sockets of its context.
  test_thread thread;
  directory_ptr people = std::make_shared<const directory>();
  bool ready = true;
  bool takes_connections = true;
  std::vector<std::shared_ptr<fake_port>> ports;
  /// What each new port is given as `answers`.
  std::function<void(fake_port&, std::string_view)> answers;

 private:
  system_wall_clock date_;
  std::shared_ptr<tier_board> tiers_ = std::make_shared<tier_board>();
  std::shared_ptr<trace_board> traces_ = std::make_shared<trace_board>(trace_settings{}, date_);
  std::string history_ = std::string(32, '0');
};

/// A tenant "acme" with an agent ann@acme.example and two inboxes: "open" takes visitors from
/// anywhere, "shop" those of https://shop.example. `with_open` leaves the first out.
directory_ptr acme(std::string password_hash = {}, bool with_open = true);

/// 2026-01-01, unless the test turns it.
class fixed_clock final : public wall_clock {
 public:
  timestamp now() const override { return at; }
  timestamp at{1'767'225'600'000};
};

constexpr std::string_view test_secret = "a secret of more than 32 bytes, for tests only";

}  // namespace frontdesk
