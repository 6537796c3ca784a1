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
  record a_record();
  batch a_batch();

  frame::from_client a_client_frame();
  frame::summary a_summary();

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

  std::mt19937_64 random_;
};

}  // namespace frontdesk
