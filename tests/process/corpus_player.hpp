#pragma once

#include "tests/process/connected_device.hpp"
#include "tests/process/socket_link.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// The problem: what a tester invents is short and tidy; what people write to a shop is not.
///
/// The answer: recorded dialogues, one JSON object a line, played word for word by as many visitors
/// and by a few agents on real sockets:
///
///     {"id":"d1","turns":[{"by":"visitor","text":"你好"},{"by":"agent","text":"您好！"}]}
namespace frontdesk::process {

struct turn {
  bool is_agents = false;
  std::string text;
};

struct dialogue {
  std::string id;
  std::vector<turn> turns;
};

/// Reads a file of dialogues; throws std::runtime_error or boost's for one that is none. A dialogue
/// that an agent begins gets a visitor's "…" before it, because a visitor opens.
std::vector<dialogue> dialogues_of(const std::string& path);

/// Plays dialogues against a node as fast as it goes: each turn when both sides have the one
/// before.
class corpus_player {
 public:
  /// `agents` are signed in and get several devices each, because posts are limited by connection.
  /// All come to this place, from addresses of their own.
  corpus_player(const place&, checker::history&, const std::vector<signed_in>& agents);
  ~corpus_player();

  /// Plays all of them, so many at a time. False: something stood still for too long.
  bool play(const std::vector<dialogue>&, std::size_t at_a_time);

  /// Where each dialogue was played, by its id.
  const std::map<std::string, std::string>& conversations() const { return conversations_; }
  /// What stands still, for the person who reads the failed test.
  std::string complaint() const;

 private:
  struct scene;

  bool open_desk();
  void begin(const dialogue&);
  void keep_all_alive();
  void advance(scene&);
  void say_next(scene&);
  void end(scene&);
  void find_agent(scene&);
  bool has_both_all_of(const scene&) const;

  const place to_;
  checker::history& seen_;
  socket_loop loop_;
  std::list<connected_device> agents_;
  std::list<scene> scenes_;
  std::map<std::string, std::string> conversations_;
  std::uint32_t begun_count_ = 0;
  std::int64_t moved_at_ = 0;
};

}  // namespace frontdesk::process
