#include "actors/supervision_tree.hpp"

#include "actors/conversation.hpp"
#include "actors/directory_keeper.hpp"
#include "actors/dispatcher.hpp"
#include "actors/file_keeper.hpp"
#include "actors/historian.hpp"
#include "actors/person.hpp"
#include "actors/recorder.hpp"
#include "actors/registry.hpp"
#include "actors/supervisor.hpp"

#include <caf/send.hpp>

namespace frontdesk {

namespace {

constexpr placement storage_worker{worker_kind::storage, 0};
constexpr placement control_worker{worker_kind::control, 0};
constexpr placement files_worker{worker_kind::files, 0};
constexpr placement first_io_worker{worker_kind::io, 0};

/// What fails inside a branch is mended there, or not at all: the node itself mends nothing.
constexpr restart_limits no_restarts{.restarts_max = 0};

template <class Handle>
caf::strong_actor_ptr served(switchboard& board, Handle handle) {
  board.serve(handle);
  return caf::actor_cast<caf::strong_actor_ptr>(handle);
}

/// A desk without its store is no desk: both begin anew, and every conversation after them.
supervision storage_branch(caf::actor_system& system, switchboard& board) {
  const auto start_recorder = [&system, &board] {
    auto handle = served(board, spawn_recorder(system, storage_worker, board));
    if (const auto registry = board.registry()) caf::anon_send(registry, storage_began{});
    return handle;
  };
  const auto start_historian = [&system, &board] {
    return served(board, spawn_historian(system, storage_worker, board));
  };
  supervision branch;
  branch.name = "storage";
  branch.strategy = restart_strategy::one_for_all;
  branch.children = {{"recorder", restart_kind::permanent, start_recorder},
                     {"historian", restart_kind::permanent, start_historian}};
  return branch;
}

supervision directory_branch(caf::actor_system& system, switchboard& board) {
  supervision branch;
  branch.name = "directory";
  branch.children = {{"directory_keeper", restart_kind::permanent, [&system, &board] {
                        return served(board, spawn_directory_keeper(system, control_worker, board));
                      }}};
  return branch;
}

supervision files_branch(caf::actor_system& system, switchboard& board) {
  supervision branch;
  branch.name = "files";
  branch.children = {{"file_keeper", restart_kind::permanent, [&system, &board] {
                        return served(board, spawn_file_keeper(system, files_worker, board));
                      }}};
  return branch;
}

registry_makers makers(caf::actor_system& system, switchboard& board) {
  return {
      .conversation =
          [&](placement where, const conversation_name& name) {
            return spawn_conversation(system, where, board, name);
          },
      .person = [&](placement where,
                    const person_name& name) { return spawn_person(system, where, board, name); },
      .dispatcher =
          [&](tenant_id whose, team_id team) {
            return spawn_dispatcher(system, {worker_kind::io, whose.value}, board, whose, team);
          }};
}

child_spec supervised(caf::actor_system& system, supervision branch) {
  const std::string id = branch.name;
  return {
      id, restart_kind::permanent, [&system, branch = std::move(branch)] {
        return caf::actor_cast<caf::strong_actor_ptr>(supervise(system, control_worker, branch));
      }};
}

}  // namespace

/// The tree, in start order; it stops in reverse. Conversations, persons and dispatchers live under
/// the registry, which finds, makes and buries them; connections live as long as their sockets.
///
///     node ─┬─ storage (one for all) ─┬─ recorder
///           │                         └─ historian
///           ├─ directory ─── directory keeper
///           ├─ files ─────── file keeper (unless the desk takes none)
///           └─ registry ─┬─ conversation ×awake
///                        ├─ person ×present
///                        └─ dispatcher ×teams
caf::actor start_supervision_tree(caf::actor_system& system, switchboard& board) {
  supervision node;
  node.name = "node";
  node.limits = no_restarts;
  node.children = {supervised(system, storage_branch(system, board)),
                   supervised(system, directory_branch(system, board))};
  if (board.foundation().files != nullptr) {
    node.children.push_back(supervised(system, files_branch(system, board)));
  }
  node.children.push_back(
      {"registry", restart_kind::permanent, [&system, &board] {
         return served(board, spawn_registry(system, first_io_worker, makers(system, board)));
       }});
  return supervise(system, control_worker, std::move(node));
}

}  // namespace frontdesk
