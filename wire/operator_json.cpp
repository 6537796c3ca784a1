#include "wire/operator_json.hpp"

#include "wire/json_writer.hpp"

namespace frontdesk::operator_json {

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
