#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/// The problem: every connection waits for something (its next ping, the end of a stall, the end of
/// a handshake), nearly always in vain, because something happens first. A timer of the operating
/// system, or of Asio, for each of a hundred thousand sockets costs memory and a heap that is
/// rearranged by every frame.
///
/// The answer: one wheel per thread. A deadline is a link in one of the wheel's slots; to set, move
/// or drop it is a handful of pointer writes, whatever the number of others.
///
///      slot   0     1     2     3            1023
///           ┌────┬────┬────┬────┬── ─ ─ ─ ─┬────┐
///           │    │ ●● │    │ ●  │          │    │    ● set for this turn of the wheel or a later
///           one └────┴────┴────┴────┴── ─ ─ ─ ─┴────┘
///                   ▲ the next tick
namespace frontdesk {

/// Deadlines in virtual time: the caller says what time it is, the wheel says who is due.
///
/// Promises: nobody is called early; nobody later than one tick after the `advance` that passes the
/// deadline; who is due first is called first, to the tick. One thread.
class pulse_wheel {
 public:
  using moment = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  /// Something that can become due once. Whichever of the two ends first, entry or wheel, leaves
  /// the other behind in order.
  class entry {
   public:
    entry() = default;
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

    bool is_set() const noexcept { return link_ != nullptr; }
    /// Forgets the deadline; nothing happens if there is none.
    void cancel() noexcept;

   protected:
    ~entry() { cancel(); }

   private:
    friend class pulse_wheel;

    /// The deadline has passed; the entry is no longer set, and may be set again or destroyed here.
    virtual void on_due() = 0;

    entry* next_ = nullptr;
    /// The pointer that points here: of the slot, or of the entry before.
    entry** link_ = nullptr;
    std::uint64_t due_tick_ = 0;
  };

  /// Ticks are counted from `start`. Tick times slots is one turn: a deadline beyond it is passed
  /// over once a turn.
  explicit pulse_wheel(moment start, milliseconds tick = milliseconds{25},
                       std::size_t slots_count = 1024);
  pulse_wheel(const pulse_wheel&) = delete;
  pulse_wheel& operator=(const pulse_wheel&) = delete;
  ~pulse_wheel();

  /// Sets or moves a deadline. One that has passed already is due a tick from now.
  void set(entry&, moment due);

  /// Calls all who are due by now. They may set and cancel any entry, and destroy any but the
  /// wheel.
  void advance(moment now);

  /// When to call `advance` next: not after the earliest deadline's tick, perhaps before it. None
  /// while no entry is set.
  std::optional<moment> next() const;

 private:
  entry*& slot_of(std::uint64_t tick) { return slots_[tick % slots_.size()]; }
  static void link(entry*& place, entry&);
  static void call_all(entry*& due);

  moment start_;
  milliseconds tick_;
  std::vector<entry*> slots_;
  std::uint64_t now_tick_ = 0;
};

/// A member that calls its owner's function when it is due.
template <class Owner, void (Owner::*Call)()>
class deadline final : public pulse_wheel::entry {
 public:
  explicit deadline(Owner& owner) : owner_(owner) {}

 private:
  void on_due() override { (owner_.*Call)(); }

  Owner& owner_;
};

/// `about`, or up to a tenth less or more, by 32 random bits: so that what began at one moment does
/// not come back at one moment.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds about, std::uint32_t random);

}  // namespace frontdesk
