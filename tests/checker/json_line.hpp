#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The problem: a history file is proof, written by programs in several languages, some of which
/// are killed while they write. A parser that forgives (unknown keys, missing values, half a line)
/// would turn a broken recorder into a clean report. So this one takes exactly what the format
/// needs, one flat JSON object of strings, integers and `true`, and refuses everything else.
namespace frontdesk::checker {

/// A line taken apart, to be asked for each of its values once.
///
/// A question that has no answer is a fault and gets an empty one. The first fault sticks, so that
/// whoever asks need not look after each question, but must look at `fault()` at the end.
class json_line {
 public:
  /// Takes an object such as `{"kind":"post_sent","n":1}`. White space between tokens is allowed,
  /// escapes are resolved, a key may stand once.
  explicit json_line(std::string_view text);

  /// A string; it may be empty only if the format says so, which ours never does.
  std::string text(std::string_view key);
  /// An integer from 0 to 2^64 - 1.
  std::uint64_t count(std::string_view key);
  /// An integer from -2^63 to 2^63 - 1.
  std::int64_t whole(std::string_view key);
  /// The word `true`; it has no opposite, because a key that is not true is left out.
  void truth(std::string_view key);

  bool has(std::string_view key) const;

  /// To be called after the last question: a value that nobody asked for is a fault.
  void demand_end();

  /// Says what is wrong, unless something was wrong before.
  void blame(std::string sentence);
  bool is_sound() const { return fault_.empty(); }
  /// A sentence, empty if all is well.
  const std::string& fault() const { return fault_; }

 private:
  enum class value_kind : std::uint8_t { text, number, truth };
  struct member {
    std::string key;
    value_kind kind{};
    std::string value;
    bool is_taken = false;
  };

  void parse(std::string_view rest);
  bool parse_member(std::string_view& rest);
  bool parse_value(std::string_view& rest, member& into);

  /// The value of a key if it is there, of this kind, and not yet taken.
  const std::string* take(std::string_view key, value_kind kind);
  template <class Number>
  Number take_number(std::string_view key);

  std::vector<member> members_;
  std::string fault_;
};

/// Appends `text` as a JSON string, quotes included. UTF-8 is passed on as it is.
void append_json_string(std::string& line, std::string_view text);

}  // namespace frontdesk::checker
