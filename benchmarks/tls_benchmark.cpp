// What TLS costs the server's half of a connection: handshakes per second of one core, with an
// elliptic and with an RSA key, and records of several sizes. The client's half is not counted, nor
// is any socket: both ends lie in memory.
//
//     cmake --preset release && ninja -C build/release tls_benchmark && build/release/tls_benchmark
//
// What an idle connection costs in memory is printed by `net_test --gtest_filter='TlsCost*'`.

#include "net/tls/tls_stream.hpp"
#include "tests/net/self_signed.hpp"
#include "tests/storage/temp_folder.hpp"

#include <benchmark/benchmark.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <utility>

namespace frontdesk {
namespace {

using kinds = stream_result::kinds;

struct wire {
  std::string to_server;
  std::string to_client;
};

/// The server's end of a wire that takes everything.
class wire_stream final : public byte_stream {
 public:
  explicit wire_stream(wire& line) : line_(line) {}

  stream_result read_some(std::span<char> room) override {
    const std::size_t bytes = std::min(room.size(), line_.to_server.size());
    std::memcpy(room.data(), line_.to_server.data(), bytes);
    line_.to_server.erase(0, bytes);
    return {bytes > 0 ? kinds::moved : kinds::would_block, bytes};
  }
  stream_result write_some(std::span<const std::string_view> pieces) override {
    std::size_t bytes = 0;
    for (const std::string_view piece : pieces) {
      line_.to_client += piece;
      bytes += piece.size();
    }
    return {kinds::moved, bytes};
  }
  void wait_readable(std::shared_ptr<stream_waiter>) override {}
  void wait_writable(std::shared_ptr<stream_waiter>) override {}
  void end_writing() override {}
  void close() override {}
  void abort() override {}

 private:
  wire& line_;
};

/// A client in memory.
class wire_client {
 public:
  explicit wire_client(wire& line)
      : line_(line),
        context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
        session_(SSL_new(context_.get()), &SSL_free) {
    SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(session_.get());
  }

  void turn() {
    const std::string heard = std::exchange(line_.to_client, {});
    BIO_write(SSL_get_rbio(session_.get()), heard.data(), static_cast<int>(heard.size()));
    SSL_do_handshake(session_.get());
    BIO* const out = SSL_get_wbio(session_.get());
    std::string said(BIO_ctrl_pending(out), '\0');
    BIO_read(out, said.data(), static_cast<int>(said.size()));
    line_.to_server += said;
  }
  bool is_ready() const { return SSL_is_init_finished(session_.get()) == 1; }

 private:
  wire& line_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> session_;
};

std::shared_ptr<const tls_certificate> certificate_with(bool is_rsa) {
  const temp_folder folder;
  const auto files = make_self_signed(folder.path(""), {.is_rsa = is_rsa});
  return tls_certificate::load({files.certificate, files.key}).certificate;
}

/// Seconds of a core that this thread has had: what others do on the machine does not count.
double seconds_now() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Shakes hands; the answer is the server's time.
double meet(wire_client& client, byte_stream& server) {
  double spent = 0;
  std::array<char, 4096> room;
  while (!client.is_ready()) {
    client.turn();
    const double begin = seconds_now();
    server.read_some(room);
    spent += seconds_now() - begin;
  }
  return spent;
}

void handshake(benchmark::State& state) {
  const auto certificate = certificate_with(state.range(0) == 1);
  boost::asio::io_context thread;
  for (auto _ : state) {
    wire line;
    wire_client client(line);
    const double begin = seconds_now();
    tls_stream server(std::make_unique<wire_stream>(line), thread, *certificate);
    const double made = seconds_now() - begin;
    state.SetIterationTime(made + meet(client, server));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(handshake)->ArgName("rsa")->Arg(0)->Arg(1)->UseManualTime();

void record(benchmark::State& state) {
  const auto certificate = certificate_with(false);
  boost::asio::io_context thread;
  wire line;
  wire_client client(line);
  tls_stream server(std::make_unique<wire_stream>(line), thread, *certificate);
  meet(client, server);
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  const std::string_view piece = text;
  for (auto _ : state) {
    benchmark::DoNotOptimize(server.write_some({&piece, 1}));
    line.to_client.clear();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(record)->ArgName("bytes")->Arg(200)->Arg(2'000)->Arg(16'384);

}  // namespace
}  // namespace frontdesk
