#include "wire/json_document.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <iterator>

namespace frontdesk {

namespace {

namespace json = boost::json;

/// Above it, names are sorted to find equal ones: a frame of a thousand fields costs no million
/// comparisons.
constexpr std::size_t fields_compared_max = 16;

/// Whether a field before this one has the same name.
bool is_repeated(const json_value& object, json_value::iterator field) {
  for (auto it = object.begin(); it != field; ++it) {
    if ((*it).key == (*field).key) return true;
  }
  return false;
}

bool has_repeated_field(const json_value& object) {
  const std::size_t count = object.count();
  if (count <= fields_compared_max) {
    for (auto it = object.begin(); it != object.end(); ++it) {
      if (is_repeated(object, it)) return true;
    }
    return false;
  }
  std::vector<std::string_view> names;
  names.reserve(count);
  for (const json_value& field : object) {
    names.push_back(field.key);
  }
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

}  // namespace

const json_value* json_value::find(std::string_view name) const {
  for (const json_value& field : *this) {
    if (field.key == name) {
      return &field;
    }
  }
  return nullptr;
}

std::size_t json_value::count() const {
  std::size_t count = 0;
  for (auto it = begin(); it != end(); ++it) {
    ++count;
  }
  return count;
}

/// What Boost.JSON's parser calls while it goes through the text.
class json_builder {
 public:
  // The number of values is bounded below, their sizes by the text.
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  explicit json_builder(json_document& document) : document_(document) {}

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& error) { return begin(json_kind::object, error); }
  bool on_object_end(std::size_t, json::error_code&) {
    if (has_repeated_field(end())) {
      document_.fault_ = fault_code::bad_frame;
    }
    return true;
  }
  bool on_array_begin(json::error_code& error) { return begin(json_kind::array, error); }
  bool on_array_end(std::size_t, json::error_code&) {
    end();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    document_.characters_.append(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t size, json::error_code&) {
    key_ = appended(part, size);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    document_.characters_.append(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t size, json::error_code& error) {
    const std::string_view text = appended(part, size);
    return add({.kind = json_kind::string, .key = {}, .text = text}, error);
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code& error) {
    return add({.kind = json_kind::integer, .key = {}, .text = {}, .number = number}, error);
  }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code& error) {
    return add({.kind = json_kind::huge_integer, .key = {}, .text = {}}, error);
  }
  bool on_double(double, json::string_view digits, json::error_code& error) {
    const bool whole = digits.find_first_of(".eE") == json::string_view::npos;
    const json_kind kind = whole ? json_kind::huge_integer : json_kind::fraction;
    return add({.kind = kind, .key = {}, .text = {}}, error);
  }
  bool on_bool(bool value, json::error_code& error) {
    return add({.kind = json_kind::boolean, .key = {}, .text = {}, .number = value}, error);
  }
  bool on_null(json::error_code& error) {
    return add({.kind = json_kind::null, .key = {}, .text = {}}, error);
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool add(json_value value, json::error_code& error) {
    if (document_.values_.size() >= document_.values_max_) {
      error = json::error::array_too_large;
      return false;
    }
    value.key = key_;
    key_ = {};
    document_.values_.push_back(value);
    return true;
  }
  bool begin(json_kind kind, json::error_code& error) {
    open_[depth_++] = static_cast<std::uint32_t>(document_.values_.size());
    return add({.kind = kind, .key = {}, .text = {}}, error);
  }
  const json_value& end() {
    const std::uint32_t at = open_[--depth_];
    json_value& value = document_.values_[at];
    value.size = static_cast<std::uint32_t>(document_.values_.size()) - at;
    return value;
  }
  /// The whole string, whose earlier parts were appended already. The characters never move: what
  /// is unescaped is no longer than the text, for which there is room.
  std::string_view appended(json::string_view part, std::size_t size) {
    std::pmr::string& characters = document_.characters_;
    characters.append(part);
    return std::string_view(characters).substr(characters.size() - size);
  }

  json_document& document_;
  std::array<std::uint32_t, limits::json_depth_max> open_{};
  std::size_t depth_ = 0;
  std::string_view key_;
};

json_document::json_document(std::string_view text, std::size_t values_max)
    : values_max_(values_max) {
  constexpr std::size_t values_expected = 32;
  values_.reserve(values_expected);
  characters_.reserve(text.size());

  json::parse_options options;
  options.max_depth = limits::json_depth_max;
  json::basic_parser<json_builder> parser(options, *this);
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);

  const bool too_much = error == json::error::too_deep || error == json::error::array_too_large ||
                        error == json::error::object_too_large;
  const bool is_object = !values_.empty() && values_.front().kind == json_kind::object;
  if (!error && read == text.size() && is_object) {
    return;
  }
  fault_ = too_much ? fault_code::bad_frame : fault_code::not_json;
  values_.clear();
}

}  // namespace frontdesk
