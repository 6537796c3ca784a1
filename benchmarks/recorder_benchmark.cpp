// What a commit costs: posts per second through the commit log of one machine over RocksDB, each
// commit synced, against the posts that share a commit. A post is what a conversation records of
// it: the event, the head and the device's answers.
//
//     cmake --preset release && ninja -C build/release recorder_benchmark
//     TMPDIR=/on/the/disk/to/measure build/release/recorder_benchmark
//
// `items_per_second` are posts. The disk decides: look at one post for each commit first.

#include "storage/local_log.hpp"
#include "storage/rocks_store.hpp"
#include "tests/storage/temp_folder.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace frontdesk {
namespace {

constexpr tenant_id shop{1};
constexpr std::uint64_t conversations_count = 1000;
constexpr std::uint16_t shards_count = 64;

class recording {
 public:
  recording() {
    rocks_options options;
    options.folder = folder_.path("store");
    store_ = std::move(std::get<std::unique_ptr<rocks_store>>(open_rocks_store(options)));
    log_ = make_local_log(*store_, {});
    for (std::uint16_t i = 0; i < shards_count; ++i) {
      owners_.push_back(log_->claim(shard_id{i}).value());
    }
  }

  /// One commit with so many posts, spread over conversations and shards; false: it failed.
  bool commit(std::int64_t posts_count) {
    std::map<std::uint16_t, log_entry> by_shard;
    for (std::int64_t i = 0; i < posts_count; ++i) {
      const std::uint64_t conversation = ++posts_count_ % conversations_count;
      const auto shard = static_cast<std::uint16_t>(conversation % shards_count);
      add_post(by_shard[shard].what, conversation);
    }
    std::vector<log_entry> entries;
    for (auto& [shard, entry] : by_shard) {
      claimed_shard& mine = owners_[shard];
      entry.shard = shard_id{shard};
      entry.owner = mine.owner;
      entry.index = mine.last = log_index{mine.last.value + 1};
      entries.push_back(std::move(entry));
    }
    append_outcome outcome = append_outcome::unknown;
    log_->append(std::move(entries), [&outcome](append_outcome o) { outcome = o; });
    return outcome == append_outcome::committed;
  }

 private:
  void add_post(batch& to, std::uint64_t number) {
    const conversation_id where{number + 1};
    const person_id visitor{person_kind::visitor, number + 1};
    const device_id device{1, number + 1};
    const sequence seq{posts_count_ / conversations_count + 1};
    event said;
    said.conversation = where;
    said.seq = seq;
    said.time = timestamp{1'769'860'800'000};
    said.author = visitor;
    said.text = text_;
    said.device = device;
    said.n = post_number{seq.value};
    head at;
    at.tenant = shop;
    at.conversation = where;
    at.number = number + 1;
    at.visitor = {visitor, "A visitor"};
    at.visible = seq;
    at.last = {at.visible, visitor, text_, said.time};
    window_record answers{shop, where, {visitor, device, {}}};
    to.records.emplace_back(event_record{shop, std::move(said)});
    to.records.emplace_back(std::move(at));
    to.records.emplace_back(std::move(answers));
  }

  const std::string text_ = std::string(128, 'x');
  temp_folder folder_;
  std::unique_ptr<rocks_store> store_;
  std::unique_ptr<commit_log> log_;
  std::vector<claimed_shard> owners_;
  std::uint64_t posts_count_ = 0;
};

void Commit(benchmark::State& state) {
  recording into;
  for (auto _ : state) {
    if (!into.commit(state.range(0))) {
      state.SkipWithError("not committed");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(Commit)->Arg(1)->Arg(10)->Arg(100)->Arg(1000)->UseRealTime();

}  // namespace
}  // namespace frontdesk
