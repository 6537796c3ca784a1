#pragma once

#include "actors/local_message.hpp"
#include "model/chat.hpp"
#include "model/event.hpp"
#include "model/fault.hpp"
#include "model/ids.hpp"
#include "storage/reader.hpp"

#include <caf/typed_actor.hpp>

#include <vector>

/// What the historian is asked: it reads pages, away from the writing path. Each asker has few
/// reads under way.
namespace frontdesk {

struct read_events {
  conversation_name where;
  page_range range;
  /// The visitor who asks: served only if the conversation is hers. Nobody: an agent asks.
  person_id visitor;
};
struct events_read {
  fault_code refusal = fault_code::none;
  std::vector<event> events;
  head at;

  sequence head_of(track where) const { return at.last_of(where); }
};

/// A message with its edits, for the conversation that will change it.
struct read_versions {
  conversation_name where;
  track in = track::visible;
  sequence seq;
};
struct versions_read {
  fault_code refusal = fault_code::none;
  message_versions versions;
};

struct read_roster {
  person_name whose;
};
struct roster_read {
  fault_code refusal = fault_code::none;
  std::vector<conversation_row> rows;
};

struct read_list {
  tenant_id tenant;
  reader::list_query query;
};
struct list_read {
  fault_code refusal = fault_code::none;
  list_page page;
};

struct read_open {
  tenant_id tenant;
};
struct open_read {
  fault_code refusal = fault_code::none;
  std::vector<head> heads;
};

using historian_actor = caf::typed_actor<caf::replies_to<read_events>::with<events_read>,
                                         caf::replies_to<read_versions>::with<versions_read>,
                                         caf::replies_to<read_roster>::with<roster_read>,
                                         caf::replies_to<read_list>::with<list_read>,
                                         caf::replies_to<read_open>::with<open_read>>;

}  // namespace frontdesk
