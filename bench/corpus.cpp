#include "bench/corpus.hpp"

#include "model/limits.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <utility>

namespace frontdesk::bench {

namespace json = boost::json;

namespace {

std::string_view text_in(const json::value& of, std::string_view name) {
  const json::object* const object = of.if_object();
  const json::value* const found = object == nullptr ? nullptr : object->if_contains(name);
  const json::string* const text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

}  // namespace

std::variant<dialogue, std::string> dialogue_of(std::string_view line) {
  json::error_code error;
  const json::value whole = json::parse(json::string_view(line.data(), line.size()), error);
  const json::object* const object = error ? nullptr : whole.if_object();
  const json::value* const found = object == nullptr ? nullptr : object->if_contains("turns");
  const json::array* const turns = found == nullptr ? nullptr : found->if_array();
  if (turns == nullptr || turns->empty()) return "it has no turns";
  dialogue read;
  for (const json::value& each : *turns) {
    if (read.turns.size() >= turns_max) break;
    const std::string_view by = text_in(each, "by");
    const std::string_view text = text_in(each, "text");
    if (by != "visitor" && by != "agent") return "a turn is by nobody";
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "a turn is empty";
    if (text.size() > limits::text_bytes_max) return "a turn is too long";
    if (read.turns.empty() && by == "agent") read.turns.push_back({false, "…"});
    read.turns.push_back({by == "agent", std::string(text)});
  }
  return read;
}

std::variant<std::vector<dialogue>, std::string> dialogues_of(std::string_view text) {
  std::vector<dialogue> all;
  std::size_t number = 0;
  while (!text.empty() && all.size() < dialogues_max) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto read = dialogue_of(line);
    if (const auto* why = std::get_if<std::string>(&read)) {
      return fmt::format("Line {} is no dialogue: {}.", number, *why);
    }
    all.push_back(std::move(std::get<dialogue>(read)));
  }
  if (all.empty()) return "There is no dialogue in it.";
  return all;
}

}  // namespace frontdesk::bench
