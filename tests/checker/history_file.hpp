#pragma once

#include "bench/checker/history.hpp"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

/// The problem: browsers, client processes and the checker do not share memory or a language, yet
/// one judge must see all that they saw. So a history has a form on disk that any of them writes
/// with a line of code per observation, and that is still whole, up to its last complete line,
/// when the writer is killed.
///
/// A history file is UTF-8 text, one flat JSON object a line, each line ended by "\n". The first
/// line is the header, then come observations in the order in which they were made:
///
///     {"kind":"history","version":1}
///     {"kind":"post_sent",        POST, "at":10}
///     {"kind":"post_acked",       POST, "seq":1, "at":14}
///     {"kind":"post_refused",     POST, "refusal":"final"|"temporary", "at":14}
///     {"kind":"event_shown",      READER, EVENT, AUTHOR?, "at":15}
///     {"kind":"event_delivered",  READER, EVENT, AUTHOR?, "at":15}
///     {"kind":"event_stored",     EVENT, AUTHOR | "system":true}
///     {"kind":"reader_started",   READER, PLACE, "after":0, "at":1}
///     {"kind":"reader_restarted", READER, "positions":"kept"|"dropped", "at":30}
///     {"kind":"reader_caught_up", READER, PLACE, "at":40}
///     {"kind":"cursor_reported",  READER, "person":"a1", PLACE, "cursor":"received"|"read",
///                                 "seq":1, "at":16}
///     {"kind":"message_deleted",  PLACE, "seq":1, "at":20}
///
/// where
///
///     PLACE   "conversation":"c1", "track":"public"|"internal"
///     AUTHOR  "person":"v1", "device":"phone", "n":1
///     POST    PLACE, AUTHOR, "hash":"af63bd4c8601b7be"
///     EVENT   PLACE, "seq":1, "hash":"af63bd4c8601b7be"
///     READER  "reader_person":"a1", "reader_device":"desk"
///
/// All values must be there, none twice, no others; their order is free. Names are 1 to 256 bytes.
/// Numbers are integers: `at` signed, the others not, all with 64 bits, though JavaScript writes
/// only 53 of them exactly. A hash is 16 lower-case hexadecimal digits, because 64 bits do not fit
/// into a JavaScript number; `hash_of` (history.hpp) says which one C++ recorders use.
/// What each observation means is said in history.hpp, where it has the same name.
namespace frontdesk::checker {

/// The first line, without its end.
inline constexpr std::string_view history_header = R"({"kind":"history","version":1})";

/// Five names of 256 bytes, each byte escaped to six, and room for the rest.
inline constexpr std::size_t line_bytes_max = 16 * 1024;

/// One observation as a line, without its end: for a recorder that writes as it goes.
std::string line_of(const history& names, const observation& seen);

/// Writes header and lines. False if the stream failed, in which case the file proves nothing.
[[nodiscard]] bool write_history(const history& seen, std::ostream& out);

/// Where a file is broken, and why.
struct file_fault {
  /// From 1.
  std::size_t line = 0;
  std::string sentence;
};

/// Appends a file's observations to `into`, which may hold others: several recorders' files are
/// read one after the other, as by `history::merge`. Stops at the first fault and names it; what
/// stood before it has been added. A last line without its end is a fault: its writer was cut off.
[[nodiscard]] std::optional<file_fault> read_history(std::istream& in, history& into);

}  // namespace frontdesk::checker
