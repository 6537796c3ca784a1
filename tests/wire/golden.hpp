#pragma once

#include <filesystem>
#include <string>
#include <string_view>

/// Golden files: what the desk says and stores, byte for byte, in tests/wire/golden/. A change of
/// the contract is a visible diff there.
///
/// `FRONTDESK_REWRITE_GOLDEN=1 wire_test` writes them anew and fails to say so; look at the diff
/// before committing it. A record's bytes lie on somebody's disk: of a version that was released,
/// they may be added to but never change.
namespace frontdesk::golden {

std::filesystem::path path_of(std::string_view name);

/// What the file holds, without the line end that every golden file has.
std::string text_of(std::string_view name);

/// Fails unless the file holds exactly this.
void expect_text(std::string_view name, std::string_view text);

/// The same for bytes, which the file holds as hex digits, 32 bytes a line.
std::string bytes_of(std::string_view name);
void expect_bytes(std::string_view name, std::string_view bytes);

}  // namespace frontdesk::golden
