#pragma once

#include "model/watch_table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a node tells of a live trace, and what an operator is shown of it. Times are microseconds
/// since 1970; what is not known is left out:
///
///     {"lines":[{"kind":"frame","time_us":1769860800123456,"event":"in","frame":"post","bytes":90,
///                "connection":"00…","tenant":1,"person":"visitor:0b…","conversation":"0a…",…},
///               {"kind":"connection","time_us":…,"event":"closed","why":"slow","code":4002,…},
///               {"kind":"actor","time_us":…,"event":"failed","actor":"conversation",…},
///               {"kind":"span","time_us":…,"span":"post","lasted_us":1204,"result":"ok",
///                "trace":"4b…","id":"00…","parent":"a3…","tenant":1,"conversation":"0a…",…}],
///      "lost":0,"more":false}
namespace frontdesk::trace_json {

std::string to_json(const watch_news&);

/// One thing, in both forms in which it is printed.
struct told_line {
  std::string json;
  std::string text;
};
struct told_news {
  std::vector<told_line> lines;
  std::uint64_t lost = 0;
  bool has_more = false;
};

/// None: it is no such document.
std::optional<told_news> read_news(std::string_view document);

}  // namespace frontdesk::trace_json
