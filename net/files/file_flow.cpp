#include "net/files/file_flow.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace frontdesk {

namespace {

class sink_into_upload final : public body_sink,
                               public std::enable_shared_from_this<sink_into_upload> {
 public:
  sink_into_upload(file_asker who, std::shared_ptr<flow_place> place, append_upload next,
                   std::uint64_t bytes)
      : who_(std::move(who)), place_(std::move(place)), next_(std::move(next)), left_(bytes) {}

  void take(std::string piece, reply tell) override {
    append_upload wish = next_;
    wish.bytes = std::move(piece);
    const std::uint64_t size = wish.bytes.size();
    ask_desk(who_, std::move(wish),
             [me = shared_from_this(), size, tell](const fault_or<file_told>& told) {
               tell(me->judge(told, size));
             });
  }

 private:
  std::optional<http_answer> judge(const fault_or<file_told>& told, std::uint64_t size) {
    if (!told) {
      return answer_of(told.error());
    }
    const auto& state = std::get<upload_state>(*told);
    if (state.is_elsewhere) {
      http_answer answer =
          refusal(fault_code::out_of_order, 409, "The upload goes on at another offset.");
      return answer.with("Upload-Offset", std::to_string(state.offset));
    }
    next_.from += size;
    left_ -= std::min(left_, size);
    return left_ > 0 ? std::nullopt : std::optional{upload_answer(204, state)};
  }

  const file_asker who_;
  const std::shared_ptr<flow_place> place_;
  append_upload next_;
  std::uint64_t left_;
};

class source_of_file final : public body_source {
 public:
  source_of_file(file_asker who, std::shared_ptr<flow_place> place,
                 std::shared_ptr<file_bytes> content, std::uint64_t from, std::uint64_t bytes)
      : who_(std::move(who)),
        place_(std::move(place)),
        content_(std::move(content)),
        from_(from),
        bytes_(bytes) {}

  std::uint64_t size() const override { return bytes_; }

  void read(std::uint64_t from, reply tell) override {
    const std::uint64_t left = bytes_ - std::min(bytes_, from);
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(left, limits::file_piece_bytes));
    ask_desk(who_, read_file{content_, from_ + from, count},
             [tell = std::move(tell)](fault_or<file_told> told) {
               auto* const piece = told ? std::get_if<file_piece>(&*told) : nullptr;
               tell(piece != nullptr ? std::optional{std::move(piece->bytes)} : std::nullopt);
             });
  }

 private:
  const file_asker who_;
  const std::shared_ptr<flow_place> place_;
  const std::shared_ptr<file_bytes> content_;
  const std::uint64_t from_;
  const std::uint64_t bytes_;
};

}  // namespace

bool flow_book::enter(const person_name& who) {
  const std::lock_guard guard(mutex_);
  const auto person = by_person_.find(who);
  const auto tenant = by_tenant_.find(who.tenant);
  const bool is_full =
      all_ >= limits::files_under_way_max ||
      (tenant != by_tenant_.end() && tenant->second >= limits::files_under_way_tenant) ||
      (person != by_person_.end() && person->second >= limits::files_under_way_person);
  if (is_full) {
    return false;
  }
  ++all_;
  ++by_person_[who];
  ++by_tenant_[who.tenant];
  return true;
}

void flow_book::leave(const person_name& who) {
  const std::lock_guard guard(mutex_);
  --all_;
  if (--by_person_[who] == 0) {
    by_person_.erase(who);
  }
  if (--by_tenant_[who.tenant] == 0) {
    by_tenant_.erase(who.tenant);
  }
}

std::shared_ptr<flow_place> flow_place::take(const std::shared_ptr<flow_book>& all,
                                             const person_name& who) {
  return all->enter(who) ? std::make_shared<flow_place>(all, who) : nullptr;
}

void ask_desk(const file_asker& who, file_wish wish,
              std::function<void(fault_or<file_told>)> then) {
  who.actors.serve_file(
      who.who, std::move(wish),
      [here = &who.here, then = std::move(then)](fault_or<file_told> told) {
        here->post([then, told = std::move(told)]() mutable { then(std::move(told)); });
      });
}

http_answer upload_answer(unsigned status, const upload_state& state) {
  http_answer answer = bare_answer(status);
  answer.with("Upload-Offset", std::to_string(state.offset))
      .with("Upload-Length", std::to_string(state.bytes))
      .with("Cache-Control", "no-store");
  return answer;
}

std::shared_ptr<body_sink> upload_sink(file_asker who, std::shared_ptr<flow_place> place,
                                       append_upload first, std::uint64_t bytes) {
  return std::make_shared<sink_into_upload>(std::move(who), std::move(place), std::move(first),
                                            bytes);
}

std::shared_ptr<body_source> file_source(file_asker who, std::shared_ptr<flow_place> place,
                                         std::shared_ptr<file_bytes> content, std::uint64_t from,
                                         std::uint64_t bytes) {
  return std::make_shared<source_of_file>(std::move(who), std::move(place), std::move(content),
                                          from, bytes);
}

}  // namespace frontdesk
