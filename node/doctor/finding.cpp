#include "node/doctor/finding.hpp"

#include "model/utf8.hpp"
#include "wire/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace frontdesk {

namespace {

// Paths and names of programs need not be text.
std::string clean(std::string text) {
  if (!is_utf8(text)) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  }
  return text;
}

}  // namespace

verdict worst_of(std::span<const finding> all) {
  verdict worst = verdict::ok;
  for (const finding& each : all) {
    worst = std::max(worst, each.is);
  }
  return worst;
}

std::string text_of(std::span<const finding> all) {
  std::string text;
  for (const finding& each : all) {
    text += fmt::format("{:<5} {:<12} {}\n", name_of(each.is), each.check, each.found);
    if (!each.advice.empty()) {
      text += fmt::format("{:18} -> {}\n", "", each.advice);
    }
  }
  return text;
}

std::string json_of(std::span<const finding> all) {
  json_writer out(1024);
  out.open();
  out.text("verdict", name_of(worst_of(all)));
  out.open_list("checks");
  for (const finding& each : all) {
    out.open();
    out.text("name", each.check);
    out.text("verdict", name_of(each.is));
    out.text("found", clean(each.found));
    out.text("advice", clean(each.advice));
    out.close();
  }
  out.close_list();
  out.close();
  return out.take();
}

}  // namespace frontdesk
