#pragma once

#include "model/batch.hpp"
#include "wire/frame.hpp"

#include <cstdint>
#include <random>
#include <string>

namespace frontdesk {

/// The seed of this run: FRONTDESK_SEED from the environment, or 1. Tests print it on failure.
std::uint64_t seed_of_this_run();

/// Values drawn from a seed, of every kind and at every bound: small, great, empty, full.
class random_values {
 public:
  explicit random_values(std::uint64_t seed) : random_(seed) {}

  std::uint64_t up_to(std::uint64_t greatest);
  bool chance(unsigned percent);
  /// Any 64 bits, often few of them.
  std::uint64_t bits();
  /// UTF-8: letters, controls, and characters of every length.
  std::string text(std::size_t bytes_max);

  conversation_id conversation();
  device_id device();
  person_id person();
  named_person named();
  sequence position();
  timestamp time();
  cursor read_up_to();

  file_ref a_file();
  event an_event();
  head a_head();
  post_window a_window();
  tenant a_tenant();
  inbox an_inbox();
  agent an_agent();
  quarantined_record a_quarantined_one();
  audit_entry a_deed();
  record a_record();
  batch a_batch();

  frame::from_client a_client_frame();
  frame::summary a_summary();
  /// Gives one of the server's frames to `visit`.
  template <class Visit>
  void a_server_frame(Visit visit);

  /// The bytes with a few of them turned, lost, repeated or put elsewhere.
  std::string damaged(std::string bytes);

 private:
  template <class Enum>
  Enum between(Enum first, Enum last) {
    const auto from = static_cast<std::uint64_t>(first);
    return static_cast<Enum>(from + up_to(static_cast<std::uint64_t>(last) - from));
  }
  post_answer an_answer();
  track a_track();
  frame::post a_post();
  frame::from_client a_frame_about_one();
  frame::from_client a_request();
  std::vector<frame::summary> summaries();
  std::vector<conversation_id> conversations();
  std::uint32_t small() { return static_cast<std::uint32_t>(bits()); }
  frame::welcome a_welcome();
  frame::roster a_roster();
  frame::page a_page();
  frame::listed a_list();
  frame::agents_seen agents_seen();
  frame::ping a_ping();
  frame::refused a_refusal();
  frame::counts totals() { return {bits() & 0xffff, bits() & 0xffff, bits() & 0xffff}; }
  frame::me routing();

  std::mt19937_64 random_;
};

template <class Visit>
void random_values::a_server_frame(Visit visit) {
  switch (up_to(16)) {
    case 0:
      return visit(a_welcome());
    case 1:
      return visit(a_roster());
    case 2:
      return visit(a_page());
    case 3:
      return visit(a_list());
    case 4:
      return visit(agents_seen());
    case 5:
      return visit(a_ping());
    case 6:
      return visit(a_refusal());
    case 7:
      return visit(frame::desk{summaries(), conversations(), totals()});
    case 8:
      return visit(
          frame::ack{conversation(), post_number{position().value}, a_track(), position(), time()});
    case 9:
      return visit(frame::cursor_moved{conversation(), person(), read_up_to()});
    case 10:
      return visit(frame::typing_seen{conversation(), person(), chance(50), text(40)});
    case 11:
      return visit(frame::presence{conversation(), person(), chance(50)});
    case 12:
      return visit(frame::place{conversation(), small()});
    case 13:
      return visit(routing());
    case 14:
      return visit(frame::gap{conversation(), a_track()});
    case 15:
      return visit(frame::finished{small()});
    default:
      return visit(frame::mode{static_cast<unsigned>(up_to(3))});
  }
}

}  // namespace frontdesk
