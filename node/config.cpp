#include "node/config.hpp"

#include "node/host_gauges.hpp"
#include "node/setting_table.hpp"
#include "node/spelling.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace frontdesk {

namespace {

constexpr std::string_view prefix = "FRONTDESK_";

std::string variable_of(std::string_view name) {
  std::string variable(prefix);
  for (const char c : name) {
    variable.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return variable;
}

const setting_line* line_of(std::string_view name) {
  const auto table = setting_table();
  const auto it = std::ranges::find_if(table, [&](const auto& l) { return l.what.name == name; });
  return it == table.end() ? nullptr : &*it;
}

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const setting_name& each : all_settings()) {
    names.push_back(each.name);
  }
  return names;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) {
    const std::size_t begin = part.find_first_not_of(' ');
    const std::size_t end = part.find_last_not_of(' ');
    parts.push_back(begin == std::string::npos ? "" : part.substr(begin, end - begin + 1));
  }
  return parts;
}

std::string quoted(const std::vector<std::string>& values) {
  return fmt::format("\"{}\"", fmt::join(values, "\", \""));
}

/// Puts a setting, and notes whether it is another than the default; later ones hold over it.
std::string put(const setting_line& line, settings& into, const std::vector<std::string>& values) {
  std::string why = line.put(into, values);
  settings alone;
  if (why.empty() && line.put(alone, values).empty()) {
    const std::string name(line.what.name);
    into.differing.erase(name);
    if (!(alone == settings{})) {
      into.differing[name] =
          line.what.is_secret ? "(secret)" : fmt::format("{}", fmt::join(values, ","));
    }
  }
  return why;
}

// ---- The file.

struct file_reader {
  const config_file& from;
  settings& into;

  std::optional<trouble> wrong(const toml::source_region& where, std::string_view what) const {
    return trouble{exit_code::config, fmt::format("{}, line {}, column {}: {}", from.path,
                                                  where.begin.line, where.begin.column, what)};
  }

  // The texts of a value; none if it has another type than a setting may have.
  static std::optional<std::vector<std::string>> texts_of(const toml::node& node, bool is_list) {
    if (const auto* text = node.as_string()) {
      return std::vector{text->get()};
    }
    if (const auto* number = node.as_integer()) {
      return std::vector{std::to_string(number->get())};
    }
    if (const auto* part = node.as_floating_point()) {
      return std::vector{fmt::to_string(part->get())};
    }
    if (const auto* flag = node.as_boolean()) {
      return std::vector<std::string>{flag->get() ? "true" : "false"};
    }
    const auto* array = node.as_array();
    if (array == nullptr || !is_list || array->empty()) {
      return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const toml::node& each : *array) {
      const auto text = texts_of(each, false);
      if (!text) {
        return std::nullopt;
      }
      texts.push_back(text->front());
    }
    return texts;
  }

  std::optional<trouble> put(const toml::key& key, const toml::node& node) const {
    const setting_line* line = line_of(key.str());
    if (line == nullptr) {
      return wrong(key.source(), fmt::format("\"{}\" is not a setting.{}", key.str(),
                                             suggestion_for(key.str(), all_names())));
    }
    const auto texts = texts_of(node, line->what.is_list);
    if (!texts) {
      return wrong(node.source(), fmt::format("\"{}\" has a value of the wrong type: {}.",
                                              key.str(), line->what.help));
    }
    const std::string why = frontdesk::put(*line, into, *texts);
    if (!why.empty()) {
      return wrong(node.source(), fmt::format("{} = {} {}.", key.str(), quoted(*texts), why));
    }
    return std::nullopt;
  }

  std::optional<trouble> read() const {
    try {
      const toml::table table = toml::parse(from.text);
      for (const auto& [key, node] : table) {
        if (auto why = put(key, node)) {
          return why;
        }
      }
      return std::nullopt;
    } catch (const toml::parse_error& error) {
      return wrong(error.source(), fmt::format("{}.", error.description()));
    }
  }
};

// ---- The environment.

std::optional<trouble> put_environment(const environment_variables& variables, settings& into) {
  std::vector<std::string> known{std::string(prefix) + "CONFIG"};
  for (const setting_line& line : setting_table()) {
    const std::string variable = variable_of(line.what.name);
    known.push_back(variable);
    const auto found = variables.find(variable);
    if (found == variables.end()) {
      continue;
    }
    auto values = line.what.is_list ? split_at_commas(found->second)
                                    : std::vector<std::string>{found->second};
    if (values.empty()) {
      values.emplace_back();
    }
    const std::string why = put(line, into, values);
    if (!why.empty()) {
      return trouble{exit_code::config, fmt::format("{}={} {}.", variable, quoted(values), why)};
    }
  }
  // What all of them begin with says nothing about what was meant.
  std::vector<std::string_view> words;
  for (const std::string& each : known) {
    words.push_back(std::string_view(each).substr(prefix.size()));
  }
  for (const auto& [variable, value] : variables) {
    const auto meant = nearest_word(std::string_view(variable).substr(prefix.size()), words);
    if (!meant.empty() && std::ranges::find(known, variable) == known.end()) {
      return trouble{exit_code::config,
                     fmt::format("The environment has {}, which is not a setting. Did you mean "
                                 "{}{}?",
                                 variable, prefix, meant)};
    }
  }
  return std::nullopt;
}

// ---- The flags.

std::optional<trouble> put_flags(const given_flags& flags, settings& into) {
  for (const auto& [name, values] : flags) {
    const setting_line* line = line_of(name);
    if (line == nullptr) {
      continue;
    }
    const std::string why = put(*line, into, values);
    if (!why.empty()) {
      return trouble{exit_code::usage,
                     fmt::format("{} {} {}.", flag_of(name), quoted(values), why)};
    }
  }
  return std::nullopt;
}

// ---- All of them together.

std::optional<trouble> put_together(const settings& chosen) {
  if (chosen.tls_certificate.empty() == chosen.tls_key.empty()) {
    return std::nullopt;
  }
  const bool has_key = chosen.tls_certificate.empty();
  return trouble{exit_code::config, fmt::format("There is {}, but no {}: TLS needs both.",
                                                has_key ? "tls_key" : "tls_certificate",
                                                has_key ? "tls_certificate" : "tls_key")};
}

or_trouble<config_file> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) {
    return trouble{
        errno == EACCES ? exit_code::no_permission : exit_code::config,
        fmt::format("The configuration file {} cannot be read: {}.", path, std::strerror(errno))};
  }
  return config_file{path, std::move(text)};
}

}  // namespace

std::span<const setting_name> all_settings() {
  static const std::vector<setting_name> names = [] {
    std::vector<setting_name> all;
    for (const setting_line& line : setting_table()) {
      all.push_back(line.what);
    }
    return all;
  }();
  return names;
}

std::string flag_of(std::string_view name) {
  std::string flag = "--" + std::string(name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

or_trouble<settings> read_settings(const given_flags& flags,
                                   const environment_variables& environment,
                                   const std::optional<config_file>& file) {
  settings chosen;
  if (file) {
    if (auto why = file_reader{*file, chosen}.read()) {
      return *why;
    }
  }
  if (auto why = put_environment(environment, chosen)) {
    return *why;
  }
  if (auto why = put_flags(flags, chosen)) {
    return *why;
  }
  if (auto why = put_together(chosen)) {
    return *why;
  }
  return chosen;
}

environment_variables own_environment() {
  environment_variables found;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view text(*each);
    const std::size_t equals = text.find('=');
    if (text.starts_with(prefix) && equals != std::string_view::npos) {
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return found;
}

or_trouble<settings> settings_of(const given_flags& flags) {
  const environment_variables environment = own_environment();
  std::string path;
  if (const auto found = environment.find("FRONTDESK_CONFIG"); found != environment.end()) {
    path = found->second;
  }
  if (const auto found = flags.find("config"); found != flags.end()) {
    path = found->second.back();
  }
  std::optional<config_file> file;
  if (!path.empty()) {
    auto read = read_file(path);
    if (!read) {
      return read.why();
    }
    file = std::move(*read);
  }
  return read_settings(flags, environment, file);
}

std::size_t io_threads_of(const settings& chosen) {
  if (chosen.io_threads > 0) return chosen.io_threads;
  // Two that share a processor only take turns: a message costs a fifth more then.
  return static_cast<std::size_t>(std::max(1.0, std::ceil(host_gauges{}.processors())));
}

double hellos_per_second_of(const settings& chosen) {
  return chosen.hellos_per_second > 0
             ? static_cast<double>(chosen.hellos_per_second)
             : limits::hellos_per_second * static_cast<double>(io_threads_of(chosen));
}

}  // namespace frontdesk
