#pragma once

#include <functional>

namespace boost::asio {
class io_context;
}

namespace frontdesk {

/// A socket belongs to one thread: its callbacks run there, and so does the actor that it serves.
/// The floors above need that thread, but neither CAF nor the scheduler; this is all they see.
///
/// An io_thread is one thread that runs one `io_context`, from the start of the actor system to its
/// end. Everything that is created on its `io_context` (sockets, timers, acceptors) must be gone
/// before the actor system is; what a pending operation owns goes with the operation.
class io_thread {
 public:
  io_thread() = default;
  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  /// Callbacks of this context run on this thread, one after another. The actors of the thread run
  /// in between: a callback that blocks or computes for long makes them wait.
  ///
  /// A callback that throws ends alone: the exception is reported as a failure, the thread goes on.
  virtual boost::asio::io_context& io_context() noexcept = 0;

  /// Runs `what` on this thread soon, after what was posted before. Any thread may call.
  virtual void post(std::function<void()> what) = 0;

  /// Does the caller run on this thread?
  virtual bool is_here() const noexcept = 0;

 protected:
  ~io_thread() = default;
};

}  // namespace frontdesk
