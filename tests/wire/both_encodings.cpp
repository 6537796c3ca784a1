#include "tests/wire/both_encodings.hpp"

#include <boost/json.hpp>

#include <map>

namespace frontdesk {

namespace json = boost::json;

namespace {

bool is_nothing(const json::value& value) {
  if (value.is_string()) return value.get_string().empty();
  if (value.is_bool()) return !value.get_bool();
  if (value.is_array()) return value.get_array().empty();
  if (value.is_object()) return value.get_object().empty();
  return value.is_int64() && value.get_int64() == 0;
}

json::value essence(const json::value& from) {
  if (from.is_array()) {
    json::array list;
    for (const json::value& each : from.get_array())
      list.push_back(essence(each));
    return list;
  }
  if (!from.is_object()) return from;
  std::map<std::string, json::value> sorted;
  for (const auto& [key, value] : from.get_object()) {
    if (json::value kept = essence(value); !is_nothing(kept)) sorted[key] = std::move(kept);
  }
  json::object object;
  for (const auto& [key, value] : sorted)
    object[key] = value;
  return object;
}

}  // namespace

std::string essence_of(std::string_view text) {
  return json::serialize(essence(json::parse(text)));
}

}  // namespace frontdesk
