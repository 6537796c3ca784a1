#include "net/http/http_words.hpp"

#include <algorithm>

namespace frontdesk {

namespace {

// `std::tolower` depends on a locale, and is slow for it.
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), lower);
  return lowered;
}

bool equal_words(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Quoted strings are no part of any list that is read here.
std::string_view next_word(std::string_view& list, char separator) {
  const std::size_t end = list.find(separator);
  const std::string_view word = trimmed(list.substr(0, end));
  list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
  return word;
}

bool list_holds(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    if (equal_words(next_word(list), word)) {
      return true;
    }
  }
  return false;
}

}  // namespace frontdesk
