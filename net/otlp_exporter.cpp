#include "net/otlp_exporter.hpp"

#include "net/otlp_exchange.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace frontdesk {

namespace {

/// For a thread that was told to end.
constexpr std::chrono::milliseconds last_wait{100};

/// All that the thread has. It keeps it, so that it may outlive whoever opened it.
class export_work : public std::enable_shared_from_this<export_work> {
 public:
  export_work(std::shared_ptr<trace_board> board, otlp_options how)
      : board_(std::move(board)), how_(std::move(how)), pause_(how_.pause_min) {}

  export_work(const export_work&) = delete;
  export_work& operator=(const export_work&) = delete;
  ~export_work() { board_->leave_out(batch_.size()); }

  void begin() {
    board_->begin_export([me = weak_from_this()] {
      const auto work = me.lock();
      if (work) work->want_turn();
    });
    wait(how_.every);
  }
  void run() { context_.run(); }

  /// Any thread. Says what is there, and ends.
  void flush() {
    boost::asio::post(context_, [this] {
      is_ending_ = true;
      timer_.cancel();
      if (!is_asking_) ask();
    });
  }
  /// Any thread. Nobody is told of anything any more.
  void drop() {
    {
      const std::lock_guard guard(mutex_);
      how_.on_change = nullptr;
    }
    context_.stop();
  }

 private:
  void want_turn() {
    boost::asio::post(context_, [this] {
      if (!is_asking_ && !is_pausing_) ask();
    });
  }

  void wait(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([this](const boost::system::error_code& cut) {
      if (!cut && !is_asking_) ask();
    });
  }

  void ask() {
    timer_.cancel();
    is_pausing_ = false;
    if (batch_.empty()) batch_ = board_->take(limits::spans_per_export_max);
    if (batch_.empty()) return is_ending_ ? context_.stop() : wait(how_.every);
    is_asking_ = true;
    std::make_shared<otlp_exchange>(context_, how_, otlp_json::to_json(how_.who, batch_),
                                    [this](const otlp_outcome& said) { on_answer(said); })
        ->begin();
  }

  void on_answer(const otlp_outcome& said) {
    is_asking_ = false;
    tell(said.why);
    if (said.kind != otlp_outcome::kinds::taken) return on_failure(said.kind);
    const std::size_t rejected = std::min<std::size_t>(said.rejected, batch_.size());
    board_->count_exported(batch_.size() - rejected);
    board_->leave_out(rejected);
    batch_.clear();
    tries_ = 0;
    pause_ = how_.pause_min;
    const bool is_more = board_->stats().waiting >= limits::spans_per_export_max;
    is_more || is_ending_ ? ask() : wait(how_.every);
  }

  void on_failure(otlp_outcome::kinds kind) {
    board_->count_failed_export();
    ++tries_;
    if (kind == otlp_outcome::kinds::refused || tries_ >= how_.tries_max || is_ending_) {
      board_->leave_out(batch_.size());
      batch_.clear();
      tries_ = 0;
    }
    if (is_ending_) return context_.stop();
    is_pausing_ = true;
    wait(pause_);
    pause_ = std::min(pause_ * 2, how_.pause_max);
  }

  /// Of a change only.
  void tell(const std::string& why) {
    if (why.empty() == is_well_) return;
    is_well_ = why.empty();
    const std::lock_guard guard(mutex_);
    if (how_.on_change) how_.on_change(why);
  }

  const std::shared_ptr<trace_board> board_;
  std::mutex mutex_;
  otlp_options how_;
  boost::asio::io_context context_{1};
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_ =
      boost::asio::make_work_guard(context_);
  boost::asio::steady_timer timer_{context_};
  /// Those of the request that is under way, or is said again.
  std::vector<span> batch_;
  unsigned tries_ = 0;
  std::chrono::milliseconds pause_;
  bool is_asking_ = false;
  /// Not even a full batch ends it.
  bool is_pausing_ = false;
  bool is_well_ = true;
  bool is_ending_ = false;
};

class running_exporter final : public otlp_exporter {
 public:
  running_exporter(std::shared_ptr<trace_board> board, otlp_options how)
      : flush_max_(how.flush_max),
        board_(std::move(board)),
        work_(std::make_shared<export_work>(board_, std::move(how))) {
    work_->begin();
    thread_ = std::thread(
        [work = work_, end = ran_, last = let_go_.get_future(), gone = gone_]() mutable {
          work->run();
          end->set_value();
          // What it has ends here and nowhere else: a name that is being looked up is waited for.
          last.wait();
          work.reset();
          gone->set_value();
        });
  }

  ~running_exporter() override {
    auto ran = ran_->get_future();
    auto gone = gone_->get_future();
    work_->flush();
    ran.wait_for(flush_max_);
    board_->end_export();
    work_->drop();
    ran.wait_for(last_wait);
    work_.reset();
    let_go_.set_value();
    const bool is_gone = gone.wait_for(last_wait) == std::future_status::ready;
    is_gone ? thread_.join() : thread_.detach();
  }

 private:
  const std::chrono::milliseconds flush_max_;
  const std::shared_ptr<trace_board> board_;
  std::shared_ptr<export_work> work_;
  std::promise<void> let_go_;
  const std::shared_ptr<std::promise<void>> ran_ = std::make_shared<std::promise<void>>();
  const std::shared_ptr<std::promise<void>> gone_ = std::make_shared<std::promise<void>>();
  std::thread thread_;
};

}  // namespace

std::unique_ptr<otlp_exporter> otlp_exporter::open(std::shared_ptr<trace_board> board,
                                                   otlp_options how) {
  return std::make_unique<running_exporter>(std::move(board), std::move(how));
}

}  // namespace frontdesk
