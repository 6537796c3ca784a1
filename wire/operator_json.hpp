#pragma once

#include "model/health.hpp"
#include "model/notice.hpp"
#include "model/supervision_report.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace frontdesk {
class json_writer;
}

/// What the internal port says in JSON, beside `/stats` (`wire/stats_json.hpp`). The schema is in
/// docs/operations.md.
namespace frontdesk::operator_json {

/// `{"status":"ok"|"failed","checks":[{"name","holds","says"}]}`
std::string of(const health&);

/// One line for each check, `[+]` or `[-]` in front, and a last line with the verdict.
std::string text_of(const health&, std::string_view probe);

/// `{"notices":[{"number","time","level","name","fields":{…}}]}`
std::string of(std::span<const notice>);

/// One line of the tree, with those below it:
/// `{"id","state","strategy"?,"restarts","failures","last_failure"?,"last_failure_at"?,"children"}`
std::string of(const supervised&);

/// The same, as a field of a document that is being written. Of more than `guests_max` below one
/// supervisor, which are guests of the registry then, those remain that failed last:
/// `"children_left_out"` says how many do not.
void write(json_writer&, std::string_view key, const supervised&, std::size_t guests_max);

}  // namespace frontdesk::operator_json
