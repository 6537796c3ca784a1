#pragma once

#include "model/ids.hpp"

#include <cstdint>
#include <string>

namespace frontdesk {

/// What is known of an actor or a thread at the moment when something was thrown in it; never what
/// somebody wrote.
struct failure {
  /// The kind of actor (`name()`), or "io_thread" for a callback outside of any actor.
  std::string actor;
  /// The actor's id within this process; 0 for a callback.
  std::uint64_t id = 0;
  /// What the exception says of itself.
  std::string what;
  /// Of the message that was being handled, if that is traced; else empty.
  std::string trace = {};
  /// The kind of the message that was being handled; empty: none was.
  std::string message = {};

  /// Whom it befell, as far as it is known: each is 0 where it is not.
  tenant_id tenant = {};
  conversation_id conversation = {};
  /// Of a post, its author.
  person_id person = {};
  /// Of a post, which one of its author's it is.
  device_id device = {};
  post_number n = {};

  void is_of(const conversation_name& whose) {
    tenant = whose.tenant;
    conversation = whose.conversation;
  }
  void is_of(const person_name& whose) {
    tenant = whose.tenant;
    person = whose.person;
  }
};

}  // namespace frontdesk
