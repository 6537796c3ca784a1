#include "actors/connection.hpp"

#include "actors/connection_state.hpp"

#include <utility>

namespace frontdesk {

namespace {

/// The door into a connection's actor. Holds the actor, so that the memory outlives every call.
class port final : public connection_port {
 public:
  explicit port(connection_actor actor) : actor_(std::move(actor)) {}

  void on_frame(std::string_view bytes) override {
    state().handle_now(frame_received{std::string{bytes}});
  }
  void on_all_said() override { state().handle_now(transport_all_said{}); }
  void on_drained() override { state().handle_now(transport_drained{}); }
  void on_pulse() override { state().handle_now(pulse_due{}); }
  void on_closed(const parting& how) override { state().handle_now(transport_closed{how}); }

 private:
  connection_state& state() {
    return *static_cast<connection_state*>(caf::actor_cast<caf::abstract_actor*>(actor_));
  }

  connection_actor actor_;
};

}  // namespace

std::shared_ptr<connection_port> spawn_connection(caf::actor_system& system, placement where,
                                                  switchboard& board, connection_id id,
                                                  std::shared_ptr<transport> wire) {
  return std::make_shared<port>(
      spawn_on<connection_state>(system, where, board, id, std::move(wire)));
}

}  // namespace frontdesk
