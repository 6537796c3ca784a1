#pragma once

#include <string>
#include <vector>

namespace frontdesk::process {

/// What happens to the files of some folders, one change after the other: so that a test can end a
/// process in the middle of its work, and not only between two pieces of it.
class folder_events {
 public:
  explicit folder_events(const std::vector<std::string>& folders);
  folder_events(const folder_events&) = delete;
  folder_events& operator=(const folder_events&) = delete;
  ~folder_events();

  /// Waits for the next change: the name of the file; empty: nothing changed for a while.
  std::string next();

 private:
  int notices_;
  std::vector<std::string> read_;
};

}  // namespace frontdesk::process
