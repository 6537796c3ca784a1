#pragma once

#include "tests/client/desk_client.hpp"
#include "tests/process/desk_door.hpp"
#include "tests/process/fetch_link.hpp"
#include "tests/process/socket_link.hpp"

#include <memory>
#include <string>

namespace frontdesk::process {

/// How a device reaches its node.
enum class networks : std::uint8_t { websocket, stream, poll };

/// One person's device on a real socket: a `desk_client` that connects again whenever its link is
/// gone, as docs/wire.md tells it.
class connected_device {
 public:
  connected_device(socket_loop&, checker::history&, client::setup, client::listener = {},
                   networks = networks::websocket);
  connected_device(const connected_device&) = delete;
  connected_device& operator=(const connected_device&) = delete;

  /// To be called often: connects, resends, gives up dead links. No link is made to port 0.
  void keep_alive(const place&);
  /// The link has no more to say: its end was heard, or it is cut.
  bool is_cut() const { return plain_ ? plain_->is_gone() : !link_ || link_->is_gone(); }
  void cut();
  /// Follows a conversation no longer.
  void leave(const std::string& conversation);

  client::desk_client& client() { return *client_; }
  const client::desk_client& client() const { return *client_; }
  /// Connections that were made and welcomed, counted by `keep_alive`.
  unsigned connections_count() const { return connections_count_; }

 private:
  bool is_stuck() const;
  void connect(const place&);
  void connect_plainly(const place&);

  socket_loop& loop_;
  std::unique_ptr<client::desk_client> client_;
  const networks network_;
  std::unique_ptr<socket_link> link_;
  std::unique_ptr<fetch_link> plain_;
  std::int64_t connect_after_ = 0;
  std::int64_t connected_at_ = 0;
  unsigned connections_count_ = 0;
};

client::setup visitor_setup(const signed_in&, std::string device);
client::setup agent_setup(const signed_in&, std::string device);
/// Every other device speaks protobuf, and every other pair of them knows lean frames.
client::setup in_turns(client::setup, std::size_t number);

/// Puts what `frontdesk inspect --json` printed into the history: the final log of all.
/// The answer: how many events there were.
std::size_t add_stored(checker::history&, const std::string& inspected);

}  // namespace frontdesk::process
