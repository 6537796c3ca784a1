#pragma once

#include "model/ids.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace frontdesk {

/// Tenants share one recorder, and one tenant's flood must not make another wait for more than a
/// turn. So what waits is kept per tenant, and each batch is filled in deficit round robin: every
/// turn gives a tenant `turn_bytes` of credit, unspent credit is kept only while something of its
/// waits.
///
/// The bound on what waits is its senders' (each conversation has one append under way).
template <class Work>
class turns {
 public:
  explicit turns(std::size_t turn_bytes) : turn_bytes_(turn_bytes) {}

  void add(tenant_id whose, std::size_t bytes, Work work) {
    queue& waiting = queues_[whose];
    if (waiting.work.empty()) {
      round_.push_back(whose);
    }
    waiting.work.emplace_back(bytes, std::move(work));
    ++count_;
  }

  bool is_empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }

  /// What the next batch carries: at most `count_max` and, beyond the first, `bytes_max`. Work of
  /// one tenant keeps its order.
  std::vector<Work> take(std::size_t count_max, std::size_t bytes_max) {
    std::vector<Work> taken;
    std::size_t bytes = 0;
    const auto fits = [&](std::size_t more) {
      return taken.size() < count_max && (taken.empty() || bytes + more <= bytes_max);
    };
    while (!round_.empty()) {
      const tenant_id whose = round_.front();
      queue& waiting = queues_[whose];
      waiting.credit += turn_bytes_;
      while (!waiting.work.empty() && waiting.work.front().first <= waiting.credit) {
        const std::size_t size = waiting.work.front().first;
        if (!fits(size)) {
          waiting.credit -= turn_bytes_;
          return taken;
        }
        waiting.credit -= size;
        bytes += size;
        taken.push_back(std::move(waiting.work.front().second));
        waiting.work.pop_front();
        --count_;
      }
      round_.pop_front();
      if (waiting.work.empty()) {
        queues_.erase(whose);
      } else {
        round_.push_back(whose);
      }
    }
    return taken;
  }

 private:
  struct queue {
    std::deque<std::pair<std::size_t, Work>> work;
    std::size_t credit = 0;
  };

  std::size_t turn_bytes_;
  std::size_t count_ = 0;
  std::map<tenant_id, queue> queues_;
  std::deque<tenant_id> round_;
};

}  // namespace frontdesk
