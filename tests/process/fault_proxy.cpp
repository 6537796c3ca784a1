#include "tests/process/fault_proxy.hpp"

#include <boost/asio.hpp>
#include <fmt/format.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace frontdesk::process {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

/// A trouble that has its own rhythm looks this often whether it is over.
constexpr milliseconds look_again{20};

const tcp::endpoint anywhere{asio::ip::address_v4::loopback(), 0};

milliseconds up_to(std::mt19937_64& random, milliseconds most) {
  return milliseconds{
      static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most.count()))};
}

// Half of all ways are good; the others are late, in crumbs, or slow.
way_plan draw_way(std::mt19937_64& random) {
  way_plan plan;
  switch (random() % 6) {
    case 0:
      plan.delay = up_to(random, milliseconds{60});
      break;
    case 1:
      plan.piece_bytes = 1;
      break;
    case 2:
      plan.piece_bytes = 1 + random() % 100;
      plan.bytes_per_second = 2'000 + random() % 20'000;
      break;
    default:
      break;
  }
  return plan;
}

}  // namespace

link_plans plans_of(std::uint64_t seed, milliseconds life) {
  return [seed, life](std::size_t nth) {
    std::seed_seq words{seed, seed >> 32U, static_cast<std::uint64_t>(nth)};
    std::mt19937_64 random{words};
    link_plan plan;
    plan.up = draw_way(random);
    plan.down = draw_way(random);
    plan.end = static_cast<link_end>(random() % link_ends_count);
    plan.ends_after = milliseconds{20} + up_to(random, life);
    return plan;
  };
}

// ---- One link.

namespace {

struct link : std::enable_shared_from_this<link> {
  link(tcp::socket with_device, link_plan how)
      : device(std::move(with_device)),
        node(device.get_executor()),
        plan(how),
        end(node.get_executor()) {}

  void reset() {
    for (tcp::socket* each : {&device, &node}) {
      error_code ignored;
      each->set_option(asio::socket_base::linger(true, 0), ignored);
      each->close(ignored);
    }
    end.cancel();
  }
  void close() {
    error_code ignored;
    device.close(ignored);
    node.close(ignored);
    end.cancel();
  }

  tcp::socket device;
  tcp::socket node;
  link_plan plan;
  asio::steady_timer end;
  /// What has become of it so far.
  link_end state = link_end::never;
  bool hurries = false;
  std::atomic<std::size_t> bytes_down{0};
};

/// One of the two ways of a link.
class way : public std::enable_shared_from_this<way> {
 public:
  way(std::shared_ptr<link> of, bool is_up)
      : link_(std::move(of)),
        is_up_(is_up),
        from_(is_up ? link_->device : link_->node),
        to_(is_up ? link_->node : link_->device),
        pause_(from_.get_executor()) {}

  void read() {
    if (link_->state == link_end::stuck) return wait(look_again, &way::read);
    from_.async_read_some(asio::buffer(room_),
                          [me = shared_from_this()](error_code error, std::size_t bytes) {
                            me->was_read(error, bytes);
                          });
  }

 private:
  const way_plan& plan() const { return is_up_ ? link_->plan.up : link_->plan.down; }

  bool is_deaf() const {
    const link_end state = link_->state;
    return state == link_end::silent || state == (is_up_ ? link_end::deaf_up : link_end::deaf_down);
  }

  void was_read(error_code error, std::size_t bytes) {
    if (error) return ended(error);
    begin_ = 0;
    end_ = bytes;
    link_->hurries ? write() : wait(plan().delay, &way::write);
  }

  void write() {
    if (link_->state == link_end::stuck) return wait(look_again, &way::write);
    // Whoever is deaf now has thrown away all that comes, and never hears again.
    if (is_deaf() || begin_ == end_) return read();
    const std::size_t whole = end_ - begin_;
    const std::size_t piece = link_->hurries ? whole : std::min(whole, plan().piece_bytes);
    asio::async_write(to_, asio::buffer(room_.data() + begin_, piece),
                      [me = shared_from_this()](error_code error, std::size_t bytes) {
                        me->was_written(error, bytes);
                      });
  }

  void was_written(error_code error, std::size_t bytes) {
    if (error) return ended(error);
    begin_ += bytes;
    if (!is_up_) link_->bytes_down += bytes;
    const std::size_t rate = plan().bytes_per_second;
    if (rate == 0 || link_->hurries) return write();
    wait(milliseconds{static_cast<std::int64_t>(std::max<std::size_t>(1, bytes * 1000 / rate))},
         &way::write);
  }

  // The end of one side is told to the other, as it was meant.
  void ended(error_code error) {
    if (is_deaf()) return;
    if (error != asio::error::eof) return link_->reset();
    error_code ignored;
    to_.shutdown(tcp::socket::shutdown_send, ignored);
    has_ended_ = true;
    if (other_has_ended()) link_->close();
  }

  bool other_has_ended() const {
    const auto other = other_.lock();
    return !other || other->has_ended_;
  }

  void wait(milliseconds time, void (way::*then)()) {
    if (time.count() == 0) return ((*this).*then)();
    pause_.expires_after(time);
    pause_.async_wait([me = shared_from_this(), then](error_code) {
      if (me->from_.is_open()) ((*me).*then)();
    });
  }

 public:
  /// The other way of the same link.
  void is_beside(const std::shared_ptr<way>& other) { other_ = other; }

 private:
  const std::shared_ptr<link> link_;
  const bool is_up_;
  tcp::socket& from_;
  tcp::socket& to_;
  asio::steady_timer pause_;
  std::weak_ptr<way> other_;
  std::array<char, 16 * 1024> room_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool has_ended_ = false;
};

}  // namespace

// ---- The proxy.

struct fault_proxy::inner {
  explicit inner(link_plans how) : plans(std::move(how)) {
    accept();
    thread = std::thread([this] { context.run(); });
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket with) {
      if (error) return;
      begin(std::move(with));
      accept();
    });
  }

  void begin(tcp::socket with) {
    const std::size_t nth = count_links();
    const auto made = std::make_shared<link>(std::move(with), is_kind ? link_plan{} : plans(nth));
    made->hurries = is_hurried;
    {
      const std::lock_guard lock{mutex};
      links.push_back(made);
    }
    error_code error;
    made->node.open(tcp::v4(), error);
    if (made->plan.kernel_bytes > 0) {
      const int bytes = made->plan.kernel_bytes;
      made->node.set_option(asio::socket_base::receive_buffer_size(bytes), error);
      made->device.set_option(asio::socket_base::send_buffer_size(bytes), error);
    }
    made->device.set_option(tcp::no_delay(true), error);
    made->node.async_connect({asio::ip::address_v4::loopback(), node_port},
                             [this, made](error_code failed) { connected(made, failed); });
  }

  void connected(const std::shared_ptr<link>& made, error_code failed) {
    if (failed) return made->reset();
    error_code ignored;
    made->node.set_option(tcp::no_delay(true), ignored);
    const auto up = std::make_shared<way>(made, true);
    const auto down = std::make_shared<way>(made, false);
    up->is_beside(down);
    down->is_beside(up);
    // Each keeps itself alive; the other one must not.
    up->read();
    down->read();
    if (made->plan.end == link_end::never) return;
    made->end.expires_after(made->plan.ends_after);
    made->end.async_wait([this, made](error_code cancelled) {
      if (!cancelled && made->device.is_open()) ends_now(*made);
    });
  }

  void ends_now(link& which) {
    ++ended.at(static_cast<std::size_t>(which.plan.end));
    error_code ignored;
    switch (which.plan.end) {
      case link_end::never:
        return;
      case link_end::reset:
        return which.reset();
      case link_end::closed:
        return which.close();
      case link_end::half_closed:
        which.node.shutdown(tcp::socket::shutdown_send, ignored);
        return;
      case link_end::silent:
      case link_end::deaf_up:
      case link_end::deaf_down:
      case link_end::stuck:
        which.state = which.plan.end;
        return;
    }
  }

  void heal() {
    is_kind = true;
    for (const auto& each : links)
      each->reset();
  }

  void slow_down(std::size_t bytes_per_second) {
    for (const auto& each : links) {
      each->plan.down.piece_bytes = 1;
      each->plan.down.bytes_per_second = bytes_per_second;
    }
  }

  void hurry() {
    is_hurried = true;
    for (const auto& each : links)
      each->hurries = true;
  }

  std::size_t count_links() const {
    const std::lock_guard lock{mutex};
    return links.size();
  }

  asio::io_context context;
  tcp::acceptor acceptor{context, anywhere};
  const link_plans plans;
  std::uint16_t node_port = 0;
  bool is_kind = false;
  bool is_hurried = false;
  mutable std::mutex mutex;
  std::vector<std::shared_ptr<link>> links;
  std::array<std::atomic<std::size_t>, link_ends_count> ended{};
  std::thread thread;
};

fault_proxy::fault_proxy(link_plans plans) : inner_(std::make_unique<inner>(std::move(plans))) {}

fault_proxy::~fault_proxy() {
  inner_->context.stop();
  inner_->thread.join();
}

std::uint16_t fault_proxy::port() const {
  return inner_->acceptor.local_endpoint().port();
}

void fault_proxy::leads_to(std::uint16_t node_port) {
  asio::post(inner_->context, [in = inner_.get(), node_port] { in->node_port = node_port; });
}

void fault_proxy::heals() {
  asio::post(inner_->context, [in = inner_.get()] { in->heal(); });
}

void fault_proxy::slows_down(std::size_t bytes_per_second) {
  asio::post(inner_->context,
             [in = inner_.get(), bytes_per_second] { in->slow_down(bytes_per_second); });
}

void fault_proxy::hurries() {
  asio::post(inner_->context, [in = inner_.get()] { in->hurry(); });
}

std::array<std::size_t, link_ends_count> fault_proxy::ends() const {
  std::array<std::size_t, link_ends_count> counts{};
  std::ranges::copy(inner_->ended, counts.begin());
  return counts;
}

std::size_t fault_proxy::links_count() const {
  return inner_->count_links();
}

std::size_t fault_proxy::bytes_down(std::size_t nth) const {
  const std::lock_guard lock{inner_->mutex};
  return inner_->links.at(nth)->bytes_down;
}

bool fault_proxy::is_given_up_by_node(std::size_t nth) const {
  std::promise<bool> answer;
  asio::post(inner_->context, [&] {
    tcp_info now{};
    socklen_t size = sizeof now;
    tcp::socket& node = inner_->links.at(nth)->node;
    const bool is_known =
        node.is_open() && getsockopt(node.native_handle(), IPPROTO_TCP, TCP_INFO, &now, &size) == 0;
    answer.set_value(!is_known || now.tcpi_state != TCP_ESTABLISHED);
  });
  return answer.get_future().get();
}

std::string fault_proxy::summary() const {
  constexpr std::array names{"unharmed",   "reset",       "closed",        "half-closed",
                             "cut silent", "deaf upward", "deaf downward", "stuck"};
  const auto counts = ends();
  std::string all = fmt::format("{} links", links_count());
  for (std::size_t i = 1; i < counts.size(); ++i)
    all += fmt::format(", {} {}", counts.at(i), names.at(i));
  return all;
}

}  // namespace frontdesk::process
