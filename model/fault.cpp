#include "model/fault.hpp"

#include <algorithm>
#include <array>

namespace frontdesk {

namespace {

using enum fault_code;

constexpr std::array faults{
    fault_entry{not_json, "not_json", "The frame is not a JSON object.", false, 400},
    fault_entry{bad_frame, "bad_frame", "The frame lacks a field or has one of another type.",
                false, 400},
    fault_entry{unknown_frame, "unknown_frame", "There is no frame of this name.", false, 400},
    fault_entry{bad_value, "bad_value", "A field's value is out of its range.", false, 400},
    fault_entry{too_large, "too_large", "This is larger than the desk accepts.", false, 413},
    fault_entry{bad_token, "bad_token", "The token is not one of this desk's.", false, 401},
    fault_entry{token_expired, "token_expired", "The token has expired.", false, 401},
    fault_entry{forbidden, "forbidden", "You may not do this.", false, 403},
    fault_entry{bad_credentials, "bad_credentials", "E-mail or password is wrong.", false, 401},
    fault_entry{unknown_conversation, "unknown_conversation", "There is no such conversation.",
                false, 404},
    fault_entry{unknown_agent, "unknown_agent", "There is no such agent.", false, 404},
    fault_entry{unknown_inbox, "unknown_inbox", "There is no inbox with this key.", false, 404},
    fault_entry{not_found, "not_found", "There is nothing here.", false, 404},
    fault_entry{already_exists, "already_exists", "There is one already.", false, 409},
    fault_entry{empty_text, "empty_text", "The text is empty.", false, 400},
    fault_entry{text_too_long, "text_too_long", "The text is longer than 32 KiB.", false, 413},
    fault_entry{text_not_clean, "text_not_clean", "The text contains control characters.", false,
                400},
    fault_entry{out_of_order, "out_of_order", "This is not the device's next post number.", false,
                409},
    fault_entry{conflict, "conflict", "This number was used for another post.", false, 409},
    fault_entry{unknown_message, "unknown_message",
                "There is no such message, or it is not yours to change.", false, 404},
    fault_entry{unknown_file, "unknown_file", "There is no such file that you may send.", false,
                404},
    fault_entry{file_type, "file_type", "Files of this kind are not taken.", false, 415},
    fault_entry{quarantined, "quarantined",
                "The desk failed at this twice and will not take it; say it otherwise.", false,
                422},
    fault_entry{conversation_closed, "conversation_closed", "The conversation is closed.", false,
                409},
    fault_entry{conversation_open, "conversation_open", "A conversation is open already.", false,
                409},
    fault_entry{agent_unavailable, "agent_unavailable", "The agent takes no conversation now.",
                false, 409},
    fault_entry{rate_limited, "rate_limited", "Too fast; wait a little.", true, 429},
    fault_entry{busy, "busy", "The desk is busy; try again.", true, 503},
    fault_entry{overload, "overload", "The desk is overloaded; try later.", true, 503},
    fault_entry{not_ready, "not_ready", "The desk is not ready yet.", true, 503},
    fault_entry{internal, "internal", "Something failed here; try again.", true, 500},
    fault_entry{storage_full, "storage_full", "The desk's disk is full; nothing was recorded.",
                true, 507},
    fault_entry{storage_failed, "storage_failed", "The desk could not record this.", true, 503},
    fault_entry{fenced, "fenced", "A later owner writes here.", true, 503},
    fault_entry{outcome_unknown, "outcome_unknown", "It is not known yet whether it was recorded.",
                true, 503},
};

}  // namespace

std::span<const fault_entry> all_faults() {
  return faults;
}

const fault_entry& entry_of(fault_code code) {
  const auto by_code = [](const fault_entry& e) { return e.code; };
  const auto it = std::ranges::find(faults, code, by_code);
  return it != faults.end() ? *it : *std::ranges::find(faults, fault_code::internal, by_code);
}

std::string_view reason_of(close_code code) {
  switch (code) {
    case close_code::drain:
      return "drain";
    case close_code::internal:
      return "internal";
    case close_code::slow:
      return "slow";
    case close_code::no_pong:
      return "no_pong";
    case close_code::moved:
      return "moved";
    case close_code::overload:
      return "overload";
    case close_code::rate_limited:
      return "rate_limited";
    case close_code::token_expired:
      return "token_expired";
    case close_code::token_revoked:
      return "token_revoked";
    case close_code::bad_request:
      return "bad_request";
    case close_code::bad_token:
      return "bad_token";
    case close_code::no_hello:
      return "no_hello";
    case close_code::connection_limit:
      return "connection_limit";
    case close_code::version:
      return "version";
    case close_code::forbidden:
      return "forbidden";
    case close_code::too_large:
      return "too_large";
    case close_code::replaced:
      return "replaced";
    case close_code::too_many_faults:
      return "too_many_faults";
  }
  return "internal";
}

}  // namespace frontdesk
