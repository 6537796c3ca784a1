#include "wire/operator_json.hpp"

#include "wire/json_writer.hpp"

namespace frontdesk::operator_json {

namespace {

std::string_view name_of(restart_strategy how) {
  switch (how) {
    case restart_strategy::one_for_one:
      return "one_for_one";
    case restart_strategy::one_for_all:
      return "one_for_all";
    case restart_strategy::rest_for_one:
      return "rest_for_one";
  }
  return "";
}

constexpr std::size_t all = static_cast<std::size_t>(-1);

/// What is inside one line of it. The tree is as deep as the table that it is made from.
void write_line(json_writer& out, const supervised& line, std::size_t children_max) {
  out.text("id", line.id);
  out.text("state", name_of(line.state));
  if (line.how) {
    out.text("strategy", name_of(line.how->strategy));
  }
  out.number("restarts", line.restarts_count);
  out.number("failures", line.failures_count);
  if (!line.last_failure.empty()) {
    out.text("last_failure", line.last_failure);
    out.time("last_failure_at", line.last_failure_at);
  }
  const std::size_t left_out =
      line.children.size() > children_max ? line.children.size() - children_max : 0;
  out.open_list("children");
  for (const supervised& each : std::span(line.children).subspan(left_out)) {
    out.open();
    write_line(out, each, children_max);
    out.close();
  }
  out.close_list();
  if (left_out > 0) {
    out.number("children_left_out", left_out);
  }
}

}  // namespace

void write(json_writer& out, std::string_view key, const supervised& tree, std::size_t guests_max) {
  out.open(key);
  write_line(out, tree, guests_max);
  out.close();
}

std::string of(const supervised& tree) {
  json_writer out(2048);
  out.open();
  write_line(out, tree, all);
  out.close();
  return out.take();
}

std::string of(const health& what) {
  json_writer out(512);
  out.open();
  out.text("status", what.holds() ? "ok" : "failed");
  out.open_list("checks");
  for (const health_check& check : what.checks) {
    out.open();
    out.text("name", check.name);
    out.flag("holds", check.holds);
    out.text("says", check.says);
    out.close();
  }
  out.close_list();
  out.close();
  return out.take();
}

std::string text_of(const health& what, std::string_view probe) {
  std::string text;
  for (const health_check& check : what.checks) {
    text.append(check.holds ? "[+] " : "[-] ").append(check.name).append(": ");
    text.append(check.says).append("\n");
  }
  return text.append(probe).append(what.holds() ? " ok\n" : " failed\n");
}

std::string of(std::span<const notice> notices) {
  json_writer out(64 + notices.size() * 128);
  out.open();
  out.open_list("notices");
  for (const notice& each : notices) {
    out.open();
    out.number("number", each.number);
    out.time("time", each.at);
    out.text("level", name_of(each.level));
    out.text("name", each.name);
    out.open("fields");
    for (const auto& [name, value] : each.fields) {
      out.text(name, value);
    }
    out.close();
    out.close();
  }
  out.close_list();
  out.close();
  return out.take();
}

}  // namespace frontdesk::operator_json
