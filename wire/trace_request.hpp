#pragma once

#include "wire/admin_json.hpp"
#include "wire/json_document.hpp"
#include "wire/json_writer.hpp"

#include <optional>
#include <string_view>

/// Private to wire/admin_json.cpp: the requests about traces, to JSON and back.
namespace frontdesk::admin_json {

void write(json_writer&, const start_trace&);
void write(json_writer&, const read_trace&);
void write(json_writer&, const end_trace&);

/// None: what is to be done is something else.
std::optional<fault_or<request>> read_trace_request(std::string_view what, const json_value& from);

}  // namespace frontdesk::admin_json
