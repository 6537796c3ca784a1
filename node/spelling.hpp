#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// The problem: a setting that is misspelt and ignored is found months later, by an incident.
///
/// The answer: it is refused at once, with the name that was probably meant.
namespace frontdesk {

/// How many letters have to be put in, taken out or exchanged to make one word of the other; two
/// neighbours that changed places count as one.
std::size_t edit_distance(std::string_view, std::string_view);

/// The known word that was probably meant: the nearest one, if no more than a third of the letters
/// (but always one) are wrong; of equally near ones the first. Empty: none.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known);

/// ` Did you mean "…"?`, or nothing.
std::string suggestion_for(std::string_view word, std::span<const std::string_view> known);

}  // namespace frontdesk
