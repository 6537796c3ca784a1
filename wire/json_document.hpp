#pragma once

#include "model/fault.hpp"
#include "model/limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk {

/// JSON that comes from strangers. A general tree would take thirty times the memory of a hostile
/// text, would keep the last of two fields with the same name, and would turn 2^53 + 1 into another
/// number without a word. So a document is read into one flat row of values, bounded in number,
/// where integers stay integers and a name given twice is a fault.
///
///     {"t":"sub","subs":[{"after":7}]}   →   object t subs object after
///                                            └────────────────────────┘ size 5
///                                                      └──────────────┘ size 3
///                                                           └─────────┘ size 2

enum class json_kind : std::uint8_t {
  null,
  boolean,
  /// Within 64 bits, signed.
  integer,
  /// An integer beyond that.
  huge_integer,
  /// Written with a point or an exponent, even if its value is whole.
  fraction,
  string,
  array,
  object,
};

/// One value, followed in the row by all that it contains.
struct json_value {
  json_kind kind = json_kind::null;
  /// The number of values in the row that are this one and those inside it.
  std::uint32_t size = 1;
  /// The field's name; empty in an array.
  std::string_view key;
  /// `string`: without quotes and escapes, valid UTF-8, possibly with NUL.
  std::string_view text;
  /// `integer`; `boolean`: 0 or 1.
  std::int64_t number = 0;

  /// Goes over the values directly inside an object or array.
  struct iterator {
    const json_value* at;

    const json_value& operator*() const { return *at; }
    iterator& operator++() {
      at += at->size;
      return *this;
    }
    friend bool operator==(iterator, iterator) = default;
  };
  iterator begin() const { return {this + 1}; }
  iterator end() const { return {this + size}; }

  /// The field of an object, or none.
  const json_value* find(std::string_view name) const;
  /// The number of values directly inside; walks over them.
  std::size_t count() const;
};

/// A text, read. Values point into the document, so it stays where it was made.
class json_document {
 public:
  /// `text` need not outlive the call. Throws nothing but `bad_alloc`.
  explicit json_document(std::string_view text, std::size_t values_max = limits::json_values_max);
  json_document(const json_document&) = delete;
  json_document& operator=(const json_document&) = delete;

  /// `none`, or why this is not what the desk reads:
  /// - `not_json`: not JSON (RFC 8259, UTF-8, no byte order mark), or not an object;
  /// - `bad_frame`: nested deeper than `limits::json_depth_max`, more than
  ///   `values_max` values, or a field given twice in one object.
  fault_code fault() const { return fault_; }
  /// The outermost object; none if the text was not read to its end. After a field given twice
  /// there is one, so that a fault can name what it is about.
  const json_value* root() const { return values_.empty() ? nullptr : &values_.front(); }

 private:
  friend class json_builder;

  /// Values and strings of an ordinary frame fit in here, so that reading it allocates nothing.
  std::array<std::byte, 4096> room_;
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  std::pmr::vector<json_value> values_{&memory_};
  std::pmr::string characters_{&memory_};
  const std::size_t values_max_;
  fault_code fault_ = fault_code::none;
};

}  // namespace frontdesk
