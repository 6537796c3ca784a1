#pragma once

#include "tests/process/desk_door.hpp"
#include "tests/process/socket_link.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace frontdesk::process {

/// A client in another language, as a child process: tests/second_client/talk.py.
class second_client {
 public:
  struct setup {
    signed_in who;
    /// Where it keeps its record and its history.
    std::string folder;
    std::uint64_t seed = 0;
  };
  /// A track as the client has applied it, and as far as it knows it to go.
  struct track_place {
    std::uint64_t position = 0;
    std::uint64_t head = 0;
  };
  struct report {
    bool is_online = false;
    std::size_t waiting_count = 0;
    std::uint64_t links_count = 0;
    std::uint64_t changes_count = 0;
    /// By conversation: public and internal.
    std::map<std::string, std::pair<track_place, track_place>> at;
  };

  second_client(const socket_loop&, const setup&);
  second_client(const second_client&) = delete;
  second_client& operator=(const second_client&) = delete;
  ~second_client();

  /// Commands, as talk.py knows them.
  void say(const std::string& command);
  /// Asks how it is, and takes the last answer; does not wait. Throws std::runtime_error if the
  /// client has ended: what it complained of stands in the test's own output.
  const report& ask();
  /// Ends it; its exit code.
  int end();
  std::string history_path() const { return folder_ + "/history"; }

 private:
  const std::string folder_;
  pid_t child_ = -1;
  int in_ = -1;
  int out_ = -1;
  bool is_asked_ = false;
  std::string line_;
  report last_;
};

}  // namespace frontdesk::process
