#include "model/limits.hpp"
#include "model/utf8.hpp"
#include "wire/frame_protobuf.hpp"
#include "wire/frontdesk.pb.h"
#include "wire/protobuf_message.hpp"
#include "wire/stored_parts.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace frontdesk {

namespace {

using stored::position_max;

/// What a fault may name has the same numbers in all messages of clients.
constexpr int id_number = 1;
constexpr int conversation_number = 2;
constexpr int n_number = 3;

/// What the fields of one message hold. The getters return the value, or anything once something
/// was wrong; `fault` says at the end what it was.
class fields {
 public:
  explicit fields(std::string_view bytes) : bytes_(bytes) {
    protobuf_message message{bytes};
    while (const auto field = message.next()) {
      if (field->number >= known_.size()) continue;
      known_[field->number].last = *field;
      ++known_[field->number].count;
    }
    if (!message.is_sound()) note(fault_code::bad_frame);
  }

  fault_code fault() const { return fault_; }
  bool has(int number) const { return slot_of(number).count > 0; }

  std::string text(int number, std::size_t bytes_min, std::size_t bytes_max) {
    const std::string_view value = bytes(number);
    if (value.size() < bytes_min || value.size() > bytes_max || !is_utf8(value)) {
      note(fault_code::bad_value);
      return {};
    }
    return std::string{value};
  }

  std::uint64_t number(int number, std::uint64_t min, std::uint64_t max) {
    const std::uint64_t value = value_of(number, protobuf_kind::varint);
    if (value < min || value > max) {
      note(fault_code::bad_value);
      return min;
    }
    return value;
  }

  bool flag(int field) { return number(field, 0, 1) != 0; }

  frame::request_id request() {
    return static_cast<frame::request_id>(
        number(id_number, 0, std::numeric_limits<frame::request_id>::max()));
  }

  sequence position(int field) { return sequence{number(field, 0, position_max)}; }
  post_number n() { return post_number{number(n_number, 1, position_max)}; }

  conversation_id conversation() {
    return checked(conversation_id{value_of(conversation_number, protobuf_kind::fixed64)});
  }

  device_id device(int number) {
    fields in{bytes(number)};
    const device_id device{in.value_of(v1::device::kHighFieldNumber, protobuf_kind::fixed64),
                           in.value_of(v1::device::kLowFieldNumber, protobuf_kind::fixed64)};
    note(in.fault());
    return checked(device);
  }

  /// None if it is left out.
  file_id file(int number) {
    if (!has(number)) return {};
    fields in{bytes(number)};
    const file_id file{in.value_of(v1::file_id::kHighFieldNumber, protobuf_kind::fixed64),
                       in.value_of(v1::file_id::kLowFieldNumber, protobuf_kind::fixed64)};
    note(in.fault());
    return checked(file);
  }

  /// Whatever else stands there is no fault: it says nothing about the post.
  trace_context trace(int number) const {
    trace_context found;
    if (!has(number)) return found;
    each(number, [&](const protobuf_field& field) {
      if (field.kind != protobuf_kind::bytes) return;
      found = traceparent_from_text(field.bytes).value_or(trace_context{});
    });
    return found;
  }

  person_id agent(int number) {
    fields in{bytes(number)};
    const std::uint64_t kind = in.value_of(v1::person::kKindFieldNumber, protobuf_kind::varint);
    const std::uint64_t value = in.value_of(v1::person::kValueFieldNumber, protobuf_kind::fixed64);
    note(in.fault());
    if (kind != v1::PERSON_KIND_AGENT || value == 0) note(fault_code::bad_value);
    return {person_kind::agent, value};
  }

  /// The public track goes without saying.
  track where(int field) {
    return number(field, 0, v1::TRACK_INTERNAL) == v1::TRACK_INTERNAL ? track::internal
                                                                      : track::visible;
  }

  /// The elements of a list of messages.
  std::vector<frame::subscription> subscriptions(int number) {
    std::vector<frame::subscription> found;
    if (!has_count(number, 1, limits::subs_per_frame_max)) return found;
    found.reserve(slot_of(number).count);
    each(number, [&](const protobuf_field& field) { found.push_back(subscription_in(field)); });
    return found;
  }

  /// Packed or one by one, as every reader of protobuf must take it.
  std::vector<conversation_id> conversations(int number) {
    constexpr std::size_t size = sizeof(std::uint64_t);
    std::vector<conversation_id> found;
    each(number, [&](const protobuf_field& field) {
      const bool is_packed = field.kind == protobuf_kind::bytes && field.bytes.size() % size == 0;
      if (!is_packed && field.kind != protobuf_kind::fixed64) return note(fault_code::bad_frame);
      const std::size_t count = is_packed ? field.bytes.size() / size : 1;
      if (found.size() + count > limits::subs_max) return note(fault_code::bad_value);
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t value =
            is_packed ? little_endian(field.bytes.substr(i * size, size)) : field.value;
        found.push_back(checked(conversation_id{value}));
      }
    });
    return found;
  }

  /// A frame that lacks its form is more wrong than one with a bad value.
  void note(fault_code code) {
    if (code != fault_code::none && fault_ != fault_code::bad_frame) fault_ = code;
  }

 private:
  struct slot {
    protobuf_field last;
    std::size_t count = 0;
  };

  const slot& slot_of(int number) const { return known_.at(static_cast<std::size_t>(number)); }

  /// A field that is left out is zero.
  std::uint64_t value_of(int number, protobuf_kind kind) {
    return is_one(number, kind) ? slot_of(number).last.value : 0;
  }
  std::string_view bytes(int number) {
    return is_one(number, protobuf_kind::bytes) ? slot_of(number).last.bytes : std::string_view{};
  }

  bool is_one(int number, protobuf_kind kind) {
    const slot& at = slot_of(number);
    if (at.count == 0) return false;
    const bool is_right = at.count == 1 && at.last.kind == kind;
    if (!is_right) note(fault_code::bad_frame);
    return is_right;
  }

  bool has_count(int number, std::size_t min, std::size_t max) {
    const std::size_t count = slot_of(number).count;
    if (count < min || count > max) note(fault_code::bad_value);
    return count >= min && count <= max;
  }

  template <class Id>
  Id checked(Id id) {
    if (!id) note(fault_code::bad_value);
    return id;
  }

  template <class Visit>
  void each(int number, Visit visit) const {
    protobuf_message message{bytes_};
    while (const auto field = message.next()) {
      if (field->number == static_cast<std::uint32_t>(number)) visit(*field);
    }
  }

  frame::subscription subscription_in(const protobuf_field& field) {
    if (field.kind != protobuf_kind::bytes) {
      note(fault_code::bad_frame);
      return {};
    }
    fields in{field.bytes};
    const frame::subscription subscription{
        .conversation = in.conversation(),
        .after = in.position(v1::subscription::kAfterFieldNumber),
        .internal_after = in.position(v1::subscription::kInternalAfterFieldNumber),
    };
    note(in.fault());
    return subscription;
  }

  std::string_view bytes_;
  /// By number; fields beyond are none of ours.
  std::array<slot, 16> known_{};
  fault_code fault_ = fault_code::none;
};

frame::from_client read_hello(fields& in) {
  return frame::hello{
      .token = in.text(v1::hello::kTokenFieldNumber, 1, limits::token_bytes_max),
      .device = in.device(v1::hello::kDeviceFieldNumber),
      .client = in.text(v1::hello::kClientFieldNumber, 0, limits::client_bytes_max),
      .lean = in.flag(v1::hello::kLeanFieldNumber),
  };
}

frame::from_client read_refresh(fields& in) {
  return frame::refresh{
      .id = in.request(),
      .token = in.text(v1::refresh::kTokenFieldNumber, 1, limits::token_bytes_max)};
}

frame::from_client read_sub(fields& in) {
  return frame::sub{.subs = in.subscriptions(v1::sub::kSubsFieldNumber)};
}

frame::from_client read_unsub(fields& in) {
  return frame::unsub{.conversations = in.conversations(v1::unsub::kConversationsFieldNumber)};
}

frame::from_client read_post(fields& in) {
  using message = v1::post;
  frame::post post{
      .conversation = in.conversation(),
      .n = in.n(),
      .where = in.where(message::kTrackFieldNumber),
      .text = in.text(message::kTextFieldNumber, 0, limits::frame_bytes_max),
      .reply_to = in.position(message::kReplyToFieldNumber),
      .edits = in.position(message::kEditsFieldNumber),
      .deletes = in.position(message::kDeletesFieldNumber),
      .file = in.file(message::kFileFieldNumber),
      .trace = in.trace(message::kTraceparentFieldNumber),
  };
  const bool changes = post.edits || post.deletes;
  if ((post.edits && post.deletes) || (changes && (post.reply_to || post.file))) {
    in.note(fault_code::bad_frame);
  }
  return post;
}

frame::from_client read_history(fields& in) {
  using message = v1::history;
  const auto position = [&](int number) {
    return in.has(number) ? std::optional{in.position(number)} : std::nullopt;
  };
  if (in.has(message::kBeforeFieldNumber) == in.has(message::kAfterFieldNumber)) {
    in.note(fault_code::bad_frame);
  }
  return frame::history{
      .id = in.request(),
      .conversation = in.conversation(),
      .where = in.where(message::kTrackFieldNumber),
      .before = position(message::kBeforeFieldNumber),
      .after = position(message::kAfterFieldNumber),
      .limit = static_cast<std::uint32_t>(
          in.number(message::kLimitFieldNumber, 1, limits::page_events_max)),
  };
}

frame::from_client read_received(fields& in) {
  return frame::received{.conversation = in.conversation(),
                         .seq = in.position(v1::received::kSeqFieldNumber)};
}

frame::from_client read_read(fields& in) {
  return frame::read{.conversation = in.conversation(),
                     .seq = in.position(v1::read::kSeqFieldNumber)};
}

frame::from_client read_typing(fields& in) {
  return frame::typing{
      .conversation = in.conversation(),
      .on = in.flag(v1::typing::kOnFieldNumber),
      .text = in.text(v1::typing::kTextFieldNumber, 0, limits::typing_text_bytes_max)};
}

/// Zero is no choice; the others are numbered from 1 as ours are from 0.
template <class Enum>
Enum choice(fields& in, int number, int last) {
  return static_cast<Enum>(in.number(number, 1, static_cast<std::uint64_t>(last)) - 1);
}

frame::from_client read_status(fields& in) {
  using message = v1::status_wish;
  constexpr int capacity = message::kCapacityFieldNumber;
  return frame::status{
      .id = in.request(),
      .to = choice<frame::routing_status>(in, message::kStatusFieldNumber,
                                          v1::ROUTING_STATUS_ACCEPTING),
      .capacity = in.has(capacity) ? std::optional{static_cast<std::uint32_t>(
                                         in.number(capacity, 1, limits::agent_capacity_max))}
                                   : std::nullopt,
  };
}

frame::from_client read_watch(fields& in) {
  return frame::watch{.id = in.request(), .on = in.flag(v1::watch::kOnFieldNumber)};
}

frame::from_client read_list(fields& in) {
  using message = v1::list;
  return frame::list{
      .id = in.request(),
      .view = choice<frame::list_view>(in, message::kViewFieldNumber, v1::LIST_VIEW_CLOSED),
      .after = in.text(message::kAfterFieldNumber, 0, limits::list_after_bytes_max),
      .limit = static_cast<std::uint32_t>(
          in.number(message::kLimitFieldNumber, 1, limits::summaries_per_frame_max)),
  };
}

frame::from_client read_agents(fields& in) {
  return frame::agents{.id = in.request()};
}

frame::from_client read_transfer(fields& in) {
  return frame::transfer{.id = in.request(),
                         .conversation = in.conversation(),
                         .to = in.agent(v1::transfer::kToFieldNumber)};
}

frame::from_client read_give_back(fields& in) {
  return frame::give_back{.id = in.request(), .conversation = in.conversation()};
}

frame::from_client read_close(fields& in) {
  return frame::close{.id = in.request(), .conversation = in.conversation()};
}

frame::from_client read_pong(fields&) {
  return frame::pong{};
}

struct frame_form {
  int number;
  frame::from_client (*read)(fields&);
  /// Its id is one also if it is zero, and therefore left out.
  bool is_request = false;
};

constexpr std::array forms{
    frame_form{v1::client_frame::kPost, read_post},
    frame_form{v1::client_frame::kReceived, read_received},
    frame_form{v1::client_frame::kTyping, read_typing},
    frame_form{v1::client_frame::kRead, read_read},
    frame_form{v1::client_frame::kPong, read_pong},
    frame_form{v1::client_frame::kSub, read_sub},
    frame_form{v1::client_frame::kUnsub, read_unsub},
    frame_form{v1::client_frame::kHello, read_hello},
    frame_form{v1::client_frame::kHistory, read_history, true},
    frame_form{v1::client_frame::kRefresh, read_refresh, true},
    frame_form{v1::client_frame::kStatus, read_status, true},
    frame_form{v1::client_frame::kWatch, read_watch, true},
    frame_form{v1::client_frame::kList, read_list, true},
    frame_form{v1::client_frame::kAgents, read_agents, true},
    frame_form{v1::client_frame::kTransfer, read_transfer, true},
    frame_form{v1::client_frame::kGiveBack, read_give_back, true},
    frame_form{v1::client_frame::kClose, read_close, true},
};

const frame_form* form_of(std::uint32_t number) {
  const auto* form = std::ranges::find(forms, static_cast<int>(number), &frame_form::number);
  return form != forms.end() ? form : nullptr;
}

/// What is wrong with a frame, and what it is about as far as that can be read.
frame::unreadable unreadable_frame(fault_code code, std::string_view frame, bool is_request) {
  frame::unreadable unreadable{.code = code, .id = {}, .conversation = {}, .n = {}};
  fields id{frame};
  if (id.fault() != fault_code::none) return unreadable;
  const bool has_id = is_request || id.has(id_number);
  if (const auto value = id.request(); has_id && id.fault() == fault_code::none) {
    unreadable.id = value;
  }
  fields conversation{frame};
  if (const auto value = conversation.conversation(); conversation.fault() == fault_code::none) {
    unreadable.conversation = value;
  }
  fields n{frame};
  if (const auto value = n.n(); n.fault() == fault_code::none) unreadable.n = value;
  return unreadable;
}

/// The one frame within the bytes.
struct opened_frame {
  fault_code fault = fault_code::bad_frame;
  const frame_form* form = nullptr;
  std::string_view bytes;
};

opened_frame open(std::string_view bytes) {
  protobuf_message outer{bytes};
  opened_frame found;
  while (const auto field = outer.next()) {
    const frame_form* form = form_of(field->number);
    const bool is_wrong =
        form != nullptr && (found.form != nullptr || field->kind != protobuf_kind::bytes);
    if (is_wrong) return {};
    if (form != nullptr) {
      found = {fault_code::none, form, field->bytes};
    } else if (found.form == nullptr) {
      found = {fault_code::unknown_frame, nullptr, field->bytes};
    }
  }
  return outer.is_sound() ? found : opened_frame{};
}

}  // namespace

std::variant<frame::from_client, frame::unreadable> read_protobuf(std::string_view bytes) {
  if (bytes.size() > limits::frame_bytes_max) {
    return frame::unreadable{.code = fault_code::too_large, .id = {}, .conversation = {}, .n = {}};
  }
  const opened_frame opened = open(bytes);
  if (opened.form == nullptr) return unreadable_frame(opened.fault, opened.bytes, false);
  fields in{opened.bytes};
  frame::from_client frame = opened.form->read(in);
  if (in.fault() != fault_code::none) {
    return unreadable_frame(in.fault(), opened.bytes, opened.form->is_request);
  }
  return frame;
}

}  // namespace frontdesk
