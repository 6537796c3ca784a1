#pragma once

#include "model/trace.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Spans as a collector takes them: OTLP/HTTP in its JSON form, the body of `POST /v1/traces`. Ids
/// are hex digits, times and whole numbers are texts, enumerations are numbers; all of it as the
/// OpenTelemetry protocol says.
namespace frontdesk::otlp_json {

/// Who says it.
struct teller {
  std::string version;
  std::string host;
  /// Another one for each life of a node.
  std::string instance;
};

std::string to_json(const teller&, std::span<const span> spans);

/// How many spans a collector says that it did not take, in an answer that is a success. What
/// cannot be read says nothing.
std::uint64_t rejected_in(std::string_view answer);

}  // namespace frontdesk::otlp_json
