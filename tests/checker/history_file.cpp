#include "tests/checker/history_file.hpp"

#include "tests/checker/json_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <istream>
#include <iterator>
#include <ostream>
#include <utility>

namespace frontdesk::checker {

namespace {

using two_words = std::array<std::string_view, 2>;

/// The words for values of two kinds, in the order of their enumerations.
constexpr two_words track_words{"public", "internal"};
constexpr two_words refusal_words{"final", "temporary"};
constexpr two_words positions_words{"kept", "dropped"};
constexpr two_words cursor_words{"received", "read"};

/// In the order of the alternatives of `observation`.
constexpr std::array<std::string_view, std::variant_size_v<observation>> kind_words{
    "post_sent",        "post_acked",      "post_refused",   "event_shown",
    "event_delivered",  "event_stored",    "reader_started", "reader_restarted",
    "reader_caught_up", "cursor_reported", "message_deleted"};

/// Writes values into a line.
class line_writer {
 public:
  line_writer(const history& names, std::string_view kind) : names_{names} { text("kind", kind); }

  std::string take() { return line_ + '}'; }

  void device(std::string_view person_key, std::string_view device_key, device_id id) {
    text(person_key, names_.name_of(names_.person_of(id)));
    text(device_key, names_.name_of(id));
  }

  void person(person_id id) { text("person", names_.name_of(id)); }

  void conversation(conversation_id id) { text("conversation", names_.name_of(id)); }

  void count(std::string_view key, std::uint64_t number) { raw(key, fmt::to_string(number)); }

  void time(instant at) { raw("at", fmt::to_string(at.value)); }

  void hash(body_hash hash) { text("hash", fmt::format("{:016x}", hash.value)); }

  template <class Choice>
  void choice(std::string_view key, const two_words& words, Choice chosen) {
    text(key, words.at(static_cast<std::size_t>(chosen)));
  }

  void author(const std::optional<authorship>& author) {
    if (!author) return;
    device("person", "device", author->device);
    count("n", author->n.value);
  }

  void author_or_system(const std::optional<authorship>& said_by) {
    author(said_by);
    if (!said_by) raw("system", "true");
  }

 private:
  void text(std::string_view key, std::string_view value) {
    begin(key);
    append_json_string(line_, value);
  }

  void raw(std::string_view key, std::string_view value) {
    begin(key);
    line_ += value;
  }

  void begin(std::string_view key) {
    line_ += line_.empty() ? '{' : ',';
    append_json_string(line_, key);
    line_ += ':';
  }

  const history& names_;
  std::string line_;
};

/// Reads values out of a line, under the same calls, so that one description of a format serves
/// both ways. Faults stick to the line.
class line_reader {
 public:
  line_reader(json_line& line, history& names) : line_{line}, names_{names} {}

  void device(std::string_view person_key, std::string_view device_key, device_id& id) {
    const std::string person_name = name(person_key);
    const std::string device_name = name(device_key);
    if (line_.is_sound()) id = names_.device(person_name, device_name);
  }

  void person(person_id& id) {
    const std::string found = name("person");
    if (line_.is_sound()) id = names_.person(found);
  }

  void conversation(conversation_id& id) {
    const std::string found = name("conversation");
    if (line_.is_sound()) id = names_.conversation(found);
  }

  void count(std::string_view key, std::uint64_t& number) { number = line_.count(key); }

  void time(instant& at) { at.value = line_.whole("at"); }

  void hash(body_hash& hash) {
    const std::string digits = line_.text("hash");
    const bool is_hash =
        digits.size() == 16 && digits.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (is_hash)
      std::from_chars(digits.data(), digits.data() + digits.size(), hash.value, 16);
    else
      line_.blame("\"hash\" is not 16 lower-case hexadecimal digits");
  }

  template <class Choice>
  void choice(std::string_view key, const two_words& words, Choice& chosen) {
    const std::string word = line_.text(key);
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end())
      line_.blame(fmt::format("\"{}\" is neither {} nor {}", key, words[0], words[1]));
    else
      chosen = static_cast<Choice>(found - words.begin());
  }

  void author(std::optional<authorship>& author) {
    if (!line_.has("person") && !line_.has("device") && !line_.has("n")) return;
    author.emplace();
    device("person", "device", author->device);
    count("n", author->n.value);
  }

  void author_or_system(std::optional<authorship>& said_by) {
    author(said_by);
    if (!said_by) line_.truth("system");
  }

 private:
  std::string name(std::string_view key) {
    std::string found = line_.text(key);
    if (found.empty() || found.size() > history::name_bytes_max)
      line_.blame(
          fmt::format("\"{}\" is not a name of 1 to {} bytes", key, history::name_bytes_max));
    return found;
  }

  json_line& line_;
  history& names_;
};

/// The format, for writing and for reading; `one` is a post, an event, or an observation.
template <class File, class One>
void describe(File& file, One& one) {
  if constexpr (requires { one.reader; }) file.device("reader_person", "reader_device", one.reader);
  if constexpr (requires { one.person; }) file.person(one.person);
  if constexpr (requires { one.what; }) describe(file, one.what);
  if constexpr (requires { one.conversation; }) {
    file.conversation(one.conversation);
    file.choice("track", track_words, one.track);
  }
  if constexpr (requires { one.author.n; }) {
    file.device("person", "device", one.author.device);
    file.count("n", one.author.n.value);
  }
  if constexpr (requires { one.refusal; }) file.choice("refusal", refusal_words, one.refusal);
  if constexpr (requires { one.positions; })
    file.choice("positions", positions_words, one.positions);
  if constexpr (requires { one.cursor; }) file.choice("cursor", cursor_words, one.cursor);
  if constexpr (requires { one.after; }) file.count("after", one.after.value);
  if constexpr (requires { one.seq; }) file.count("seq", one.seq.value);
  if constexpr (requires { one.hash; }) file.hash(one.hash);
  if constexpr (std::is_same_v<std::remove_const_t<One>, event_stored>)
    file.author_or_system(one.what.author);
  else if constexpr (requires { one.what.author.has_value(); })
    file.author(one.what.author);
  if constexpr (requires { one.at; }) file.time(one.at);
}

/// Reads the observation whose kind has number `Kind`, if that is the line's.
template <std::size_t Kind>
bool read_kind(std::string_view kind, json_line& line, history& into) {
  if (kind != kind_words[Kind]) return false;
  line_reader reader{line, into};
  std::variant_alternative_t<Kind, observation> seen;
  describe(reader, seen);
  line.demand_end();
  if (line.is_sound()) into.add(seen);
  return true;
}

template <std::size_t... Kinds>
void read_observation(json_line& line, history& into, std::index_sequence<Kinds...>) {
  const std::string kind = line.text("kind");
  const bool is_known = (read_kind<Kinds>(kind, line, into) || ...);
  if (!is_known) line.blame(fmt::format("\"{}\" is no kind of observation", kind));
}

std::string read_line(std::string_view text, history& into) {
  json_line line{text};
  read_observation(line, into, std::make_index_sequence<kind_words.size()>{});
  return line.fault();
}

std::string read_header(std::string_view text) {
  json_line line{text};
  if (line.text("kind") != "history") line.blame("the first line is not the header of a history");
  if (line.count("version") != 1) line.blame("only version 1 is known");
  line.demand_end();
  return line.fault();
}

}  // namespace

std::string line_of(const history& names, const observation& seen) {
  line_writer writer{names, kind_words.at(seen.index())};
  std::visit([&writer](const auto& one) { describe(writer, one); }, seen);
  return writer.take();
}

bool write_history(const history& seen, std::ostream& out) {
  out << history_header << '\n';
  for (const observation& one : seen.observations())
    out << line_of(seen, one) << '\n';
  out.flush();
  return out.good();
}

std::optional<file_fault> read_history(std::istream& in, history& into) {
  std::string buffer(line_bytes_max + 1, '\0');
  for (std::size_t line = 1;; ++line) {
    in.getline(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto taken = static_cast<std::size_t>(in.gcount());
    if (in.bad() || (in.fail() && !in.eof() && taken == 0))
      return file_fault{line, "the file cannot be read"};
    if (in.eof() && taken == 0 && line > 1) return std::nullopt;
    if (in.eof()) return file_fault{line, "the line does not end"};
    if (in.fail()) return file_fault{line, fmt::format("longer than {} bytes", line_bytes_max)};
    const std::string_view text{buffer.data(), taken - 1};
    std::string fault = line == 1 ? read_header(text) : read_line(text, into);
    if (!fault.empty()) return file_fault{line, std::move(fault)};
  }
}

}  // namespace frontdesk::checker
