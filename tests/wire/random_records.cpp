#include "model/limits.hpp"
#include "tests/wire/random_values.hpp"

namespace frontdesk {

audit_entry random_values::a_deed() {
  audit_entry e;
  e.number = audit_number{bits()};
  e.time = time();
  e.who = {between(audit_origin::none, audit_origin::node), small(), text(limits::name_bytes_max)};
  e.action = text(limits::audit_word_bytes_max);
  e.target = text(limits::audit_value_bytes_max);
  for (std::uint64_t count = up_to(4); count > 0; --count)
    e.parameters.emplace_back("p" + std::to_string(count), text(limits::audit_value_bytes_max));
  e.outcome = text(limits::audit_word_bytes_max);
  e.times = bits();
  e.last = time();
  return e;
}

record random_values::a_record() {
  const tenant_id tenant{static_cast<std::uint32_t>(bits())};
  switch (up_to(11)) {
    case 0:
      return event_record{tenant, an_event()};
    case 1:
      return a_head();
    case 2:
      return window_record{tenant, conversation(), a_window()};
    case 3:
      return cursor_record{tenant, conversation(), person(), read_up_to()};
    case 4:
      return index_row{between(index_kind::member, index_kind::closed),
                       tenant,
                       person(),
                       team_id{static_cast<std::uint32_t>(bits())},
                       bits(),
                       conversation(),
                       chance(50)};
    case 5:
      return number_record{tenant, bits()};
    case 6:
      return a_tenant();
    case 7:
      return an_inbox();
    case 8:
      return a_quarantined_one();
    case 9:
      return a_deed();
    case 10:
      return audit_trim{audit_number{bits()}};
    default:
      return an_agent();
  }
}

batch random_values::a_batch() {
  batch b;
  for (std::uint64_t count = up_to(12); count > 0; --count)
    b.records.push_back(a_record());
  return b;
}

}  // namespace frontdesk
