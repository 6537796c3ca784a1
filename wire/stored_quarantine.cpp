#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"
#include "wire/stored_parts.hpp"

#include <cassert>
#include <utility>

namespace frontdesk::stored {

namespace {

bool is_sound(const quarantined& q) {
  return stored::is_sound(q.person) && is_name(q.actor) && is_name(q.message) &&
         is_text(q.thrown, limits::thrown_bytes_max) && q.text.size() <= limits::frame_bytes_max &&
         is_between(q.where, track::visible, track::internal);
}

}  // namespace

void put(v1::quarantined& to, const quarantined& from) {
  assert(is_sound(from));
  to.set_id(from.id.value);
  to.set_tenant(from.tenant.value);
  to.set_time(from.time.value);
  to.set_actor(from.actor);
  to.set_message(from.message);
  to.set_thrown(from.thrown);
  to.set_conversation(from.conversation.value);
  put(*to.mutable_person(), from.person);
  to.mutable_device()->set_high(from.device.high);
  to.mutable_device()->set_low(from.device.low);
  to.set_n(from.n.value);
  to.set_track(static_cast<v1::track>(from.where));
  to.set_text(from.text);
  to.set_reply_to(from.reply_to.value);
  to.set_edits(from.edits.value);
  to.set_deletes(from.deletes.value);
  to.set_file_high(from.file.high);
  to.set_file_low(from.file.low);
}

std::optional<quarantined> take(v1::quarantined& from) {
  const auto person = take(from.person());
  if (!person) {
    return std::nullopt;
  }
  quarantined q;
  q.id = quarantine_id{from.id()};
  q.tenant = tenant_id{from.tenant()};
  q.time = timestamp{from.time()};
  q.actor = std::move(*from.mutable_actor());
  q.message = std::move(*from.mutable_message());
  q.thrown = std::move(*from.mutable_thrown());
  q.conversation = conversation_id{from.conversation()};
  q.person = *person;
  q.device = {from.device().high(), from.device().low()};
  q.n = post_number{from.n()};
  q.where = enumerator<track>(static_cast<std::uint32_t>(from.track()));
  q.text = std::move(*from.mutable_text());
  q.reply_to = sequence{from.reply_to()};
  q.edits = sequence{from.edits()};
  q.deletes = sequence{from.deletes()};
  q.file = {from.file_high(), from.file_low()};
  return is_sound(q) ? std::optional{std::move(q)} : std::nullopt;
}

}  // namespace frontdesk::stored
