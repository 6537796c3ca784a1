#pragma once

#include "bench/checker/checker.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace frontdesk::checker {

std::string_view to_string(track_kind track);

/// What the rules write their findings into. It knows the names of a history, so that a sentence
/// speaks of "v1/phone" and not of device 7, and it keeps the bound of a report: beyond
/// `findings_kept_max` of a kind it only counts.
class notebook {
 public:
  /// Reads names from `names` for as long as it lives.
  explicit notebook(const history& names) : names_{names} {}

  template <class... Args>
  void note(finding_kind kind, fmt::format_string<Args...> sentence, Args&&... args) {
    if (is_kept(kind)) keep(kind, fmt::format(sentence, std::forward<Args>(args)...));
  }

  /// "conversation c1, public seq 4".
  std::string place(conversation_id conversation, track_kind track, seq_number seq) const;
  std::string place(const event& what) const;
  /// "v1/phone".
  std::string name(device_id device) const;
  std::string_view name(person_id person) const { return names_.name_of(person); }
  /// "v1/phone n 2".
  std::string name(authorship author) const;

  /// The counts of the report, for the rules to add to.
  tally& seen() { return report_.seen; }
  report take() { return std::move(report_); }

 private:
  /// Counts a finding and says whether its sentence is wanted.
  bool is_kept(finding_kind kind);
  void keep(finding_kind kind, std::string sentence);

  const history& names_;
  report report_;
};

}  // namespace frontdesk::checker
