#pragma once

#include "model/audit.hpp"
#include "wire/json_document.hpp"

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frontdesk::admin_json {

/// The fields of one object; the first that is wrong decides.
class fields {
 public:
  explicit fields(const json_value& object) : object_(object) {}

  std::string text(std::string_view name) {
    const json_value* const value = object_.find(name);
    if (value == nullptr || value->kind != json_kind::string) {
      is_wrong_ = true;
      return {};
    }
    return std::string(value->text);
  }

  std::string optional_text(std::string_view name) {
    return object_.find(name) == nullptr ? std::string{} : text(name);
  }

  std::uint64_t number(std::string_view name) {
    const json_value* const value = object_.find(name);
    if (value == nullptr || value->kind != json_kind::integer || value->number < 0) {
      is_wrong_ = true;
      return 0;
    }
    return static_cast<std::uint64_t>(value->number);
  }

  std::uint64_t optional_number(std::string_view name) {
    return object_.find(name) == nullptr ? 0 : number(name);
  }

  std::optional<std::uint64_t> number_if_any(std::string_view name) {
    if (object_.find(name) == nullptr) return std::nullopt;
    return number(name);
  }

  bool flag(std::string_view name) {
    const json_value* const value = object_.find(name);
    is_wrong_ = is_wrong_ || value == nullptr || value->kind != json_kind::boolean;
    return value != nullptr && value->number != 0;
  }

  bool optional_flag(std::string_view name, bool otherwise) {
    return object_.find(name) == nullptr ? otherwise : flag(name);
  }

  std::vector<std::string> words(std::string_view name) {
    std::vector<std::string> found;
    std::istringstream in(optional_text(name));
    for (std::string word; in >> word;) {
      found.push_back(std::move(word));
    }
    return found;
  }

  /// An object of texts, by name.
  std::vector<std::pair<std::string, std::string>> texts(std::string_view name) {
    std::vector<std::pair<std::string, std::string>> found;
    const json_value* const object = object_.find(name);
    if (object == nullptr || object->kind != json_kind::object) {
      is_wrong_ = true;
      return found;
    }
    for (const json_value& each : *object) {
      is_wrong_ = is_wrong_ || each.kind != json_kind::string || !is_parameter_name(each.key);
      found.emplace_back(each.key, each.text);
    }
    return found;
  }

  bool is_wrong() const { return is_wrong_; }

 private:
  const json_value& object_;
  bool is_wrong_ = false;
};

/// What `fields::words` reads.
inline std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all += all.empty() ? word : ' ' + word;
  }
  return all;
}

}  // namespace frontdesk::admin_json
