#include "wire/file_record.hpp"

#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"
#include "wire/stored_parts.hpp"

#include <cassert>
#include <utility>

namespace frontdesk {

namespace {

constexpr char version = 1;
constexpr std::size_t boot_bytes_max = 64;
constexpr std::size_t digest_digits = 64;

bool is_sound(const kept_file& file) {
  return file.tenant && file.conversation && file.what.id && file.uploader &&
         stored::is_between(file.where, track::visible, track::internal) &&
         stored::is_sound(file.uploader) && stored::is_sound(file.visitor) &&
         stored::is_text(file.what.name, limits::file_name_bytes_max) &&
         stored::is_text(file.what.type, limits::file_type_bytes_max) &&
         file.what.bytes <= stored::position_max && stored::is_text(file.boot, boot_bytes_max) &&
         file.digest.size() == (file.is_complete ? digest_digits : 0) &&
         stored::is_text(file.digest, digest_digits) && stored::is_sound(file.n) &&
         stored::is_sound(file.after) && stored::is_sound(file.seq);
}

void put(v1::kept_file& to, const file_ref& what) {
  to.set_high(what.id.high);
  to.set_low(what.id.low);
  to.set_name(what.name);
  to.set_type(what.type);
  to.set_bytes(what.bytes);
  to.set_width(what.width);
  to.set_height(what.height);
  to.set_has_thumbnail(what.has_thumbnail);
}

file_ref what_of(const v1::kept_file& from) {
  return {.id = {from.high(), from.low()},
          .name = from.name(),
          .type = from.type(),
          .bytes = from.bytes(),
          .width = from.width(),
          .height = from.height(),
          .has_thumbnail = from.has_thumbnail()};
}

}  // namespace

std::string to_bytes(const kept_file& file) {
  assert(is_sound(file));
  v1::kept_file to;
  to.set_tenant(file.tenant.value);
  to.set_conversation(file.conversation.value);
  to.set_track(static_cast<v1::track>(file.where));
  stored::put(*to.mutable_uploader(), file.uploader);
  stored::put(*to.mutable_visitor(), file.visitor);
  put(to, file.what);
  to.set_begun_at(file.begun_at.value);
  to.set_boot(file.boot);
  to.set_is_complete(file.is_complete);
  to.set_digest(file.digest);
  to.mutable_device()->set_high(file.device.high);
  to.mutable_device()->set_low(file.device.low);
  to.set_n(file.n.value);
  to.set_after(file.after.value);
  to.set_seq(file.seq.value);
  return version + to.SerializeAsString();
}

std::optional<kept_file> kept_file_from_bytes(std::string_view bytes) {
  v1::kept_file from;
  if (bytes.empty() || bytes.front() != version ||
      !from.ParseFromArray(bytes.data() + 1, static_cast<int>(bytes.size() - 1))) {
    return std::nullopt;
  }
  const auto uploader = stored::take(from.uploader());
  const auto visitor = stored::take(from.visitor());
  if (!uploader || !visitor) {
    return std::nullopt;
  }
  kept_file file{
      .tenant = tenant_id{from.tenant()},
      .conversation = conversation_id{from.conversation()},
      .where = stored::enumerator<track>(static_cast<std::uint32_t>(from.track())),
      .uploader = *uploader,
      .visitor = *visitor,
      .what = what_of(from),
      .begun_at = timestamp{from.begun_at()},
      .boot = from.boot(),
      .is_complete = from.is_complete(),
      .digest = from.digest(),
      .device = {from.device().high(), from.device().low()},
      .n = post_number{from.n()},
      .after = sequence{from.after()},
      .seq = sequence{from.seq()},
  };
  return is_sound(file) ? std::optional{std::move(file)} : std::nullopt;
}

}  // namespace frontdesk
