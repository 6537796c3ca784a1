#pragma once

#include "actors/interfaces.hpp"
#include "model/slots.hpp"

#include <unordered_set>

/// What a person is made of, for `person.cpp` only.
namespace frontdesk {

struct device_state {
  connection_actor connection;
  connection_id id;
  device_id device;
  carries kind = carries::both_ways;
  bool is_attached = false;
};

/// What an agent has beyond a visitor.
struct agent_part {
  slots taken{limits::agent_capacity_default};
  frame::routing_status status = frame::routing_status::away;
  frame::counts totals;
  std::unordered_set<conversation_id> reserved_before;
  bool is_doubt_due = false;
  bool is_gone = false;
};

}  // namespace frontdesk
