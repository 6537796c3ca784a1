#pragma once

#include "actors/switchboard.hpp"

#include <caf/actor.hpp>

#include <functional>
#include <string>

namespace frontdesk {

/// Starts all actors of a desk that are there from the beginning, in order, under the node's
/// supervisor, which is returned. Its end is the desk's: asked for, or because a failure could not
/// be mended. The switchboard must have been given history and directory before.
///
/// `on_failing` is told at once, on some worker's thread, when the node can no longer be mended,
/// and which branch of it failed by what; the other branches are stopped only then.
caf::actor start_supervision_tree(
    caf::actor_system&, switchboard&,
    std::function<void(const std::string& branch, const std::string& why)> on_failing = {});

}  // namespace frontdesk
