#pragma once

#include <string>
#include <utility>
#include <variant>

/// The problem: whoever starts this program is often another program, which has to decide whether
/// to start it again, to wait, or to call somebody. Of a sentence it understands nothing.
///
/// The answer: every way to end has a number by its kind, as `sysexits.h` has had them since 1980,
/// and a sentence for the person that the other program calls.
namespace frontdesk {

/// How the program ends. Only `unavailable` and `temporary` may be better the next time without
/// anybody doing anything.
enum class exit_code : int {
  success = 0,
  /// `frontdesk bench`: it ran, and what was asked of the node by `--slo`, or what the desk
  /// promises, was not kept.
  objective = 1,
  /// The command line is wrong: an unknown option, a missing value.
  usage = 64,
  /// What was given, or what is stored, is wrong: a name out of its form or taken, damaged data.
  data = 65,
  /// Something that is needed is in use or not there: a port, the data directory, a running node.
  unavailable = 69,
  /// The program is at its end, by a mistake of ours.
  software = 70,
  /// A file could not be read or written.
  input_output = 74,
  /// Not now: the disk is full, the store can no longer write, the node is too busy.
  temporary = 75,
  /// This user may not do that.
  no_permission = 77,
  /// The configuration, in a file or in the environment, is wrong.
  config = 78,
};

/// Why a command ends without success: for programs, and for people.
struct trouble {
  exit_code code = exit_code::software;
  /// Whole sentences that say what is wrong and what to do about it.
  std::string sentence;

  friend bool operator==(const trouble&, const trouble&) = default;
};

/// A value, or the trouble that stood in its way.
template <class T>
class [[nodiscard]] or_trouble {
 public:
  or_trouble(T value) : content_(std::move(value)) {  // NOLINT: a value is the ordinary answer
  }
  or_trouble(trouble why) : content_(std::move(why)) {  // NOLINT: so is trouble
  }

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& operator*() { return std::get<0>(content_); }
  const T& operator*() const { return std::get<0>(content_); }
  T* operator->() { return &std::get<0>(content_); }
  const T* operator->() const { return &std::get<0>(content_); }
  const trouble& why() const { return std::get<1>(content_); }

 private:
  std::variant<T, trouble> content_;
};

}  // namespace frontdesk
