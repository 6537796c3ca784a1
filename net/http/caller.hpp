#pragma once

#include "model/identity.hpp"
#include "net/http/http_answer.hpp"
#include "net/http/http_request.hpp"
#include "net/http/reception.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The problem: without a connection that was let in once, each request has to prove again who
/// sends it, and that the page which makes a browser send it may do so.
///
/// The answer: said here for all of them.
namespace frontdesk {

/// Whether this could be a token: nothing in it would have to be escaped anywhere.
bool is_token(std::string_view text);

/// The token of `Authorization: Bearer`; empty if there is none, or none that could be one.
std::string bearer_of(const http_request&);

/// Takes this many tokens out of a bucket, or says what to answer.
std::optional<http_answer> too_fast(rate_table&, std::uint64_t key, std::size_t count = 1);
/// The bucket's key of a person.
std::uint64_t key_of(const person_name&);

/// Who calls, or what to answer instead.
struct known_caller {
  std::optional<http_answer> refused;
  identity who;
};

/// Refused: 401 for the token, 403 for a page that is neither ours nor, for a visitor, on her
/// inbox's list.
known_caller identify_caller(const http_request&, const std::string& token,
                             const reception::surroundings&);

}  // namespace frontdesk
