#pragma once

#include "actors/scheduler.hpp"
#include "actors/supervision_book.hpp"
#include "model/restart_rule.hpp"

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace frontdesk {

/// One child of a supervisor, and how to make it.
struct child_spec {
  /// For reports; unique among its siblings.
  std::string id;
  restart_kind kind = restart_kind::permanent;
  /// Makes the child with `spawn_on`, publishes its handle where others look for it (the registry,
  /// by name), and returns it. Called on the supervisor's worker, again at each restart, and each
  /// time the handle is a new one: whoever kept the old one holds a dead actor. An empty handle or
  /// an exception is a failure of the child.
  std::function<caf::strong_actor_ptr()> start;
  /// How long it may take to end when it is asked to. Then it is killed; and when it is still there
  /// after the same time again (its thread hangs), the supervisor gives it up.
  std::chrono::milliseconds shutdown_max{5000};
};

/// A supervisor as a value: one branch of the tree.
struct supervision {
  /// Says in reports which supervisor speaks.
  std::string name;
  restart_strategy strategy = restart_strategy::one_for_one;
  restart_limits limits;
  /// In start order: a child may rely on those before it.
  std::vector<child_spec> children;
  /// Where it is written down what becomes of the children, under this path. Null: nowhere.
  supervision_book* book = nullptr;
  std::string path{};
  /// Told at once when a child has failed once too often, before the others are stopped; on the
  /// supervisor's worker. Empty: nobody needs to know before the end.
  std::function<void(const std::string& child, const std::string& why)> on_giving_up{};
};

/// CAF has monitors and links, and no supervisors. Ours starts its children in order, starts them
/// again when they fail, as its `restart_rule` decides, and when that rule is exhausted it ends
/// with the reason of the last failure: so a failure climbs the tree until somebody can mend it.
///
/// **Start.** In order, each when the one before has been made; not when it is ready. What a child
/// is sent before waits in its mailbox.
///
/// **Restart.** The siblings that the failed child takes with it are stopped, last one first; then
/// comes the pause; then all of them are started in order, also a transient one that had ended
/// well before. A temporary one is stopped, but not started again. What fails meanwhile and takes
/// down more is joined to it.
///
/// **Stop.** On an exit message (`caf::anon_send_exit(supervisor, reason)`), or when it gives up,
/// it asks its children to end, one after another, last one first, waits for each, and then ends
/// with that reason. Being asked goes through the child's mailbox, behind what waits there; being
/// killed does not wait. A supervisor that is killed itself, or fails, kills its children.
///
/// A child that outlives its killing in a restart makes the supervisor give up, because a second
/// one beside it could write to the same things.
///
/// Keep the handle: who drops the last one ends the branch, and its children are killed. Monitor it
/// to learn how the branch ended.
caf::actor supervise(caf::actor_system&, placement, supervision);

}  // namespace frontdesk
