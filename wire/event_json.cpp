#include "wire/admin_json.hpp"
#include "wire/json_writer.hpp"

namespace frontdesk::admin_json {

std::string to_json(const event_record& one) {
  const event& what = one.what;
  json_writer out(256 + what.text.size());
  out.open();
  out.number("tenant", one.tenant.value);
  out.id("conversation", what.conversation);
  out.text("track", name_of(what.where));
  out.number("seq", what.seq.value);
  out.time("time", what.time);
  out.text("kind", name_of(what.kind));
  out.id("author", what.author);
  if (what.kind == event_kind::message || what.kind == event_kind::edited) {
    out.text("text", what.text);
  }
  if (what.target.value != 0) {
    out.number("target", what.target.value);
  }
  if (what.is_deleted) {
    out.flag("deleted", true);
  }
  if (what.to.person) {
    out.id("to", what.to.person);
  }
  if (what.by.person) {
    out.id("by", what.by.person);
  }
  if (what.reason != return_reason::none) {
    out.text("reason", name_of(what.reason));
  }
  if (what.follows.value != 0) {
    out.number("follows", what.follows.value);
  }
  if (what.device) {
    out.id("device", what.device);
    out.number("n", what.n.value);
  }
  out.close();
  return out.take();
}

}  // namespace frontdesk::admin_json
