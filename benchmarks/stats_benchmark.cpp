// What it costs to count what actors do: messages between actors of one worker that do nothing
// else, counted and not counted in turns, so that both meet the same machine.
//
//     cmake --preset release && ninja -C build/release stats_benchmark
//     build/release/stats_benchmark [ROUNDS]
//
// A real message also reads or writes a socket, a frame or a store: for a part of that, see
// `cost_benchmark`.

#include "actors/desk_watch.hpp"
#include "model/limits.hpp"
#include "tests/actors/puppet.hpp"
#include "tests/actors/threaded_desk.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <vector>

namespace frontdesk {

struct ball {
  std::uint64_t passes_left = 0;
};

namespace {

constexpr std::size_t pairs_count = 500;
constexpr std::uint64_t passes_count = 2000;

/// One worker full of actors that pass balls to each other.
class court {
 public:
  explicit court(bool is_counting) : desk_(options(is_counting)) {
    for (std::size_t i = 0; i < pairs_count; ++i) {
      const caf::actor first = makes({});
      players_.push_back(first);
      players_.push_back(makes(first));
    }
  }
  ~court() {
    for (const auto& each : players_)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }

  /// Nanoseconds of the worker's processor time for one message.
  double plays() {
    std::promise<void> all;
    left_ = pairs_count;
    over_ = &all;
    const double before = worker_ns();
    for (std::size_t i = 1; i < players_.size(); i += 2)
      caf::anon_send(players_[i], ball{passes_count});
    all.get_future().wait();
    return (worker_ns() - before) / static_cast<double>(pairs_count * passes_count);
  }

 private:
  static scheduler_options options(bool is_counting) {
    scheduler_options chosen;
    chosen.is_counting = is_counting;
    return chosen;
  }
  caf::actor makes(caf::actor partner) {
    return spawn_on<puppet>(
        desk_.system(), io, [this, partner = std::move(partner)](puppet& self) -> caf::behavior {
          return {[this, &self, partner](const ball& got) {
            if (got.passes_left == 0) return is_over();
            const auto to = partner ? partner : caf::actor_cast<caf::actor>(self.current_sender());
            self.tell(to, ball{got.passes_left - 1});
          }};
        });
  }
  void is_over() {
    if (--left_ == 0) over_->set_value();
  }
  double worker_ns() {
    return desk_.on(io, [] {
      timespec used{};
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
      return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
    });
  }

  threaded_desk desk_;
  std::vector<caf::actor> players_;
  /// Own worker only, while a game is on.
  std::size_t left_ = 0;
  std::promise<void>* over_ = nullptr;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

int run(int rounds) {
  court counted(true);
  court bare(false);
  std::vector<double> with;
  std::vector<double> without;
  std::vector<double> more;
  for (int i = 0; i <= rounds; ++i) {
    const double first = i % 2 == 0 ? counted.plays() : bare.plays();
    const double second = i % 2 == 0 ? bare.plays() : counted.plays();
    if (i == 0) continue;
    with.push_back(i % 2 == 0 ? first : second);
    without.push_back(i % 2 == 0 ? second : first);
    more.push_back(with.back() - without.back());
  }
  fmt::print("message, counted      {:6.1f} ns\n", median(with));
  fmt::print("message, not counted  {:6.1f} ns\n", median(without));
  fmt::print("difference            {:6.1f} ns\n", median(more));
  return 0;
}

}  // namespace
}  // namespace frontdesk

int main(int count, char** arguments) {
  return frontdesk::run(count > 1 ? std::max(1, std::atoi(arguments[1])) : 20);
}
