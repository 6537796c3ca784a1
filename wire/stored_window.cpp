#include "wire/frontdesk.pb.h"
#include "wire/stored.hpp"
#include "wire/stored_parts.hpp"

#include <cassert>

namespace frontdesk::stored {

namespace {

constexpr unsigned track_bits = 2;

/// Distances wrap around, so that any two numbers have one.
std::int64_t step(std::uint64_t from, std::uint64_t to) {
  return static_cast<std::int64_t>(to - from);
}

std::uint64_t stepped(std::uint64_t from, std::int64_t step) {
  return from + static_cast<std::uint64_t>(step);
}

std::uint32_t outcome_of(const post_answer& answer) {
  const auto refusal = static_cast<std::uint32_t>(answer.refusal);
  return refusal << track_bits | static_cast<std::uint32_t>(answer.where);
}

bool is_known(fault_code code) {
  return code == fault_code::none || entry_of(code).code == code;
}

bool is_sound(const post_answer& answer) {
  const bool accepted = answer.refusal == fault_code::none;
  return answer.n && stored::is_sound(answer.n) && stored::is_sound(answer.seq) &&
         accepted == static_cast<bool>(answer.seq) && is_known(answer.refusal) &&
         is_between(answer.where, track::visible, track::internal);
}

bool is_sound(const post_window& window) {
  if (!stored::is_sound(window.author) || window.answers.size() > limits::answers_kept_max) {
    return false;
  }
  const post_answer* before = nullptr;
  for (const post_answer& answer : window.answers) {
    if (!is_sound(answer) || (before != nullptr && answer.n != next(before->n))) {
      return false;
    }
    before = &answer;
  }
  return true;
}

bool has_equal_columns(const v1::post_window& window) {
  const int rows = window.hash_size();
  return window.outcome_size() == rows && window.seq_step_size() == rows &&
         window.time_step_size() == rows;
}

}  // namespace

void put(v1::post_window& to, const post_window& from) {
  assert(is_sound(from));
  put(*to.mutable_author(), from.author);
  to.mutable_device()->set_high(from.device.high);
  to.mutable_device()->set_low(from.device.low);
  if (!from.answers.empty()) {
    to.set_first_n(from.answers.front().n.value);
  }
  const int rows = static_cast<int>(from.answers.size());
  to.mutable_hash()->Reserve(rows);
  to.mutable_outcome()->Reserve(rows);
  to.mutable_seq_step()->Reserve(rows);
  to.mutable_time_step()->Reserve(rows);
  sequence seq;
  timestamp time;
  for (const post_answer& answer : from.answers) {
    const sequence here = answer.seq ? answer.seq : seq;
    to.add_hash(answer.hash);
    to.add_outcome(outcome_of(answer));
    to.add_seq_step(step(seq.value, here.value));
    to.add_time_step(step(static_cast<std::uint64_t>(time.value),
                          static_cast<std::uint64_t>(answer.time.value)));
    seq = here;
    time = answer.time;
  }
}

std::optional<post_window> take(v1::post_window& from) {
  const auto author = take(from.author());
  const auto rows = static_cast<std::size_t>(from.hash_size());
  if (!author || !has_equal_columns(from) || rows > limits::answers_kept_max) {
    return std::nullopt;
  }
  post_window window{*author, {from.device().high(), from.device().low()}, {}};
  window.answers.resize(rows);
  std::uint64_t n = from.first_n();
  std::uint64_t seq = 0;
  std::uint64_t time = 0;
  int row = 0;
  for (post_answer& answer : window.answers) {
    const std::uint32_t outcome = from.outcome(row);
    seq = stepped(seq, from.seq_step(row));
    time = stepped(time, from.time_step(row));
    answer.n = post_number{n++};
    answer.hash = from.hash(row);
    answer.where = enumerator<track>(outcome & ((1U << track_bits) - 1));
    answer.time = timestamp{static_cast<std::int64_t>(time)};
    answer.refusal = enumerator<fault_code>(outcome >> track_bits);
    answer.seq = answer.refusal == fault_code::none ? sequence{seq} : sequence{};
    ++row;
  }
  return is_sound(window) ? std::optional{std::move(window)} : std::nullopt;
}

}  // namespace frontdesk::stored
