#pragma once

#include "actors/local_message.hpp"
#include "model/chat.hpp"
#include "model/fault.hpp"
#include "model/file_wish.hpp"
#include "model/identity.hpp"
#include "model/ids.hpp"

#include <caf/typed_actor.hpp>

#include <memory>

/// Part of `interfaces.hpp`, and shown with it.
namespace frontdesk {

// ---- File keeper: all files of the desk. Whether a file was posted, the conversation's log says.

/// Do this for a request, and call back.
struct file_order {
  identity who;
  file_wish what;
  std::shared_ptr<file_reply> reply;
};

/// A post wants to carry this file. The answer means: from now on no other post can. The same post
/// may ask again. Faults: `unknown_file` for good; `storage_failed` or `busy` for the moment.
struct take_file {
  person_name author;
  conversation_id conversation;
  track where = track::visible;
  device_id device;
  post_number n;
  file_id file;
};
struct file_taken {
  fault_code refusal = fault_code::none;
  file_ref what;
};

/// The message of this file was deleted, and that is recorded. No answer; if this is lost, the
/// keeper finds it out by itself.
struct drop_file {
  conversation_name where;
  file_id file;
};

/// To itself: what has expired, what was posted or deleted meanwhile?
struct files_due {};

using file_keeper_actor =
    caf::typed_actor<caf::reacts_to<file_order>, caf::replies_to<take_file>::with<file_taken>,
                     caf::reacts_to<drop_file>, caf::reacts_to<files_due>>;

}  // namespace frontdesk
