#pragma once

#include "model/batch.hpp"
#include "storage/commit_log.hpp"
#include "storage/local_log.hpp"
#include "storage/reader.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace frontdesk::kept {

/// A desk's records without its actors: says what happened in the desk's words and records it, each
/// as one append through a local log.
class desk {
 public:
  static constexpr tenant_id shop{3};
  static constexpr team_id team{1};
  static constexpr person_id ada{person_kind::visitor, 0xada};
  static constexpr person_id bob{person_kind::agent, 0xb0b};

  explicit desk(store& under) : store_(under), log_(make_local_log(under, {})) {
    claimed_ = log_->claim(shard).value();
  }

  static conversation_name name(std::uint64_t conversation) {
    return {shop, conversation_id{conversation}};
  }

  /// A visitor opens a conversation at a time, which stands in the queue then.
  head opens(std::uint64_t conversation, person_id visitor, std::int64_t at_ms) {
    head h;
    h.tenant = shop;
    h.conversation = conversation_id{conversation};
    h.number = conversation;
    h.inbox = inbox_id{1};
    h.team = team;
    h.visitor = {visitor, "Ada"};
    h.opened_at = timestamp{at_ms};
    h.since = timestamp{at_ms};
    batch what;
    what.records.emplace_back(says_in(h, track::visible, "hello"));
    records(head{}, h, std::move(what));
    return h;
  }

  head is_assigned(std::uint64_t conversation, person_id agent, std::int64_t at_ms) {
    return becomes(conversation, conversation_status::assigned, {agent, "Bob"}, at_ms);
  }
  head is_queued_again(std::uint64_t conversation, std::int64_t at_ms) {
    return becomes(conversation, conversation_status::queued, {}, at_ms);
  }
  head is_closed(std::uint64_t conversation, std::int64_t at_ms) {
    return becomes(conversation, conversation_status::closed, {}, at_ms);
  }

  /// Something is said, `times` times.
  void says(std::uint64_t conversation, track where, const std::string& text,
            std::size_t times = 1) {
    const head before = reader_.read_head(name(conversation)).value();
    head after = before;
    batch what;
    for (std::size_t i = 0; i < times; ++i) {
      what.records.emplace_back(says_in(after, where, text));
    }
    records(before, after, std::move(what));
  }

  void has_read(std::uint64_t conversation, person_id who, std::uint64_t seq) {
    batch what;
    const cursor at{sequence{seq}, sequence{seq}};
    what.records.emplace_back(cursor_record{shop, conversation_id{conversation}, who, at});
    records(std::move(what));
  }

  /// Appends a batch as the shard's next entry.
  void records(batch what) {
    const log_index index{claimed_.last.value + 1};
    auto outcome = append_outcome::unknown;
    log_->append({{shard, claimed_.owner, index, std::move(what)}},
                 [&](append_outcome o) { outcome = o; });
    ASSERT_EQ(outcome, append_outcome::committed);
    claimed_.last = index;
  }

  reader& reads() { return reader_; }

 private:
  static constexpr shard_id shard{7};

  head becomes(std::uint64_t conversation, conversation_status status, named_person assignee,
               std::int64_t at_ms) {
    const head before = reader_.read_head(name(conversation)).value();
    head after = before;
    after.status = status;
    after.assignee = std::move(assignee);
    after.since = timestamp{at_ms};
    records(before, after, {});
    return after;
  }

  static event_record says_in(head& h, track where, const std::string& text) {
    sequence& last = where == track::visible ? h.visible : h.internal;
    last = next(last);
    event e;
    e.conversation = h.conversation;
    e.where = where;
    e.seq = last;
    e.author = h.visitor.person;
    e.text = text;
    e.follows = where == track::internal ? h.visible : sequence{};
    return {shop, e};
  }

  void records(const head& before, const head& after, batch what) {
    what.records.emplace_back(after);
    for (const index_row& row : index_changes(before, after)) {
      what.records.emplace_back(row);
    }
    records(std::move(what));
  }

  store& store_;
  std::unique_ptr<commit_log> log_;
  claimed_shard claimed_;
  reader reader_{store_};
};

}  // namespace frontdesk::kept
