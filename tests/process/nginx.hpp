#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace frontdesk::process {

/// Debian's nginx before a node: it ends TLS, and is configured as docs/tls.md says.
class nginx {
 public:
  struct setup {
    /// For its configuration, its logs and what it buffers.
    std::string folder;
    std::string certificate;
    std::string key;
    /// Where the node listens.
    std::uint16_t node_port = 0;
    /// The address from which it asks the node.
    std::string from;
  };

  /// Serves when this returns; throws std::runtime_error if there is no nginx.
  explicit nginx(const setup&);
  nginx(const nginx&) = delete;
  nginx& operator=(const nginx&) = delete;
  ~nginx();

  std::uint16_t port() const { return port_; }
  /// What it complains of.
  std::string log() const;

 private:
  const std::string folder_;
  std::uint16_t port_ = 0;
  pid_t child_ = -1;
};

}  // namespace frontdesk::process
