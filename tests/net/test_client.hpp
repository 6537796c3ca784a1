#pragma once

#include "net/websocket_codec.hpp"
#include "tests/net/fake_desk.hpp"
#include "tests/net/tls_peer.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace frontdesk {

/// A frame as a client sends it: masked.
std::string client_frame(websocket_opcode, std::string_view payload, bool is_final = true);
/// A close frame of a client.
std::string client_close(std::uint16_t code);

/// A frame as the server sends it.
struct server_frame {
  websocket_opcode opcode = websocket_opcode::continuation;
  std::string payload;

  /// Of a close frame; 0 without one.
  std::uint16_t code() const;
};

/// Takes the first whole frame from the front of `bytes`; false if there is none.
bool take_frame(std::string& bytes, server_frame&);

/// A request for an upgrade that is right in everything; `more` are further header lines.
std::string upgrade_request(std::string_view more = {});

/// A whole HTTP answer.
struct heard_answer {
  unsigned status = 0;
  std::string head;
  std::string body;

  /// The value of a header field, or empty.
  std::string field(std::string_view name) const;
};

/// A stranger with a socket, whose waiting lets the desk's thread turn.
class test_client {
 public:
  test_client(fake_desk&, std::uint16_t port);
  /// Speaks TLS.
  test_client(fake_desk&, std::uint16_t port, const tls_offer&);
  test_client(const test_client&) = delete;
  test_client& operator=(const test_client&) = delete;
  ~test_client();

  void sends(std::string_view bytes);
  void ends_writing();
  void closes();

  /// The next HTTP answer; its status is 0 if the peer ended before, or in five seconds.
  /// `of_head`: to HEAD, whose answer has no body.
  heard_answer hears(bool of_head = false);
  /// The next WebSocket frame; `continuation` if none came.
  server_frame hears_frame();
  /// The next line of a body that does not end; empty if none came.
  std::string hears_line();
  /// Whether the peer ends, or has ended, without another byte.
  bool hears_end();

  /// Sends and hears.
  heard_answer asks(std::string_view request);
  /// Upgrades, and gives the port that the desk has made.
  fake_port& upgrades(std::string_view more = {});

  int descriptor() const { return descriptor_; }
  /// Of a client that speaks TLS.
  tls_peer& tls() { return *tls_; }
  /// Sends as it stands, past TLS.
  void sends_raw(std::string_view bytes);

 private:
  bool receives();

  fake_desk& desk_;
  int descriptor_ = -1;
  std::unique_ptr<tls_peer> tls_;
  std::string received_;
  bool has_ended_ = false;
};

}  // namespace frontdesk
