#include "actors/told.hpp"

#include "wire/frame_codec.hpp"

#include <utility>

namespace frontdesk {

const frame_bytes& told_event::in(encoding spoken) const {
  written& at = written_[index_of(spoken)];
  std::call_once(
      at.once, [&] { at.bytes = std::make_shared<const std::string>(write_frame(spoken, what)); });
  return at.bytes;
}

told_events told_events_of(std::vector<event> recorded, const std::vector<traced_event>& traced) {
  auto events = std::make_shared<std::vector<told_event>>(recorded.size());
  for (std::size_t i = 0; i < recorded.size(); ++i)
    (*events)[i].what = std::move(recorded[i]);
  for (const traced_event& each : traced) {
    for (told_event& one : *events) {
      if (one.what.where == each.where && one.what.seq == each.seq) one.trace = each.trace;
    }
  }
  return events;
}

}  // namespace frontdesk
