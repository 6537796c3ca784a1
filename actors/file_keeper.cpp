#include "actors/file_keeper.hpp"

#include "actors/pinned_actor.hpp"
#include "model/limits.hpp"
#include "model/upload_quota.hpp"
#include "storage/file_store.hpp"
#include "storage/reader.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace frontdesk {

namespace {

using parts = file_store::parts;

/// A post that claimed a file has its place, or its refusal, within this time, or never reached its
/// conversation.
constexpr auto claim_doubt_max = limits::post_answer_max + limits::answer_max;

/// When somebody who has too many uploads may try again.
constexpr std::uint32_t quota_retry_ms = 10'000;

file_id new_file_id() {
  file_id id;
  while (!id) {
    if (getentropy(&id, sizeof id) != 0) throw std::runtime_error("no random numbers");
  }
  return id;
}

/// What stands behind the last slash or backslash: whole paths come from old browsers, and from
/// those who try where they lead.
std::string plain_name(const std::string& name) {
  const std::size_t cut = name.find_last_of("/\\");
  return cut == std::string::npos ? name : name.substr(cut + 1);
}

class file_keeper_state final : public pinned_actor<file_keeper_actor::base> {
 public:
  file_keeper_state(caf::actor_config& config, switchboard& board)
      : pinned_actor(config),
        board_(board),
        store_(*board.foundation().files),
        reader_(board.foundation().rows) {}

  const char* name() const override { return "file_keeper"; }

 protected:
  behavior_type make_behavior() override {
    read_uploads();
    remind(limits::upload_sweep, files_due{});
    return {
        [this](file_order& order) { on_file_order(order); },
        [this](const take_file& wish) { return on_take_file(wish); },
        [this](const drop_file& wish) { on_drop_file(wish); },
        [this](files_due) { on_files_due(); },
    };
  }

 private:
  /// A file that is not among the posted ones.
  struct upload {
    kept_file file;
    std::uint64_t bytes = 0;
    /// When something was last done for it, in this run.
    moment touched_at;
  };
  using uploads = std::unordered_map<file_id, upload>;

  void read_uploads() {
    auto known = store_.unposted();
    // The supervisor tries again, and gives up in the end: who does not know what is there must not
    // take more.
    if (!known) throw std::runtime_error("the uploads cannot be read");
    for (auto& [file, bytes] : *known) {
      quota_.begun(owner_of(file), file.what.bytes);
      const file_id id = file.what.id;
      uploads_.emplace(id, upload{std::move(file), bytes, now()});
    }
  }

  static person_name owner_of(const kept_file& file) { return {file.tenant, file.uploader}; }
  static conversation_name place_of(const kept_file& file) {
    return {file.tenant, file.conversation};
  }

  void tell_operator(std::string_view what) const {
    if (const auto& tell = board_.foundation().on_failure) tell({name(), id(), std::string{what}});
  }

  // ---- Requests.

  void on_file_order(file_order& order) {
    auto answer = std::visit(
        [&](auto& wish) -> fault_or<file_told> { return serve(order.who, wish); }, order.what);
    (*order.reply)(std::move(answer));
  }

  fault_or<file_told> serve(const identity& who, begin_upload& wish) {
    kept_file file;
    file.tenant = who.who.tenant;
    file.conversation = wish.conversation;
    file.where = wish.where;
    file.uploader = who.who.person;
    file.what = {.id = new_file_id(),
                 .name = plain_name(wish.name),
                 .type = std::move(wish.type),
                 .bytes = wish.bytes,
                 .width = wish.width,
                 .height = wish.height};
    file.begun_at = board_.wall_now();
    if (wish.where == track::internal && !who.is_agent()) return fault_code::forbidden;
    if (wish.bytes > board_.settings().file_bytes_max) return fault_code::too_large;
    if (file.what.name.empty() || wish.bytes == 0) return fault_code::bad_value;
    if (!may_be_taken(file.what.type)) return fault_code::file_type;
    const auto visitor = visitor_of(who, wish.conversation);
    if (!visitor) return visitor.error();
    file.visitor = *visitor;
    if (!makes_room(who.who, wish.bytes)) {
      return fault{fault_code::rate_limited, quota_retry_ms};
    }
    if (const auto begun = store_.begin(file); !begun) return begun.error();
    quota_.begun(who.who, wish.bytes);
    const file_id id = file.what.id;
    uploads_.emplace(id, upload{std::move(file), 0, now()});
    return file_told{upload_state{id, 0, wish.bytes}};
  }

  /// Whose conversation it is; of a visitor also the one that the next first post opens.
  fault_or<person_id> visitor_of(const identity& who, conversation_id which) const {
    const auto at = reader_.read_head({who.who.tenant, which});
    if (!at) return at.error();
    const person_id asker = who.who.person;
    if (at->exists()) {
      const bool may = who.is_agent() || at->visitor.person == asker;
      return may ? fault_or<person_id>{at->visitor.person} : fault_code::unknown_conversation;
    }
    if (who.is_agent()) return fault_code::unknown_conversation;
    const auto rows = reader_.visitor_roster(who.who);
    if (!rows) return rows.error();
    std::uint32_t last = 0;
    for (const conversation_row& row : *rows) {
      if (!row.at.is_closed()) return fault_code::unknown_conversation;
      if (row.at.inbox == who.inbox) last = std::max(last, row.at.ordinal);
    }
    const bool is_next = opening_id(who.who, who.inbox, last + 1) == which;
    return is_next ? fault_or<person_id>{asker} : fault_code::unknown_conversation;
  }

  fault_or<file_told> serve(const identity& who, append_upload& wish) {
    const auto at = own_upload(who, wish.place);
    if (at == uploads_.end()) return fault_code::unknown_file;
    upload& one = at->second;
    one.touched_at = now();
    if (one.file.is_complete || wish.from != one.bytes) {
      return file_told{upload_state{wish.place.file, one.bytes, one.file.what.bytes, true}};
    }
    if (wish.bytes.size() > one.file.what.bytes - one.bytes) return fault_code::too_large;
    if (const auto put = store_.append(one.file, one.bytes, wish.bytes); !put) return put.error();
    one.bytes += wish.bytes.size();
    return complete(at);
  }

  /// Also of one whose last bytes came just before the process ended.
  fault_or<file_told> complete(uploads::iterator at) {
    upload& one = at->second;
    if (one.bytes == one.file.what.bytes && !one.file.is_complete) {
      if (const auto made = store_.complete(one.file); !made) {
        forget(at);
        return made.error();
      }
    }
    return file_told{upload_state{at->first, one.bytes, one.file.what.bytes}};
  }

  fault_or<file_told> serve(const identity& who, picture_upload& wish) {
    const auto at = own_upload(who, wish.place);
    if (at == uploads_.end() || at->second.file.is_claimed()) return fault_code::unknown_file;
    upload& one = at->second;
    one.touched_at = now();
    if (const auto put = store_.put_thumbnail(one.file, wish.bytes); !put) return put.error();
    return file_told{upload_state{at->first, one.bytes, one.file.what.bytes}};
  }

  fault_or<file_told> serve(const identity& who, give_up_upload& wish) {
    const auto at = own_upload(who, wish.place);
    // A post may be on its way with it.
    if (at == uploads_.end() || at->second.file.is_claimed()) return fault_code::unknown_file;
    if (const auto gone = store_.drop(at->second.file); !gone) return gone.error();
    forget(at);
    return file_told{frontdesk::done{}};
  }

  fault_or<file_told> serve(const identity& who, ask_file& wish) {
    const auto at = own_upload(who, wish.place);
    if (at != uploads_.end()) return complete(at);
    open_file open{wish.place, false};
    return serve(who, open);
  }

  fault_or<file_told> serve(const identity& who, open_file& wish) {
    const auto file = find(who, wish.place);
    if (!file) return file.error();
    auto content =
        store_.open_part(*file, wish.wants_thumbnail ? parts::thumbnail : parts::content);
    if (!content) return content.error();
    opened_file opened{file->what, file->digest, std::move(*content)};
    if (wish.wants_thumbnail) {
      const auto look = look_at_thumbnail(opened.content->read(0, limits::thumbnail_bytes_max + 1));
      if (!look) return fault_code::storage_failed;
      opened.what.type = look->type;
      opened.what.bytes = opened.content->size();
      opened.digest += "-small";
    }
    return file_told{std::move(opened)};
  }

  fault_or<file_told> serve(const identity&, read_file& wish) {
    std::string bytes = wish.content->read(wish.from, wish.count);
    if (bytes.size() != wish.count) return fault_code::storage_failed;
    return file_told{file_piece{std::move(bytes)}};
  }

  /// The upload of this person there, as long as it was not posted.
  uploads::iterator own_upload(const identity& who, const file_place& place) {
    const auto at = uploads_.find(place.file);
    const bool is_own = at != uploads_.end() && owner_of(at->second.file) == who.who &&
                        at->second.file.conversation == place.conversation;
    return is_own ? at : uploads_.end();
  }

  /// A complete file that this person may read. Whatever the reason why not, it is the same answer.
  fault_or<kept_file> find(const identity& who, const file_place& place) {
    const auto own = own_upload(who, place);
    if (own != uploads_.end()) {
      if (!own->second.file.is_complete) return fault_code::unknown_file;
      return own->second.file;
    }
    const auto file = find_posted({who.who.tenant, place.conversation}, place.file);
    if (!file) return file.error();
    const bool is_hers = file->visitor == who.who.person && file->where == track::visible;
    if (!who.is_agent() && !is_hers) return fault_code::unknown_file;
    return file;
  }

  // ---- What the log says.

  /// The event that carries it, or 0.
  fault_or<sequence> recorded_at(const kept_file& file) const {
    page_range range{.where = file.where, .after = file.after, .before = {}, .limit = 0};
    for (;;) {
      const auto page = reader_.read_page(place_of(file), range);
      if (!page) return page.error();
      if (page->empty()) return sequence{};
      for (const event& each : *page) {
        if (each.file && each.file->id == file.what.id) return each.seq;
      }
      range.after = page->back().seq;
    }
  }

  /// Whether its message still has it.
  fault_or<bool> is_still_said(const kept_file& file) const {
    const page_range range{
        .where = file.where, .after = sequence{file.seq.value - 1}, .before = {}, .limit = 1};
    const auto page = reader_.read_page(place_of(file), range);
    if (!page) return page.error();
    return !page->empty() && page->front().file && page->front().file->id == file.what.id;
  }

  /// A claimed upload whose post was recorded goes to the posted ones. True: it did.
  fault_or<bool> settle(uploads::iterator at) {
    kept_file& file = at->second.file;
    if (!file.is_claimed()) return false;
    const auto seq = recorded_at(file);
    if (!seq) return seq.error();
    if (!*seq) return false;
    file.seq = *seq;
    if (const auto kept = store_.keep(file); !kept) return kept.error();
    forget(at);
    return true;
  }

  fault_or<kept_file> find_posted(conversation_name where, file_id id) {
    const auto at = uploads_.find(id);
    if (at != uploads_.end() && place_of(at->second.file) == where) {
      const auto settled = settle(at);
      if (!settled) return settled.error();
      if (!*settled) return fault_code::unknown_file;
    }
    auto file = store_.find_posted(where, id);
    if (!file) return file.error();
    const auto is_said = is_still_said(*file);
    if (!is_said) return is_said.error();
    if (!*is_said) {
      drop(*file);
      return fault_code::unknown_file;
    }
    return file;
  }

  // ---- Posts.

  file_taken on_take_file(const take_file& wish) {
    const auto at = uploads_.find(wish.file);
    if (at == uploads_.end()) return taken_before(wish);
    upload& one = at->second;
    if (!one.file.is_complete || !is_meant(wish, one.file)) return {fault_code::unknown_file, {}};
    if (is_same_post(wish, one.file)) {
      one.touched_at = now();
      return {fault_code::none, one.file.what};
    }
    if (const fault_code why = may_claim(at); why != fault_code::none) return {why, {}};
    const auto head = reader_.read_head(place_of(one.file));
    if (!head) return {head.error().code, {}};
    kept_file claimed = one.file;
    claimed.device = wish.device;
    claimed.n = wish.n;
    claimed.after = head->exists() ? head->last_of(wish.where) : sequence{};
    // Before the post is recorded: otherwise an event could name a file that expires.
    if (const auto noted = store_.note(claimed); !noted) return {noted.error().code, {}};
    one.file = std::move(claimed);
    one.touched_at = now();
    return {fault_code::none, one.file.what};
  }

  static bool is_meant(const take_file& wish, const kept_file& file) {
    return owner_of(file) == wish.author && file.conversation == wish.conversation &&
           file.where == wish.where;
  }
  static bool is_same_post(const take_file& wish, const kept_file& file) {
    return file.is_claimed() && file.device == wish.device && file.n == wish.n;
  }

  /// A repeated post, whose first answer is to be found.
  file_taken taken_before(const take_file& wish) {
    const auto file = store_.find_posted({wish.author.tenant, wish.conversation}, wish.file);
    if (!file) return {file.error().code, {}};
    const bool is_repeated = is_meant(wish, *file) && is_same_post(wish, *file);
    return is_repeated ? file_taken{fault_code::none, file->what}
                       : file_taken{fault_code::unknown_file, {}};
  }

  /// Another post had it before. If that one was answered, and not with a place, it is free again.
  fault_code may_claim(uploads::iterator at) {
    const kept_file& file = at->second.file;
    if (!file.is_claimed()) return fault_code::none;
    const auto window = reader_.read_window(place_of(file), file.uploader, file.device);
    if (!window) return window.error().code;
    // Whatever became of that post is not known yet; a claim that nobody renews ends by itself.
    if (window->last() < file.n) {
      const bool is_in_doubt = now() - at->second.touched_at < claim_doubt_max;
      return is_in_doubt ? fault_code::busy : fault_code::none;
    }
    const auto settled = settle(at);
    if (!settled) return settled.error().code;
    return *settled ? fault_code::unknown_file : fault_code::none;
  }

  // ---- Forgetting.

  void on_drop_file(const drop_file& wish) {
    const auto at = uploads_.find(wish.file);
    if (at != uploads_.end() && place_of(at->second.file) == wish.where) {
      give_up(at);
      return;
    }
    if (const auto file = store_.find_posted(wish.where, wish.file)) drop(*file);
  }

  /// Whether it is gone; the sweep tries again.
  bool drop(const kept_file& file) {
    const auto gone = store_.drop(file);
    if (!gone) tell_operator(fmt::format("a file could not be removed: {}", gone.error().name()));
    return gone.ok();
  }

  /// What could not be removed is still an upload, and counts as one.
  bool give_up(uploads::iterator at) {
    if (!drop(at->second.file)) return false;
    forget(at);
    return true;
  }

  /// It is no upload any more.
  void forget(uploads::iterator at) {
    quota_.ended(owner_of(at->second.file), at->second.file.what.bytes);
    uploads_.erase(at);
  }

  /// Posts that were recorded give room back; the rest of a tenant's room goes to those who upload,
  /// from those who have not gone on for long.
  bool makes_room(person_name who, std::uint64_t bytes) {
    if (!quota_.has_room_for_person(who, bytes)) {
      settle_all([&](const kept_file& file) { return owner_of(file) == who; });
    }
    if (!quota_.has_room_for_person(who, bytes)) return false;
    while (!quota_.has_room_for_tenant(who.tenant, bytes)) {
      const auto oldest = stalest(who.tenant);
      if (oldest == uploads_.end()) return false;
      if (!give_up(oldest)) return false;
    }
    return true;
  }

  uploads::iterator stalest(tenant_id whose) {
    auto oldest = uploads_.end();
    for (auto at = uploads_.begin(); at != uploads_.end(); ++at) {
      const upload& one = at->second;
      const bool is_stale = one.file.tenant == whose && !one.file.is_claimed() && is_idle(one);
      if (is_stale && (oldest == uploads_.end() || one.touched_at < oldest->second.touched_at)) {
        oldest = at;
      }
    }
    return oldest;
  }

  bool is_idle(const upload& one) const {
    return now() - one.touched_at >= limits::upload_stale_after;
  }

  template <class Which>
  void settle_all(Which is_meant) {
    std::vector<file_id> claimed;
    for (const auto& [id, one] : uploads_) {
      if (one.file.is_claimed() && is_meant(one.file)) claimed.push_back(id);
    }
    for (const file_id id : claimed) {
      if (const auto settled = settle(uploads_.find(id)); !settled) {
        tell_operator(fmt::format("a file could not be kept: {}", settled.error().name()));
      }
    }
  }

  void on_files_due() {
    remind(limits::upload_sweep, files_due{});
    settle_all([](const kept_file&) { return true; });
    expire();
    for (const kept_file& file : store_.some_posted(limits::files_per_sweep_max)) {
      // What cannot be read is left as it is.
      const auto is_said = is_still_said(file);
      if (is_said && !*is_said) drop(file);
    }
  }

  /// One that a post has is in doubt for as long as that may be on its way.
  void expire() {
    const std::int64_t oldest = board_.wall_now().value - limits::upload_life.count();
    for (auto at = uploads_.begin(); at != uploads_.end();) {
      const auto next = std::next(at);
      const upload& one = at->second;
      if (one.file.begun_at.value <= oldest && is_idle(one) && is_unrecorded(one.file)) {
        give_up(at);
      }
      at = next;
    }
  }

  bool is_unrecorded(const kept_file& file) const {
    if (!file.is_claimed()) return true;
    const auto seq = recorded_at(file);
    return seq && !*seq;
  }

  switchboard& board_;
  file_store& store_;
  reader reader_;
  uploads uploads_;
  upload_quota quota_{{limits::uploads_per_person_max,
                       limits::upload_bytes_per_person_factor* board_.settings().file_bytes_max},
                      {limits::uploads_per_tenant_max, limits::upload_bytes_per_tenant_max}};
};

}  // namespace

file_keeper_actor spawn_file_keeper(caf::actor_system& system, placement where,
                                    switchboard& board) {
  return spawn_on<file_keeper_state>(system, where, board);
}

}  // namespace frontdesk
