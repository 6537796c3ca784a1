#include "bench/speech.hpp"

#include "bench/hearing.hpp"
#include "wire/frontdesk.pb.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace frontdesk::bench {

namespace {

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

void set(v1::device& to, device_id from) {
  to.set_high(from.high);
  to.set_low(from.low);
}

}  // namespace

std::string said(encoding spoken, const hello_wish& wish) {
  if (spoken == encoding::json) {
    return fmt::format(
        R"({{"t":"hello","token":{},"device":"{}","client":"frontdesk bench","lean":true}})",
        quoted(wish.token), to_text(wish.device));
  }
  v1::client_frame frame;
  frame.mutable_hello()->set_token(wish.token);
  frame.mutable_hello()->set_client("frontdesk bench");
  frame.mutable_hello()->set_lean(true);
  set(*frame.mutable_hello()->mutable_device(), wish.device);
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const sub_wish& wish) {
  if (spoken == encoding::json) {
    std::string subs;
    for (const auto& [conversation, after] : wish.after) {
      subs += fmt::format(R"({}{{"conversation":"{}","after":{}}})", subs.empty() ? "" : ",",
                          to_text(conversation), after.value);
    }
    return fmt::format(R"({{"t":"sub","subs":[{}]}})", subs);
  }
  v1::client_frame frame;
  for (const auto& [conversation, after] : wish.after) {
    v1::subscription& one = *frame.mutable_sub()->add_subs();
    one.set_conversation(conversation.value);
    one.set_after(after.value);
  }
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const unsub_wish& wish) {
  if (spoken == encoding::json) {
    return fmt::format(R"({{"t":"unsub","conversations":["{}"]}})", to_text(wish.conversation));
  }
  v1::client_frame frame;
  frame.mutable_unsub()->add_conversations(wish.conversation.value);
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const post_wish& wish) {
  if (spoken == encoding::json) {
    return fmt::format(R"({{"t":"post","conversation":"{}","n":{},"text":{}}})",
                       to_text(wish.conversation), wish.n.value, quoted(wish.text));
  }
  v1::client_frame frame;
  frame.mutable_post()->set_conversation(wish.conversation.value);
  frame.mutable_post()->set_n(wish.n.value);
  frame.mutable_post()->set_text(wish.text);
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const received_wish& wish) {
  if (spoken == encoding::json) {
    return fmt::format(R"({{"t":"received","conversation":"{}","seq":{}}})",
                       to_text(wish.conversation), wish.seq.value);
  }
  v1::client_frame frame;
  frame.mutable_received()->set_conversation(wish.conversation.value);
  frame.mutable_received()->set_seq(wish.seq.value);
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const history_wish& wish) {
  if (spoken == encoding::json) {
    return fmt::format(R"({{"t":"history","id":{},"conversation":"{}","after":{},"limit":{}}})",
                       wish.id, to_text(wish.conversation), wish.after.value, wish.limit);
  }
  v1::client_frame frame;
  v1::history& asked = *frame.mutable_history();
  asked.set_id(wish.id);
  asked.set_conversation(wish.conversation.value);
  asked.set_after(wish.after.value);
  asked.set_limit(wish.limit);
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const accept_wish& wish) {
  if (spoken == encoding::json) {
    return fmt::format(R"({{"t":"status","id":{},"status":"accepting","capacity":{}}})", wish.id,
                       wish.capacity);
  }
  v1::client_frame frame;
  frame.mutable_status()->set_id(wish.id);
  frame.mutable_status()->set_status(v1::ROUTING_STATUS_ACCEPTING);
  frame.mutable_status()->set_capacity(wish.capacity);
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const close_wish& wish) {
  if (spoken == encoding::json) {
    return fmt::format(R"({{"t":"close","id":{},"conversation":"{}"}})", wish.id,
                       to_text(wish.conversation));
  }
  v1::client_frame frame;
  frame.mutable_close()->set_id(wish.id);
  frame.mutable_close()->set_conversation(wish.conversation.value);
  return frame.SerializeAsString();
}

std::string said(encoding spoken, const pong_wish&) {
  if (spoken == encoding::json) return R"({"t":"pong"})";
  v1::client_frame frame;
  frame.mutable_pong();
  return frame.SerializeAsString();
}

heard heard_in(encoding spoken, std::string_view bytes) {
  return spoken == encoding::json ? heard_in_json(bytes) : heard_in_protobuf(bytes);
}

}  // namespace frontdesk::bench
