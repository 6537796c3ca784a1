#include "actors/supervision_tree.hpp"

#include "actors/audit_keeper.hpp"
#include "actors/conversation.hpp"
#include "actors/directory_keeper.hpp"
#include "actors/dispatcher.hpp"
#include "actors/file_keeper.hpp"
#include "actors/historian.hpp"
#include "actors/load_shedder.hpp"
#include "actors/person.hpp"
#include "actors/quarantine_keeper.hpp"
#include "actors/recorder.hpp"
#include "actors/registry.hpp"
#include "actors/supervisor.hpp"

#include <caf/send.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace frontdesk {

namespace {

using namespace std::chrono_literals;
using enum restart_strategy;
using enum restart_kind;

constexpr placement storage_worker{worker_kind::storage, 0};
constexpr placement control_worker{worker_kind::control, 0};
constexpr placement files_worker{worker_kind::files, 0};
constexpr placement first_io_worker{worker_kind::io, 0};

template <class Handle>
caf::strong_actor_ptr served(switchboard& board, Handle handle) {
  board.serve(handle);
  return caf::actor_cast<caf::strong_actor_ptr>(handle);
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

// ---- How each is started.

using starter = caf::strong_actor_ptr (*)(caf::actor_system&, switchboard&);

/// A new recorder is a new beginning for every conversation.
caf::strong_actor_ptr start_recorder(caf::actor_system& system, switchboard& board) {
  auto handle = served(board, spawn_recorder(system, storage_worker, board));
  if (const auto registry = board.registry()) caf::anon_send(registry, storage_began{});
  return handle;
}
caf::strong_actor_ptr start_historian(caf::actor_system& system, switchboard& board) {
  return served(board, spawn_historian(system, storage_worker, board));
}
caf::strong_actor_ptr start_directory_keeper(caf::actor_system& system, switchboard& board) {
  return served(board, spawn_directory_keeper(system, control_worker, board));
}
caf::strong_actor_ptr start_load_shedder(caf::actor_system& system, switchboard& board) {
  return served(board, spawn_load_shedder(system, control_worker, board));
}
caf::strong_actor_ptr start_quarantine_keeper(caf::actor_system& system, switchboard& board) {
  return served(board, spawn_quarantine_keeper(system, storage_worker, board));
}
caf::strong_actor_ptr start_audit_keeper(caf::actor_system& system, switchboard& board) {
  return served(board, spawn_audit_keeper(system, storage_worker, board));
}
caf::strong_actor_ptr start_file_keeper(caf::actor_system& system, switchboard& board) {
  return served(board, spawn_file_keeper(system, files_worker, board));
}
caf::strong_actor_ptr start_registry(caf::actor_system& system, switchboard& board) {
  return served(board, spawn_registry(system, first_io_worker, board, makers(system, board)));
}

// ---- The tree.

/// One line: a supervisor, which has a way to supervise, or an actor, which has a way to start.
struct branch {
  std::string_view path;
  restart_kind rule = permanent;
  /// How long it may take to end when it is asked to; of a supervisor, what its children need.
  std::chrono::milliseconds shutdown_max{0};
  std::optional<supervising> how;
  starter start = nullptr;
};

/// What fails inside a branch is mended there, or not at all: the node itself mends nothing.
constexpr restart_limits never{0, 5s, 100ms, 2s};
constexpr restart_limits three_in_5s{3, 5s, 100ms, 2s};

/// The tree on one page, in start order; it stops in reverse. docs/supervision.md shows it, too.
///
/// A branch whose children fail more often than its limits allow fails itself, and so does the
/// node: it leaves traffic (`desk::is_ready`), says why and ends with 70.
///
/// Below the registry live conversations, persons and dispatchers, which it finds, makes and
/// buries by rules of its own (`registry.hpp`): guests, whose failures never climb. Connections
/// live as long as their sockets: temporary, and nobody's children.
constexpr std::array the_tree{
    // path, rule, shutdown; strategy, restarts in a window, back-off; or how it starts
    branch{"node", permanent, 20s, supervising{one_for_one, never}},
    // A desk without its store is no desk: both begin anew, and every conversation after them.
    branch{"node/storage", permanent, 8s, supervising{one_for_all, three_in_5s}},
    branch{"node/storage/recorder", permanent, 2s, {}, &start_recorder},
    branch{"node/storage/historian", permanent, 1s, {}, &start_historian},
    branch{"node/load", permanent, 3s, supervising{one_for_one, three_in_5s}},
    branch{"node/load/load_shedder", permanent, 1s, {}, &start_load_shedder},
    branch{"node/directory", permanent, 3s, supervising{one_for_one, three_in_5s}},
    branch{"node/directory/directory_keeper", permanent, 1s, {}, &start_directory_keeper},
    branch{"node/quarantine", permanent, 3s, supervising{one_for_one, three_in_5s}},
    branch{"node/quarantine/quarantine_keeper", permanent, 1s, {}, &start_quarantine_keeper},
    branch{"node/audit", permanent, 3s, supervising{one_for_one, three_in_5s}},
    branch{"node/audit/audit_keeper", permanent, 1s, {}, &start_audit_keeper},
    // Only if the desk takes files.
    branch{"node/files", permanent, 5s, supervising{one_for_one, three_in_5s}},
    branch{"node/files/file_keeper", permanent, 2s, {}, &start_file_keeper},
    branch{"node/registry", permanent, 5s, {}, &start_registry},
};

bool is_child(const branch& each, std::string_view parent) {
  return each.path.size() > parent.size() && each.path.starts_with(parent) &&
         each.path[parent.size()] == '/' && each.path.rfind('/') == parent.size();
}

constexpr std::string_view id_of(std::string_view path) {
  const auto end = path.rfind('/');
  return end == std::string_view::npos ? path : path.substr(end + 1);
}

class planter {
 public:
  planter(caf::actor_system& system, switchboard& board) : system_(system), board_(board) {}

  supervision plan(const branch& of) const {
    note(of);
    supervision made;
    made.name = id_of(of.path);
    made.strategy = of.how->strategy;
    made.limits = of.how->limits;
    made.book = &board_.supervised();
    made.path = of.path;
    for (const branch& each : the_tree) {
      if (is_child(each, of.path) && is_wanted(each)) made.children.push_back(child(each));
    }
    return made;
  }

 private:
  bool is_wanted(const branch& each) const {
    return each.path != "node/files" || board_.foundation().files != nullptr;
  }

  child_spec child(const branch& of) const {
    child_spec made;
    made.id = id_of(of.path);
    made.kind = of.rule;
    made.shutdown_max = of.shutdown_max;
    if (of.how) {
      made.start = [&system = system_, how = plan(of)] {
        return caf::actor_cast<caf::strong_actor_ptr>(supervise(system, control_worker, how));
      };
    } else {
      note(of);
      made.start = [&system = system_, &board = board_, start = of.start] {
        return start(system, board);
      };
    }
    return made;
  }

  void note(const branch& of) const {
    supervised line;
    line.how = of.how;
    line.rule = of.rule;
    line.shutdown_max = of.shutdown_max;
    board_.supervised().plan(std::string{of.path}, std::move(line));
  }

  caf::actor_system& system_;
  switchboard& board_;
};

}  // namespace

caf::actor start_supervision_tree(
    caf::actor_system& system, switchboard& board,
    std::function<void(const std::string& branch, const std::string& why)> on_failing) {
  supervision node = planter{system, board}.plan(the_tree.front());
  node.on_giving_up = std::move(on_failing);
  auto tree = supervise(system, control_worker, std::move(node));
  board.supervised().has_started(std::string{the_tree.front().path});
  return tree;
}

}  // namespace frontdesk
