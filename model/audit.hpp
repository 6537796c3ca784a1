#pragma once

#include "model/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The problem: when something is wrong at a desk, or somebody asks who has read a customer's
/// words, what was done by hand has to be known a year later: by whom, when, to what, and what came
/// of it.
///
/// The answer: each deed of an operator is an entry, recorded before its answer goes out. **Never**
/// in it: a password, a token, a key, or what a customer wrote.
namespace frontdesk {

/// The place of an entry in the audit; counted by the node from 1. A number that is missing between
/// two others was given to an entry that could not be recorded.
using audit_number = strong<struct audit_tag>;

/// How an operator reached the node.
enum class audit_origin : std::uint8_t {
  none = 0,
  /// By a command to a node that runs; the kernel says who.
  admin_socket = 1,
  /// By a command that did it itself, or by the command that started the node.
  command_line = 2,
  /// By a signal; the kernel says who sent it.
  signal = 3,
  /// By nobody: the node did it itself.
  node = 4,
};

/// `admin_socket`
std::string_view name_of(audit_origin);

/// Who did it: a user of the machine.
struct audit_author {
  audit_origin origin = audit_origin::none;
  std::uint32_t uid = 0;
  /// As the machine calls the user; empty, if it has no name.
  std::string user;

  friend bool operator==(const audit_author&, const audit_author&) = default;
};

/// One deed.
struct audit_entry {
  using parameter = std::pair<std::string, std::string>;
  static constexpr std::string_view done = "done";

  audit_number number;
  timestamp time;
  audit_author who;
  /// `tenant.create`
  std::string action;
  /// What it was done to, by name or id; empty: the node.
  std::string target;
  std::vector<parameter> parameters;
  /// `done`, or the name of the fault for which it was refused.
  std::string outcome{done};
  /// The same deed again within `limits::audit_repeat_window` is the same entry.
  std::uint64_t times = 1;
  /// When for the last time; 0: it was done once.
  timestamp last;

  /// Names without a value are left out.
  audit_entry& with(std::string_view name, std::string value);

  friend bool operator==(const audit_entry&, const audit_entry&) = default;
};

/// A parameter's name: lower-case letters, digits and underscores.
bool is_parameter_name(std::string_view);

/// Whether all is the same but when and how often.
bool is_same_deed(const audit_entry&, const audit_entry&);

/// `tenant` is the action of `tenant.create`, and so is `tenant.create`; the empty word of all.
bool is_action(std::string_view word, const audit_entry&);

/// The entry within its bounds, `limits::audit_…`: what is longer is cut, parameters beyond are
/// left out and counted, bytes that are no text are not kept.
audit_entry bounded(audit_entry);

/// Where a deed stands in the audit.
struct audited {
  audit_number number;
  /// It is counted in the entry of the first.
  bool is_repeat = false;
};

/// All entries before this one are gone.
struct audit_trim {
  audit_number before;

  friend bool operator==(const audit_trim&, const audit_trim&) = default;
};

/// What is read of the audit.
struct audit_query {
  /// Entries that were done, for the last time, at this moment or later.
  timestamp since;
  /// Empty: all.
  std::string action;
  /// Forwards: behind this number; backwards: before it, or from the end if it is 0.
  audit_number from;
  bool is_backwards = false;
  /// At most `limits::audit_page_max`, which is also what 0 means.
  std::size_t limit = 0;
};

/// A page of it, in the direction that was asked for.
struct audit_page {
  std::vector<audit_entry> entries;
  /// `from` of the next page; 0: there is none. A page may be empty and yet have a next one.
  audit_number next;
};

}  // namespace frontdesk
