#pragma once

#include "bench/destination.hpp"
#include "bench/loop.hpp"
#include "wire/encoding.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace frontdesk::bench {

/// What everybody of a run shares.
struct surroundings {
  loop& turning;
  const destination& to;
  encoding spoken = encoding::json;
  /// Bytes of WebSocket messages with their heads.
  std::uint64_t bytes_up = 0;
  std::uint64_t bytes_down = 0;
};

/// One WebSocket after another, never blocking; knows nothing of what is said. It trusts the node
/// with the form of its frames only as far as its own memory goes.
class line : public ready_listener {
 public:
  line(surroundings& all, std::uint32_t number) : all_(all), number_(number) {}
  ~line() override { drop(); }

  void connect();
  /// Without another word: the peer is sent RST.
  void drop();
  void say(std::string_view message);

  bool is_open() const { return state_ == states::open; }
  bool is_down() const { return state_ == states::none; }
  std::uint32_t number() const { return number_; }

  void on_ready(std::uint32_t what) override;

 protected:
  virtual void on_open() = 0;
  virtual void on_said(std::string_view message) = 0;
  /// The peer has ended it, or could not be reached.
  virtual void on_lost() = 0;
  /// Refused before the upgrade; `wait` says when to come again.
  virtual void on_refused(milliseconds wait) = 0;
  /// Further subprotocols to offer, with a comma in front.
  virtual std::string offers() const { return {}; }

  surroundings& all() const { return all_; }

 private:
  enum class states : std::uint8_t { none, connecting, upgrading, open };

  void lose();
  void ask_for_upgrade();
  void hear();
  bool take_answer();
  bool take_message();
  void write_out(std::string_view bytes);
  void flush();

  surroundings& all_;
  const std::uint32_t number_;
  int descriptor_ = -1;
  states state_ = states::none;
  std::string in_;
  std::string out_;
  bool waits_for_room_ = false;
};

}  // namespace frontdesk::bench
