#include "model/limits.hpp"
#include "wire/frame_json.hpp"
#include "wire/json_document.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace frontdesk {

namespace {

/// Integers above it are not exact in JavaScript.
constexpr std::int64_t position_max = (1LL << 53) - 1;
constexpr std::int64_t request_id_max = std::numeric_limits<frame::request_id>::max();

std::optional<person_id> agent_from_text(std::string_view text) {
  const auto person = person_from_text(text);
  return person && person->is_agent() ? person : std::nullopt;
}

/// What a frame's fields hold. The getters return the value, or anything once something was wrong;
/// `fault` says at the end what it was.
class fields {
 public:
  explicit fields(const json_value& object) : object_(object) {}

  fault_code fault() const { return fault_; }
  bool has(std::string_view key) const { return object_.find(key) != nullptr; }

  std::string text(std::string_view key, std::size_t bytes_min, std::size_t bytes_max) {
    const json_value* value = require(key, json_kind::string);
    if (value == nullptr) {
      return {};
    }
    if (value->text.size() < bytes_min || value->text.size() > bytes_max) {
      note(fault_code::bad_value);
      return {};
    }
    return std::string{value->text};
  }

  std::int64_t number(std::string_view key, std::int64_t min, std::int64_t max) {
    const json_value* value = object_.find(key);
    if (value != nullptr && value->kind == json_kind::huge_integer) {
      note(fault_code::bad_value);
      return min;
    }
    value = require(key, json_kind::integer);
    if (value == nullptr) {
      return min;
    }
    if (value->number < min || value->number > max) {
      note(fault_code::bad_value);
      return min;
    }
    return value->number;
  }

  bool flag(std::string_view key) {
    const json_value* value = require(key, json_kind::boolean);
    return value != nullptr && value->number != 0;
  }

  frame::request_id request() {
    return static_cast<frame::request_id>(number("id", 0, request_id_max));
  }

  sequence position(std::string_view key) {
    return sequence{static_cast<std::uint64_t>(number(key, 0, position_max))};
  }

  post_number n() { return post_number{static_cast<std::uint64_t>(number("n", 1, position_max))}; }

  conversation_id conversation() {
    return read_as(require("conversation", json_kind::string), conversation_from_text);
  }

  file_id file() { return read_as(require("file", json_kind::string), file_from_text); }

  /// Whatever else stands there is no fault: it says nothing about the post.
  trace_context trace() const {
    const json_value* value = object_.find("traceparent");
    if (value == nullptr || value->kind != json_kind::string) return {};
    return traceparent_from_text(value->text).value_or(trace_context{});
  }

  device_id device() { return read_as(require("device", json_kind::string), device_from_text); }

  person_id agent(std::string_view key) {
    return read_as(require(key, json_kind::string), agent_from_text);
  }

  track where() {
    return has("track") ? word("track", std::array{track::visible, track::internal})
                        : track::visible;
  }

  /// One of the words that `name_of` gives the choices.
  template <class Enum, std::size_t Count>
  Enum word(std::string_view key, const std::array<Enum, Count>& choices) {
    const json_value* value = require(key, json_kind::string);
    if (value == nullptr) {
      return choices.front();
    }
    for (const Enum choice : choices) {
      if (name_of(choice) == value->text) {
        return choice;
      }
    }
    note(fault_code::bad_value);
    return choices.front();
  }

  /// The elements of a list, each given to `read`.
  template <class Read>
  auto list(std::string_view key, std::size_t count_min, std::size_t count_max, Read read) {
    std::vector<decltype(read(object_))> elements;
    const json_value* value = require(key, json_kind::array);
    if (value == nullptr) {
      return elements;
    }
    const std::size_t count = value->count();
    if (count < count_min || count > count_max) {
      note(fault_code::bad_value);
      return elements;
    }
    elements.reserve(count);
    for (const json_value& element : *value) {
      elements.push_back(read(element));
    }
    return elements;
  }

  conversation_id listed_conversation(const json_value& value) {
    return read_as(of_kind(&value, json_kind::string), conversation_from_text);
  }

  frame::subscription listed_subscription(const json_value& value) {
    if (of_kind(&value, json_kind::object) == nullptr) {
      return {};
    }
    fields in{value};
    const frame::subscription subscription{
        .conversation = in.conversation(),
        .after = in.position("after"),
        .internal_after = in.has("internal_after") ? in.position("internal_after") : sequence{},
    };
    note(in.fault());
    return subscription;
  }

  /// A frame without a field, or with one of another type, is more wrong than one with a bad value.
  void note(fault_code code) {
    if (code != fault_code::none && fault_ != fault_code::bad_frame) {
      fault_ = code;
    }
  }

 private:
  const json_value* require(std::string_view key, json_kind kind) {
    return of_kind(object_.find(key), kind);
  }

  const json_value* of_kind(const json_value* value, json_kind kind) {
    if (value == nullptr || value->kind != kind) {
      note(fault_code::bad_frame);
      return nullptr;
    }
    return value;
  }

  template <class Id>
  Id read_as(const json_value* value, std::optional<Id> (*from_text)(std::string_view)) {
    if (value == nullptr) {
      return {};
    }
    const std::optional<Id> id = from_text(value->text);
    if (!id) {
      note(fault_code::bad_value);
    }
    return id.value_or(Id{});
  }

  const json_value& object_;
  fault_code fault_ = fault_code::none;
};

frame::from_client read_hello(fields& in) {
  return frame::hello{
      .token = in.text("token", 1, limits::token_bytes_max),
      .device = in.device(),
      .client = in.has("client") ? in.text("client", 0, limits::client_bytes_max) : std::string{},
      .lean = in.has("lean") && in.flag("lean"),
  };
}

frame::from_client read_refresh(fields& in) {
  return frame::refresh{.id = in.request(), .token = in.text("token", 1, limits::token_bytes_max)};
}

frame::from_client read_sub(fields& in) {
  const auto read = [&](const json_value& value) { return in.listed_subscription(value); };
  return frame::sub{.subs = in.list("subs", 1, limits::subs_per_frame_max, read)};
}

frame::from_client read_unsub(fields& in) {
  const auto read = [&](const json_value& value) { return in.listed_conversation(value); };
  return frame::unsub{.conversations = in.list("conversations", 0, limits::subs_max, read)};
}

frame::from_client read_post(fields& in) {
  const auto message = [&](std::string_view key) {
    return in.has(key) ? sequence{static_cast<std::uint64_t>(in.number(key, 1, position_max))}
                       : sequence{};
  };
  const bool changes = in.has("edits") || in.has("deletes");
  const bool is_new = in.has("reply_to") || in.has("file");
  if ((in.has("edits") && in.has("deletes")) || (changes && is_new)) {
    in.note(fault_code::bad_frame);
  }
  const bool may_be_silent = in.has("deletes") || in.has("file");
  return frame::post{
      .conversation = in.conversation(),
      .n = in.n(),
      .where = in.where(),
      .text = may_be_silent && !in.has("text") ? std::string{}
                                               : in.text("text", 0, limits::frame_bytes_max),
      .reply_to = message("reply_to"),
      .edits = message("edits"),
      .deletes = message("deletes"),
      .file = in.has("file") ? in.file() : file_id{},
      .trace = in.trace(),
  };
}

frame::from_client read_history(fields& in) {
  const auto position = [&](std::string_view key) {
    return in.has(key) ? std::optional{in.position(key)} : std::nullopt;
  };
  if (in.has("before") == in.has("after")) {
    in.note(fault_code::bad_frame);
  }
  return frame::history{
      .id = in.request(),
      .conversation = in.conversation(),
      .where = in.where(),
      .before = position("before"),
      .after = position("after"),
      .limit = static_cast<std::uint32_t>(in.number("limit", 1, limits::page_events_max)),
  };
}

frame::from_client read_received(fields& in) {
  return frame::received{.conversation = in.conversation(), .seq = in.position("seq")};
}

frame::from_client read_read(fields& in) {
  return frame::read{.conversation = in.conversation(), .seq = in.position("seq")};
}

frame::from_client read_typing(fields& in) {
  return frame::typing{
      .conversation = in.conversation(),
      .on = in.flag("on"),
      .text = in.has("text") ? in.text("text", 0, limits::typing_text_bytes_max) : std::string{},
  };
}

frame::from_client read_status(fields& in) {
  using enum frame::routing_status;
  frame::status status{
      .id = in.request(),
      .to = in.word("status", std::array{accepting, busy, away, offline}),
      .capacity = std::nullopt,
  };
  if (in.has("capacity")) {
    const std::int64_t capacity = in.number("capacity", 1, limits::agent_capacity_max);
    status.capacity = static_cast<std::uint32_t>(capacity);
  }
  return status;
}

frame::from_client read_watch(fields& in) {
  return frame::watch{.id = in.request(), .on = in.flag("on")};
}

frame::from_client read_list(fields& in) {
  using enum frame::list_view;
  return frame::list{
      .id = in.request(),
      .view = in.word("view", std::array{mine, queue, all, closed}),
      .after = in.has("after") ? in.text("after", 0, limits::list_after_bytes_max) : std::string{},
      .limit = static_cast<std::uint32_t>(in.number("limit", 1, limits::summaries_per_frame_max)),
  };
}

frame::from_client read_agents(fields& in) {
  return frame::agents{.id = in.request()};
}

frame::from_client read_transfer(fields& in) {
  return frame::transfer{
      .id = in.request(), .conversation = in.conversation(), .to = in.agent("to")};
}

frame::from_client read_return(fields& in) {
  return frame::give_back{.id = in.request(), .conversation = in.conversation()};
}

frame::from_client read_close(fields& in) {
  return frame::close{.id = in.request(), .conversation = in.conversation()};
}

frame::from_client read_pong(fields&) {
  return frame::pong{};
}

struct frame_form {
  std::string_view t;
  frame::from_client (*read)(fields&);
};

/// The frames that clients send, the frequent ones first.
constexpr std::array forms{
    frame_form{"post", read_post},         frame_form{"received", read_received},
    frame_form{"typing", read_typing},     frame_form{"read", read_read},
    frame_form{"pong", read_pong},         frame_form{"sub", read_sub},
    frame_form{"hello", read_hello},       frame_form{"unsub", read_unsub},
    frame_form{"history", read_history},   frame_form{"refresh", read_refresh},
    frame_form{"status", read_status},     frame_form{"watch", read_watch},
    frame_form{"list", read_list},         frame_form{"agents", read_agents},
    frame_form{"transfer", read_transfer}, frame_form{"return", read_return},
    frame_form{"close", read_close},
};

/// What is wrong with a frame, and what it is about as far as that can be read.
frame::unreadable unreadable_frame(fault_code code, const json_value& object) {
  frame::unreadable unreadable{.code = code, .id = {}, .conversation = {}, .n = {}};
  fields id{object};
  if (const auto value = id.request(); id.fault() == fault_code::none) {
    unreadable.id = value;
  }
  fields conversation{object};
  if (const auto value = conversation.conversation(); conversation.fault() == fault_code::none) {
    unreadable.conversation = value;
  }
  fields n{object};
  if (const auto value = n.n(); n.fault() == fault_code::none) {
    unreadable.n = value;
  }
  return unreadable;
}

}  // namespace

std::variant<frame::from_client, frame::unreadable> read_json(std::string_view text) {
  if (text.size() > limits::frame_bytes_max) {
    return frame::unreadable{.code = fault_code::too_large, .id = {}, .conversation = {}, .n = {}};
  }
  const json_document document{text};
  const json_value* object = document.root();
  if (object == nullptr) {
    return frame::unreadable{.code = document.fault(), .id = {}, .conversation = {}, .n = {}};
  }
  if (document.fault() != fault_code::none) {
    return unreadable_frame(document.fault(), *object);
  }
  const json_value* t = object->find("t");
  if (t == nullptr || t->kind != json_kind::string) {
    return unreadable_frame(fault_code::bad_frame, *object);
  }
  const auto* form = std::ranges::find(forms, t->text, &frame_form::t);
  if (form == forms.end()) {
    return unreadable_frame(fault_code::unknown_frame, *object);
  }
  fields in{*object};
  frame::from_client frame = form->read(in);
  if (in.fault() != fault_code::none) {
    return unreadable_frame(in.fault(), *object);
  }
  return frame;
}

}  // namespace frontdesk
