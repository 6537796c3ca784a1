#include "bench/checker/notebook.hpp"

namespace frontdesk::checker {

std::string_view to_string(track_kind track) {
  return track == track_kind::public_ ? "public" : "internal";
}

std::string notebook::place(conversation_id conversation, track_kind track, seq_number seq) const {
  return fmt::format("conversation {}, {} seq {}", names_.name_of(conversation), to_string(track),
                     seq.value);
}

std::string notebook::place(const event& what) const {
  return place(what.conversation, what.track, what.seq);
}

std::string notebook::name(device_id device) const {
  return fmt::format("{}/{}", names_.name_of(names_.person_of(device)), names_.name_of(device));
}

std::string notebook::name(authorship author) const {
  return fmt::format("{} n {}", name(author.device), author.n.value);
}

bool notebook::is_kept(finding_kind kind) {
  return ++report_.counts.at(static_cast<std::size_t>(kind)) <= findings_kept_max;
}

void notebook::keep(finding_kind kind, std::string sentence) {
  report_.findings.push_back({kind, std::move(sentence)});
}

}  // namespace frontdesk::checker
