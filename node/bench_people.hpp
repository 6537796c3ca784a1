#pragma once

#include "bench/destination.hpp"
#include "bench/stage.hpp"
#include "node/exit_code.hpp"

#include <string>
#include <vector>

namespace frontdesk {

/// Visitors and agents of a tenant that the bench makes for itself, at the node that runs with this
/// data directory. They stay for the next run. Nobody knows the agents' passwords.
class bench_people final : public bench::identities {
 public:
  static constexpr const char* tenant_otherwise = "bench";

  explicit bench_people(std::string data, std::string tenant = tenant_otherwise)
      : data_(std::move(data)), name_(std::move(tenant)) {}

  /// Makes the tenant and its inbox unless they are there. Trouble as `ask`; `unavailable` if no
  /// node runs there; `usage` if somebody else of this machine listens at the node's address.
  trouble prepare(const bench::destination& node);
  /// The node's, as its admin socket says.
  int process() const { return process_; }
  /// What the node may use, as it says itself; 0: it says nothing.
  double processors() const { return processors_; }
  std::uint64_t memory_limit_bytes() const { return memory_limit_bytes_; }

  /// Throw bench::cannot_measure with what the node says.
  std::string visitor_token(std::uint32_t number) override;
  std::string vip_token(std::uint32_t number) override;
  std::vector<std::string> agent_tokens(unsigned wanted) override;

 private:
  const std::string data_;
  /// The tenant's, its inbox's, and the widget key's.
  const std::string name_;
  int process_ = 0;
  double processors_ = 0;
  std::uint64_t memory_limit_bytes_ = 0;
};

}  // namespace frontdesk
