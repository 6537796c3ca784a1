// What it takes to write and to read a frame, in both encodings side by side.
//
//     ninja -C build/release frame_benchmark && build/release/frame_benchmark

#include "tests/client/protobuf_speech.hpp"
#include "wire/frame_codec.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace frontdesk {
namespace {

constexpr conversation_id parcel{0x5c1f00d2a94be311};
constexpr timestamp noon{1763683200000};

encoding spoken(const benchmark::State& state) {
  return state.range(0) == 0 ? encoding::json : encoding::protobuf;
}

template <class Frame>
void write(benchmark::State& state, const Frame& what) {
  std::size_t bytes = 0;
  for (auto round : state) {
    const std::string written = write_frame(spoken(state), what);
    benchmark::DoNotOptimize(written.data());
    bytes = written.size();
  }
  state.SetLabel(subprotocols[index_of(spoken(state))].data());
  state.counters["bytes"] = static_cast<double>(bytes);
}

void write_event(benchmark::State& state) {
  event said;
  said.conversation = parcel;
  said.seq = sequence{12};
  said.time = noon;
  said.author = {person_kind::visitor, 0x8badf00dcafe4242};
  said.text = std::string(128, 'x');
  write(state, said);
}

void write_ack(benchmark::State& state) {
  write(state, frame::ack{parcel, post_number{3}, track::visible, sequence{12}, noon});
}

void read_post(benchmark::State& state) {
  const std::string text = R"({"t":"post","conversation":"5c1f00d2a94be311","n":3,"text":")" +
                           std::string(128, 'x') + "\"}";
  const bool is_json = spoken(state) == encoding::json;
  const std::string bytes = is_json ? text : client::in_protobuf(text);
  for (auto round : state) {
    const auto read = read_frame(spoken(state), bytes);
    benchmark::DoNotOptimize(read.index());
  }
  state.SetLabel(subprotocols[index_of(spoken(state))].data());
  state.counters["bytes"] = static_cast<double>(bytes.size());
}

BENCHMARK(write_event)->Arg(0)->Arg(1);
BENCHMARK(write_ack)->Arg(0)->Arg(1);
BENCHMARK(read_post)->Arg(0)->Arg(1);

}  // namespace
}  // namespace frontdesk
