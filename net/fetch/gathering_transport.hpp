#pragma once

#include "actors/transport.hpp"
#include "net/fetch/fetch_call.hpp"
#include "net/pulse_wheel.hpp"
#include "net/socket_thread.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// The problem: a connection's actor says what it has to say bit by bit; a request is answered
/// once.
///
/// The answer: a transport without a socket. It says to the port what came with the request,
/// gathers what comes back, and knows when that is an answer.
///
///     request ──► hello, lines ──► port          `POST /v1/frames`: when all is answered
///     answer  ◄── gathered lines ◄── send        `POST /v1/poll`: when there is something, or late
namespace frontdesk {

/// One request for frames, or one long poll.
///
/// *Life time.* Shared, as every transport, with the connection's actor. Ends when it has answered,
/// when the actor closes, or when the asker has gone (`abandon`); the connection ends with it.
///
/// *Bounds.* Time: `errand_max` or `poll_max`. Bytes: the actor asks `outbound_bytes`, as
/// everywhere.
class gathering_transport final : public transport,
                                  public std::enable_shared_from_this<gathering_transport> {
 public:
  struct answer {
    std::string lines;
    /// Of a poll: the name of the roster with which it leaves the client.
    std::string roster;
    /// Until the lines are written.
    std::shared_ptr<outbound_share> share;
  };
  /// Called once, on the thread, not from within `begin`; never after `abandon`.
  using reply = std::function<void(answer)>;

  /// On the thread, outside any call of a port. None if the desk takes no more connections.
  static std::shared_ptr<gathering_transport> begin(std::shared_ptr<socket_thread>, fetch_call,
                                                    reply);

  /// `begin` makes it.
  gathering_transport(std::shared_ptr<socket_thread>, fetch_call, reply);
  ~gathering_transport() override;

  /// Nobody waits for the answer any more.
  void abandon();

  carries kind() const override;
  transport_kind came_by() const override {
    return is_poll() ? transport_kind::poll : transport_kind::errand;
  }
  trace_context came_with() const override { return call_.trace; }
  void send(frame_bytes) override;
  void charge_to(outbound_share share) override {
    if (share_) *share_ = std::move(share);
  }
  std::size_t outbound_bytes() const override { return snapshot_.size() + news_.size(); }
  void pause() override { is_paused_ = true; }
  void resume() override;
  void close(close_code) override;
  void pulse_after(std::chrono::milliseconds) override;

 private:
  bool is_poll() const { return call_.kind == fetch_call::kinds::poll; }
  void want_turn();
  void on_turn();
  void say();
  void end_snapshot();
  void end_soon();
  void on_pulse_due();
  void on_late();
  void finish(parting::ways);

  const std::shared_ptr<socket_thread> thread_;
  fetch_call call_;
  reply reply_;
  std::shared_ptr<connection_port> port_;
  /// `welcome` and the roster: what a poll leaves out if the client has it.
  std::string snapshot_;
  std::string roster_;
  std::string news_;
  /// Goes with the answer, which waits as its bytes did here.
  std::shared_ptr<outbound_share> share_ = std::make_shared<outbound_share>();
  /// From the hello to the first answer.
  hello_gate::greeting greeting_;
  std::size_t said_count_ = 0;
  deadline<gathering_transport, &gathering_transport::on_pulse_due> pulse_;
  deadline<gathering_transport, &gathering_transport::on_late> late_;
  bool is_greeted_ = false;    // `hello` was said
  bool has_snapshot_ = false;  // and answered
  bool is_all_said_ = false;
  bool is_paused_ = false;
  bool has_turn_ = false;
  bool is_ending_ = false;  // there is an answer; what belongs to it is awaited
  bool is_over_ = false;
};

/// The name of a roster: what `welcome` and the roster's pages say, but for the moment at which
/// they say it.
std::string name_of_roster(std::string_view snapshot);

}  // namespace frontdesk
