#pragma once

#include "bench/stage.hpp"

#include <string>
#include <vector>

namespace frontdesk::bench {

/// Visitors and agents as any page gets them, by HTTP (docs/wire.md §1): visitors by a widget key,
/// agents by their passwords. It blocks, so it is asked before anything is measured. `rate_limited`
/// is obeyed: a node elsewhere gives one address 5 visitors a second.
class http_identities final : public identities {
 public:
  struct account {
    std::string email;
    std::string password;
  };

  http_identities(const destination&, std::string widget_key, std::vector<account>);

  std::string visitor_token(std::uint32_t number) override;
  std::vector<std::string> agent_tokens(unsigned wanted) override;

 private:
  std::string token_for(std::uint32_t number, std::string_view path, std::string_view body) const;

  const destination& to_;
  const std::string widget_key_;
  const std::vector<account> accounts_;
};

}  // namespace frontdesk::bench
