#pragma once

#include "model/fault.hpp"
#include "model/ids.hpp"
#include "model/outbound_budget.hpp"
#include "model/trace.hpp"
#include "model/transport_kind.hpp"
#include "wire/encoding.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace frontdesk {

/// The wall between sockets and actors. No file sees CAF and Beast both: a transport in `net/`
/// talks to its connection's actor through `connection_port`, and is talked to through `transport`.
/// Both sides live on one worker's thread; every call happens there, and neither side calls the
/// other back from within a call, except that `transport`'s functions may be called from within the
/// port's.

/// One encoded frame; shared, never copied, by all who receive it.
using frame_bytes = std::shared_ptr<const std::string>;

/// What a transport carries.
enum class carries : std::uint8_t {
  /// Frames both ways, as long as both want.
  both_ways,
  /// `hello` and subscriptions, and from then on only what the desk says. What the device says
  /// comes
  /// by errands.
  downward,
  /// A few frames and what answers them: no welcome, no events, and nobody is present by it.
  errand,
};

/// How a transport ended without its actor. To the actor all ways are the same; whoever looks for
/// what became of a connection wants to know them apart.
struct parting {
  enum class ways : std::uint8_t {
    gone,      ///< The peer ended it; `code` is that of its close, if it said one.
    broken,    ///< The network did: it was reset, or whatever else the kernel says of a socket.
    stalled,   ///< The peer took nothing for `limits::write_stall_max`.
    breach,    ///< The peer broke the protocol, and is told `code`.
    answered,  ///< It carried one answer, which is over.
  };

  ways way = ways::gone;
  std::uint32_t code = 0;

  friend bool operator==(const parting&, const parting&) = default;
};

constexpr std::string_view name_of(parting::ways way) {
  constexpr std::string_view names[]{"gone", "broken", "stalled", "breach", "answered"};
  return names[static_cast<std::size_t>(way)];
}

/// What a connection's actor asks of its transport. The actor holds it; after `on_closed` or its
/// own `close` the actor lets go of it.
class transport {
 public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport() = default;

  virtual carries kind() const { return carries::both_ways; }

  /// For the statistics.
  virtual transport_kind came_by() const { return transport_kind::websocket; }

  /// How its frames are spelled, both ways; never changes.
  virtual encoding spoken() const { return encoding::json; }

  /// The trace of the request with which its frames came, if it said one: for posts that have none
  /// of their own.
  virtual trace_context came_with() const { return {}; }

  /// Queues a frame. Frames queued in one turn leave in one write. The sender watches
  /// `outbound_bytes` and stops by itself; nothing is dropped here.
  virtual void send(frame_bytes) = 0;

  /// From now on what waits here counts as this share.
  virtual void charge_to(outbound_share) {}

  /// Bytes queued and not yet taken by the kernel.
  virtual std::size_t outbound_bytes() const = 0;

  /// No more `on_frame` until `resume`: the peer is slowed by TCP. Bytes already read wait here.
  virtual void pause() = 0;
  virtual void resume() = 0;

  /// Writes what is queued, then closes with this code; gives up after a few seconds. Of one who is
  /// closed because it takes too little (`slow`, `overload`), only what was begun and the last
  /// frame. No further call of the port follows.
  virtual void close(close_code) = 0;

  /// Asks for one `on_pulse` after about this long (± 10 %), in place of any asked for before.
  /// Pulses are cheap: one timer per worker carries all of them.
  virtual void pulse_after(std::chrono::milliseconds) = 0;
};

/// What a transport tells its connection's actor.
class connection_port {
 public:
  connection_port() = default;
  connection_port(const connection_port&) = delete;
  connection_port& operator=(const connection_port&) = delete;
  virtual ~connection_port() = default;

  /// One whole frame within the frame limit, as JSON valid UTF-8. The view is valid during the
  /// call.
  virtual void on_frame(std::string_view) = 0;

  /// Of an errand: no frame follows. Once all are answered, the actor closes without a `bye`.
  virtual void on_all_said() {}

  /// The outbound bytes have fallen below a quarter of `limits::outbound_bytes_max` after having
  /// been above half of it.
  virtual void on_drained() = 0;

  virtual void on_pulse() = 0;

  /// The connection has ended, not by `close`. The last call.
  virtual void on_closed(const parting&) = 0;
};

}  // namespace frontdesk
