#include "net/hello_gate.hpp"

#include "model/ids.hpp"

#include <algorithm>

namespace frontdesk {

namespace {

using std::chrono::milliseconds;

/// Above this part of the rate, and of the backlog, strangers have only their own share.
constexpr double fresh_part = 0.5;
/// What a thread was late with somebody says nothing a second later.
constexpr milliseconds lag_counts{1000};
/// So that two who were refused in the same moment by two nodes do not come together either.
constexpr std::uint64_t jitter_ms = 250;

double backlog_seconds() {
  return std::chrono::duration<double>(limits::hello_backlog_max).count();
}

}  // namespace

hello_gate::hello_gate(double per_second)
    : per_second_(per_second),
      fresh_per_second_(per_second * limits::fresh_share),
      all_(per_second, std::max(1.0, per_second * backlog_seconds())),
      fresh_(fresh_per_second_, std::max(1.0, fresh_per_second_)) {}

std::optional<milliseconds> hello_gate::ask(guests who, moment now) {
  if (per_second_ <= 0) {
    return std::nullopt;
  }
  const std::lock_guard guard(mutex_);
  const double waiting = backlog(now);
  if (waiting >= 1) {
    return later(who, now);
  }
  const double burst = std::max(1.0, per_second_ * backlog_seconds());
  const bool is_quiet = waiting < fresh_part && all_.left(now) >= burst * fresh_part;
  if ((who == guests::seated || is_quiet) && all_.take(now)) {
    return std::nullopt;
  }
  if (who == guests::fresh && fresh_.take(now)) {
    return std::nullopt;
  }
  return later(who, now);
}

void hello_gate::note_lag(milliseconds late, moment now) {
  const std::lock_guard guard(mutex_);
  // The latest of some threads: one that lags says so with each whom it is handed.
  lag_ = late;
  lag_at_ = now;
}

double hello_gate::backlog(moment now) const {
  const milliseconds lag = now - lag_at_ < lag_counts ? lag_ : milliseconds{0};
  const double by_lag = std::chrono::duration<double>(lag).count() / backlog_seconds();
  const double by_count =
      static_cast<double>(greetings_) / std::max(1.0, per_second_ * backlog_seconds());
  return std::max(by_lag, by_count);
}

milliseconds hello_gate::later(guests who, moment now) {
  moment& next = next_[static_cast<std::size_t>(who)];
  const moment first = now + limits::reconnect_pause;
  const double each_s = 1 / (who == guests::seated ? per_second_ : fresh_per_second_);
  const auto step =
      std::chrono::duration_cast<moment::duration>(std::chrono::duration<double>(each_s));
  // Those who were told and never came leave no trace: time passes over their moments.
  next = std::min(std::max(next, first), now + limits::reconnect_window_max);
  const auto wait = std::chrono::duration_cast<milliseconds>(next - now);
  next += step;
  return wait + milliseconds{mixed(++refusals_count_) % jitter_ms};
}

}  // namespace frontdesk
