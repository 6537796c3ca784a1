#pragma once

#include "net/server.hpp"
#include "node/admin/administration.hpp"

namespace frontdesk {

/// Over a desk and a server that run, and outlive it. Thread-safe.
class running_administration final : public administration {
 public:
  running_administration(desk& actors, server& door, const token_identity& tokens)
      : desk_(actors), server_(door), tokens_(tokens) {}

  directory_ptr directory_now() const override { return desk_.directory_now(); }
  fault_or<directory_change> change(directory_change) override;
  fault_or<std::string> hash(std::string password) override;
  const token_identity& tokens() const override { return tokens_; }

 private:
  desk& desk_;
  server& server_;
  const token_identity& tokens_;
};

}  // namespace frontdesk
