#include "actors/connection_state.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace frontdesk {

/// Takes a place for it among its tenant's posts that wait; a repeated one has its own. None: it
/// has one.
std::optional<fault> connection_state::awaits(const frame::post& wish, const span_ptr& trace) {
  if (is_under_way(wish)) return std::nullopt;
  auto place = posts_in_flight::take({tier_, &tier_->posts()});
  if (!place) {
    tier_->count(shed_point::post);
    return fault{fault_code::busy,
                 static_cast<std::uint32_t>(limits::posts_in_flight_retry.count())};
  }
  const bool is_measured = counted_ != nullptr && counted_->post.comes();
  posts_.push_back({wish.conversation,
                    wish.n,
                    now() + limits::post_answer_max,
                    std::move(place),
                    {trace, is_measured ? std::optional{heard_at_} : std::nullopt}});
  return std::nullopt;
}

/// None: it may be posted.
std::optional<fault> connection_state::why_not(const frame::post& wish) {
  if (!is_agent() && wish.where == track::internal) return fault{fault_code::forbidden};
  const bool opens = !is_agent() && next_.next && next_.id == wish.conversation;
  if (!opens && !may_see(wish.conversation)) {
    return fault{is_agent() || next_.next ? fault_code::unknown_conversation
                                          : fault_code::conversation_open};
  }
  if (tier_->shed(shed_point::post)) return under_load();
  if (posts_rate_.take(now())) return std::nullopt;
  return fault{fault_code::rate_limited,
               static_cast<std::uint32_t>(posts_rate_.wait(now()).count())};
}

/// A post with a file waits until the keeper has said what the file is, and whatever the device
/// says after it waits behind: no post overtakes another.
void connection_state::hand_on(say said, file_id file) {
  if (file && said.what.refused == fault_code::quarantined) {
    // The keeper is not asked, but the id is part of what was said, as of any other that is
    // refused: when it is not confined any more it is a repeat, and finds its answer.
    said.what.file.emplace().id = file;
  }
  if (!file && held_posts_.empty()) return pass_on(std::move(said));
  if (held_posts_.size() >= limits::posts_unacked_max) {
    return refuse_post(said, fault_code::busy);
  }
  held_posts_.push_back({std::move(said), file});
  if (held_posts_.size() == 1) ask_for_files();
}

void connection_state::pass_on(say said) {
  const conversation_id where = said.what.conversation;
  to_conversation_named(where, std::move(said));
}

void connection_state::refuse_post(const say& said, fault_code why) {
  const conversation_id where = said.what.conversation;
  const post_number n = said.what.n;
  const span_ptr trace = strike_post(where, n).trace;
  refuse(fault{why}, std::nullopt, where, n);
  end_post(trace, where, n, entry_of(why).name);
}

bool connection_state::is_under_way(const frame::post& wish) const {
  return std::ranges::any_of(posts_, [&wish](const post_under_way& each) {
    return each.conversation == wish.conversation && each.n == wish.n;
  });
}

/// It is under way no more.
connection_state::struck_post connection_state::strike_post(conversation_id where, post_number n) {
  const auto at = std::ranges::find_if(posts_, [&](const post_under_way& each) {
    return each.conversation == where && each.n == n;
  });
  if (at == posts_.end()) return {};
  struck_post struck = std::move(at->told);
  posts_.erase(at);
  return struck;
}

void connection_state::ask_for_files() {
  while (!held_posts_.empty()) {
    const held_post& first = held_posts_.front();
    if (first.file && !first.said.what.refused) {
      return ask_for_file(first.said.what, first.file);
    }
    pass_on(std::move(held_posts_.front().said));
    held_posts_.pop_front();
  }
}

void connection_state::ask_for_file(const post& what, file_id file) {
  const file_keeper_actor keeper = board_.file_keeper();
  // A desk that keeps no files has none.
  const bool has_files = board_.foundation().files != nullptr;
  if (!keeper) {
    return on_file_taken({has_files ? fault_code::busy : fault_code::unknown_file, {}});
  }
  const take_file wish{who_.who, what.conversation, what.where, what.device, what.n, file};
  ask(keeper, limits::answer_max, wish)
      .then([this](const file_taken& answer) { on_file_taken(answer); },
            [this](const caf::error&) {
              on_file_taken({fault_code::busy, {}});
            });
}

void connection_state::on_file_taken(const file_taken& answer) {
  if (phase_ != phase::open || held_posts_.empty()) return;
  held_post first = std::move(held_posts_.front());
  held_posts_.pop_front();
  if (fault{answer.refusal}.is_temporary() && answer.refusal != fault_code::none) {
    refuse_held(first.said, answer.refusal);
  } else {
    // Of one that is refused, too, the id is part of what was said: a repeated post finds its first
    // answer by it, also when its message and file were deleted since.
    first.said.what.file = answer.what;
    first.said.what.file->id = first.file;
    if (answer.refusal != fault_code::none) first.said.what.refused = answer.refusal;
    pass_on(std::move(first.said));
  }
  ask_for_files();
  if (is_paused_ && posts_.size() < limits::posts_unacked_max) {
    is_paused_ = false;
    wire_->resume();
  }
  end_errand_if_done();
}

/// With it go those behind it in its conversation: without it they are out of order.
void connection_state::refuse_held(const say& first, fault_code why) {
  refuse_post(first, why);
  std::erase_if(held_posts_, [&](const held_post& each) {
    const bool is_behind = each.said.what.conversation == first.what.conversation;
    if (is_behind) refuse_post(each.said, why);
    return is_behind;
  });
}

}  // namespace frontdesk
