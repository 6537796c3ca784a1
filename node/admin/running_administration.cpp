#include "node/admin/running_administration.hpp"

#include "node/checkpoint.hpp"
#include "storage/audit_trail.hpp"
#include "storage/number_search.hpp"
#include "storage/reader.hpp"

#include <future>
#include <utility>

namespace frontdesk {

namespace {

// What another thread will say. The promise is shared, because it may come after we gave up.
template <class T>
class answer {
 public:
  auto hear() const {
    return [said = said_](fault_or<T> what) { said->set_value(std::move(what)); };
  }
  fault_or<T> wait(std::chrono::milliseconds patience = administration::answer_max) {
    auto heard = said_->get_future();
    if (heard.wait_for(patience) != std::future_status::ready) {
      return fault_code::busy;
    }
    return heard.get();
  }

 private:
  std::shared_ptr<std::promise<fault_or<T>>> said_ = std::make_shared<std::promise<fault_or<T>>>();
};

}  // namespace

fault_or<directory_change> running_administration::change(directory_change what) {
  answer<directory_change> recorded;
  parts_.actors.change(std::move(what), recorded.hear());
  return recorded.wait();
}

fault_or<std::string> running_administration::hash(std::string password) {
  answer<std::string> hashed;
  if (const auto begun = parts_.door.hash_password(std::move(password), hashed.hear()); !begun) {
    return begun.error();
  }
  return hashed.wait();
}

fault_or<std::vector<quarantined>> running_administration::quarantine_of(tenant_id whose) {
  return reader(parts_.rows).read_quarantine(whose);
}

fault_or<done> running_administration::discard_quarantined(tenant_id whose, quarantine_id which) {
  answer<done> recorded;
  parts_.actors.discard_quarantined(whose, which, recorded.hear());
  return recorded.wait();
}

fault_or<done> running_administration::pin_tier(std::optional<unsigned> tier,
                                                std::chrono::milliseconds time) {
  answer<done> held;
  parts_.actors.pin_tier(tier, time, held.hear());
  return held.wait();
}

fault_or<done> running_administration::admit_deed() {
  return parts_.audit.admit(std::chrono::steady_clock::now());
}

fault_or<done> running_administration::audit(const audit_entry& what,
                                             std::chrono::milliseconds patience) {
  return parts_.audit.note(what, patience);
}

fault_or<audit_page> running_administration::read_audit(const audit_query& query) {
  return frontdesk::read_audit(parts_.rows, query);
}

fault_or<audited> record_audit(desk& by, audit_entry what, std::chrono::milliseconds patience) {
  answer<audited> recorded;
  by.audit(std::move(what), recorded.hear());
  return recorded.wait(patience);
}

fault_or<conversation_id> running_administration::conversation_numbered(tenant_id whose,
                                                                        std::uint64_t number) {
  return frontdesk::conversation_numbered(parts_.rows, whose, number);
}

fault_or<done> running_administration::make_checkpoint() {
  return frontdesk::make_checkpoint(parts_.folder, parts_.rows, parts_.files);
}

}  // namespace frontdesk
