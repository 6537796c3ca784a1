#include "storage/rocks_store.hpp"
#include "tests/storage/kept_desk.hpp"
#include "tests/storage/mortal_disk.hpp"
#include "tests/storage/ready_store.hpp"
#include "tests/storage/temp_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace frontdesk {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

constexpr std::uint64_t steps_of_a_life = 400;
constexpr std::uint64_t conversation = 1;

/// What no compression makes smaller.
std::string noise(std::uint64_t seed) {
  std::string text;
  for (std::uint64_t i = 0; text.size() < 3000; ++i) {
    text += static_cast<char>(mixed(seed << 20U | i) % 95 + 32);
  }
  return text;
}

/// One store over several lives. Each ends at a step that is drawn, of an opening or of the writing
/// after it, and the next begins on what the disk has then.
class mortal_store {
 public:
  mortal_store(std::uint64_t seed, const temp_folder& where)
      : random_(seed), where_(where), disk_(std::make_unique<mortal_disk>(ready_store(where))) {}

  /// Lives until it dies. Whoever notices late goes on over the ghost of its disk.
  void lives() {
    const std::string next = where_.path(fmt::format("store{}", ++lives_count_));
    const bool is_kill = random_() % 3 == 0;
    std::atomic<bool> is_dead = false;
    std::uint64_t surely = 0;
    std::uint64_t perhaps = 0;
    mortal_disk::synced_sizes synced;
    disk_->at_step(1 + random_() % steps_of_a_life, [&] {
      surely = acked_;
      perhaps = posted_;
      if (is_kill) {
        synced = disk_->is_killed(next);
      } else {
        disk_->loses_power(next, random_);
      }
      is_dead = true;
    });
    if (const auto store = opens()) writes(*store, is_dead);
    ASSERT_TRUE(is_dead || testing::Test::HasFailure());
    acked_ = surely;
    posted_ = perhaps;
    texts_.resize(std::min<std::size_t>(texts_.size(), perhaps));
    disk_ = std::make_unique<mortal_disk>(next, synced);
    was_killed_ = is_kill;
  }

  std::uint64_t acked_count() const { return acked_; }

 private:
  std::unique_ptr<rocks_store> opens() {
    rocks_options options;
    options.folder = disk_->folder();
    options.disk = disk_->file_system();
    options.write_buffer_bytes = 32 * 1024;
    // Sometimes there is no room for the tables of an opening, and it leaves the log as it is.
    is_full_ = was_killed_ && random_() % 2 == 0;
    options.release_reserve = [this] { is_full_ = false; };
    options.fault = [this](disk_step, std::string_view file) {
      return is_full_ && file.ends_with(".sst") ? disk_fault::no_space : disk_fault::none;
    };
    auto opened = open_rocks_store(options);
    is_full_ = false;
    if (const auto* why = std::get_if<open_failure>(&opened)) {
      ADD_FAILURE() << "life " << lives_count_ << ": " << why->sentence;
      return nullptr;
    }
    return std::get<0>(std::move(opened));
  }

  void writes(rocks_store& store, const std::atomic<bool>& is_dead) {
    kept::desk desk(store);
    finds(desk.reads());
    while (!is_dead && !testing::Test::HasFailure()) {
      const std::string text = posted_ == 0 ? "hello" : noise(random_text_++);
      texts_.push_back(text);
      ++posted_;
      if (posted_ == 1) {
        desk.opens(conversation, kept::desk::ada, 1000);
      } else {
        desk.says(conversation, track::visible, text);
      }
      ++acked_;
    }
  }

  // All that was acknowledged, of the rest any first part, each as it was posted. What is found may
  // be shown to somebody from now on, so it is as good as acknowledged.
  void finds(reader& reads) {
    const auto head = reads.read_head(kept::desk::name(conversation)).value();
    const std::uint64_t found = head.visible.value;
    ASSERT_GE(found, acked_) << "lost in life " << lives_count_;
    ASSERT_LE(found, posted_);
    texts_.resize(found);
    page_range range;
    for (std::uint64_t seq = 0; seq < found; seq = range.after.value) {
      range.after = sequence{seq};
      const auto page = reads.read_page(kept::desk::name(conversation), range).value();
      ASSERT_FALSE(page.empty());
      for (const event& each : page) {
        ASSERT_EQ(each.seq.value, ++range.after.value);
        ASSERT_EQ(each.text, texts_.at(each.seq.value - 1));
      }
    }
    posted_ = found;
    acked_ = found;
  }

  std::mt19937_64 random_;
  const temp_folder& where_;
  std::unique_ptr<mortal_disk> disk_;
  /// By their seq, from 1. The counts are read by the thread on which the store dies.
  std::vector<std::string> texts_;
  std::atomic<std::uint64_t> posted_ = 0;
  std::atomic<std::uint64_t> acked_ = 0;
  std::uint64_t random_text_ = 0;
  unsigned lives_count_ = 0;
  bool was_killed_ = false;
  std::atomic<bool> is_full_ = false;
};

TEST(PowerCut, LosesNothingThatWasAcknowledged) {
  const std::uint64_t first = number_from("FRONTDESK_SEED", std::random_device{}());
  const std::uint64_t seeds = number_from("FRONTDESK_POWER_CUTS", 6);
  constexpr unsigned lives = 5;
  std::uint64_t acked = 0;
  for (std::uint64_t seed = first; seed < first + seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("FRONTDESK_SEED={} FRONTDESK_POWER_CUTS=1", seed));
    const temp_folder folder;
    mortal_store store(seed, folder);
    for (unsigned life = 0; life < lives && !testing::Test::HasFailure(); ++life) {
      store.lives();
    }
    acked += store.acked_count();
  }
  fmt::print("{} stores of {} lives, {} posts acknowledged\n", seeds, lives, acked);
}

}  // namespace
}  // namespace frontdesk
