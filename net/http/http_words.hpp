#pragma once

#include <string>
#include <string_view>

/// What HTTP compares without regard to case, and its comma-separated lists. ASCII only, in no
/// locale.
namespace frontdesk {

std::string lower_case(std::string_view);

bool equal_words(std::string_view, std::string_view);

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view);

/// The words of a list, one at a time: takes the first from the front of `list`. Empty ones too.
std::string_view next_word(std::string_view& list, char separator = ',');

bool list_holds(std::string_view list, std::string_view word);

}  // namespace frontdesk
