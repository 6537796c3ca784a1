#include "storage/apply.hpp"

#include "storage/layout.hpp"
#include "wire/record.hpp"

namespace frontdesk {

namespace {

// One function for each kind of record; a new kind does not compile until it has its row.
struct row_of {
  write operator()(const event_record& r) const {
    return {family::log, event_key(r.tenant, r.what), to_bytes(r.what)};
  }
  write operator()(const head& h) const {
    return {family::head, head_key({h.tenant, h.conversation}), to_bytes(h)};
  }
  write operator()(const window_record& r) const {
    const conversation_name name{r.tenant, r.conversation};
    return {family::dedupe, window_key(name, r.window.author, r.window.device), to_bytes(r.window)};
  }
  write operator()(const cursor_record& r) const {
    return {family::cursor, cursor_key({r.tenant, r.conversation}, r.reader), to_bytes(r.at)};
  }
  write operator()(const index_row& r) const {
    return {family::index, index_key(r), {}, r.removed};
  }
  write operator()(const number_record& r) const {
    return {family::meta, number_key(r.tenant), number_to_bytes(r.number)};
  }
  write operator()(const tenant& t) const { return {family::directory, key_of(t), to_bytes(t)}; }
  write operator()(const inbox& i) const { return {family::directory, key_of(i), to_bytes(i)}; }
  write operator()(const agent& a) const { return {family::directory, key_of(a), to_bytes(a)}; }
  write operator()(const quarantined_record& r) const {
    return {family::meta, quarantined_key(r.what.tenant, r.what.id),
            r.removed ? std::string{} : to_bytes(r.what), r.removed};
  }
  write operator()(const audit_entry& r) const {
    return {family::audit, audit_key(r.number), to_bytes(r)};
  }
  write operator()(const audit_trim& r) const {
    return {family::audit, audit_key({}), {}, true, audit_key(r.before)};
  }
};

}  // namespace

write_set apply(const batch& what) {
  write_set rows;
  rows.reserve(what.records.size());
  for (const record& r : what.records) {
    rows.push_back(std::visit(row_of{}, r));
  }
  return rows;
}

}  // namespace frontdesk
