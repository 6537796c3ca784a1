#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

/// The problem: is a timeout of 30 half a minute, or less than a blink? A number without its unit
/// has been misread in every system that allowed one.
///
/// The answer: durations and sizes are written with their unit, and are refused without.
namespace frontdesk {

/// "250ms", "25s", "10m", "24h", "30d": whole numbers, one unit, up to ten years.
std::optional<std::chrono::milliseconds> duration_from_text(std::string_view);

/// "512B", "64KB", "256MB", "10GB", steps of 1024; "0" needs no unit. Up to 8 EB.
std::optional<std::uint64_t> bytes_from_text(std::string_view);

/// "2026-01-31" or "2026-01-31T12:30:00Z", in UTC: milliseconds since 1970.
std::optional<std::int64_t> moment_from_text(std::string_view);

/// A whole number without a sign.
std::optional<std::uint64_t> count_from_text(std::string_view);

}  // namespace frontdesk
