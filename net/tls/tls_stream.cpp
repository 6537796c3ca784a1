#include "net/tls/tls_stream.hpp"

#include <boost/asio/post.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace frontdesk {

namespace {

using kinds = stream_result::kinds;

constexpr std::string_view plain_http_answer =
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 62\r\n"
    "Connection: close\r\n"
    "\r\n"
    "This port speaks HTTPS: begin the address with https:// here.\n";
static_assert(plain_http_answer.size() - plain_http_answer.find("\r\n\r\n") - 4 == 62);

// ---- The stream below, as OpenSSL sees it.

byte_stream& below_of(BIO* bio) {
  return *static_cast<byte_stream*>(BIO_get_data(bio));
}

int read_below(BIO* bio, char* room, int size) {
  BIO_clear_retry_flags(bio);
  const auto got = below_of(bio).read_some({room, static_cast<std::size_t>(size)});
  switch (got.kind) {
    case kinds::moved:
      return static_cast<int>(got.bytes);
    case kinds::would_block:
      BIO_set_retry_read(bio);
      return -1;
    case kinds::ended:
      BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
      return 0;
    case kinds::failed:
      return -1;
  }
  return -1;
}

int write_below(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const std::string_view piece(bytes, static_cast<std::size_t>(size));
  const auto put = below_of(bio).write_some({&piece, 1});
  if (put.kind == kinds::moved) {
    return static_cast<int>(put.bytes);
  }
  if (put.kind == kinds::would_block) {
    BIO_set_retry_write(bio);
  }
  return -1;
}

long control_below(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_EOF:
      return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    // Nothing is kept here, so there is nothing to be flushed.
    case BIO_CTRL_FLUSH:
      return 1;
    default:
      return 0;
  }
}

BIO_METHOD* make_method() {
  BIO_METHOD* const method =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "byte_stream");
  if (method == nullptr) {
    throw std::bad_alloc();
  }
  BIO_meth_set_read(method, &read_below);
  BIO_meth_set_write(method, &write_below);
  BIO_meth_set_ctrl(method, &control_below);
  return method;
}

void put_below(SSL* session, byte_stream& below) {
  static const std::unique_ptr<BIO_METHOD, void (*)(BIO_METHOD*)> method(make_method(),
                                                                         &BIO_meth_free);
  BIO* const bio = BIO_new(method.get());
  if (bio == nullptr) {
    throw std::bad_alloc();
  }
  BIO_set_data(bio, &below);
  BIO_set_init(bio, 1);
  SSL_set_bio(session, bio, bio);
}

bool is_plain_http() {
  const unsigned long error = ERR_peek_error();
  return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST;
}

}  // namespace

/// Who waits for one direction below: the reader, the writer or both of them. Owned by the waiting
/// alone, so that whoever waits goes with it.
class tls_stream::awaited final : public stream_waiter {
 public:
  void on_readable() override { call(); }
  void on_writable() override { call(); }

  bool is_over() const { return is_over_; }

  std::shared_ptr<stream_waiter> reader;
  std::shared_ptr<stream_waiter> writer;

 private:
  void call() {
    // Who is called may wait again, which is another waiting.
    is_over_ = true;
    const auto reads = std::move(reader);
    const auto writes = std::move(writer);
    if (reads) {
      reads->on_readable();
    }
    if (writes) {
      writes->on_writable();
    }
  }

  bool is_over_ = false;
};

tls_stream::tls_stream(std::unique_ptr<byte_stream> below, boost::asio::io_context& thread,
                       const tls_certificate& certificate)
    : below_(std::move(below)), thread_(thread), session_(certificate.begin()) {
  put_below(session_.get(), *below_);
}

tls_stream::~tls_stream() {
  tls_stream::close();
}

stream_result tls_stream::read_some(std::span<char> room) {
  assert(!room.empty());
  has_more_ = false;
  if (has_failed_) {
    return {kinds::failed, 0};
  }
  std::size_t bytes = 0;
  // As long as whole records may lie in OpenSSL already: no readiness would tell of them.
  do {
    ERR_clear_error();
    std::size_t got = 0;
    const auto rest = room.subspan(bytes);
    const int answer = SSL_read_ex(session_.get(), rest.data(), rest.size(), &got);
    if (answer != 1) {
      const stream_result why = result_of(answer, read_needs_);
      if (bytes == 0) {
        return why;
      }
      // What was read comes first; an end or a failure is told by the next read.
      has_more_ = why.kind != kinds::would_block;
      return {kinds::moved, bytes};
    }
    bytes += got;
  } while (bytes < room.size() && SSL_has_pending(session_.get()) == 1);
  has_more_ = SSL_has_pending(session_.get()) == 1;
  return {kinds::moved, bytes};
}

stream_result tls_stream::write_some(std::span<const std::string_view> pieces) {
  assert(pieces.size() <= pieces_max);
  if (has_failed_) {
    return {kinds::failed, 0};
  }
  // One record out of all pieces: each would cost its own head, seal and system call.
  std::array<char, SSL3_RT_MAX_PLAIN_LENGTH> record;
  const std::size_t at_most = held_bytes_ > 0 ? held_bytes_ : record.size();
  std::size_t bytes = 0;
  for (const std::string_view piece : pieces) {
    const std::size_t some = std::min(piece.size(), at_most - bytes);
    std::memcpy(record.data() + bytes, piece.data(), some);
    bytes += some;
  }
  assert(bytes > 0 && (held_bytes_ == 0 || bytes == held_bytes_));
  ERR_clear_error();
  std::size_t put = 0;
  const int answer = SSL_write_ex(session_.get(), record.data(), bytes, &put);
  if (answer == 1) {
    held_bytes_ = 0;
    return {kinds::moved, put};
  }
  stream_result why = result_of(answer, write_needs_);
  if (why.kind == kinds::would_block) {
    // Encrypted, or about to be: either way the same bytes come again.
    held_bytes_ = bytes;
    why.bytes = bytes;
  }
  return why;
}

stream_result tls_stream::result_of(int answer, directions& needs) {
  switch (SSL_get_error(session_.get(), answer)) {
    case SSL_ERROR_WANT_READ:
      needs = directions::reading;
      return {kinds::would_block, 0};
    case SSL_ERROR_WANT_WRITE:
      needs = directions::writing;
      return {kinds::would_block, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {kinds::ended, 0};
    default:
      return fail();
  }
}

stream_result tls_stream::fail() {
  has_failed_ = true;
  if (is_plain_http()) {
    // So few bytes are taken at once, or the peer has to do without.
    static_cast<void>(below_->write_some({&plain_http_answer, 1}));
  }
  ERR_clear_error();
  return {kinds::failed, 0};
}

void tls_stream::wait_readable(std::shared_ptr<stream_waiter> who) {
  if (has_more_) {
    boost::asio::post(thread_, [who = std::move(who)] { who->on_readable(); });
    return;
  }
  await_below(read_needs_)->reader = std::move(who);
}

void tls_stream::wait_writable(std::shared_ptr<stream_waiter> who) {
  await_below(write_needs_)->writer = std::move(who);
}

std::shared_ptr<tls_stream::awaited> tls_stream::await_below(directions which) {
  const bool reads = which == directions::reading;
  std::weak_ptr<awaited>& place = reads ? below_readable_ : below_writable_;
  if (auto there = place.lock(); there && !there->is_over()) {
    return there;
  }
  const auto made = std::make_shared<awaited>();
  place = made;
  reads ? below_->wait_readable(made) : below_->wait_writable(made);
  return made;
}

void tls_stream::say_goodbye() {
  const bool may_speak = !has_failed_ && held_bytes_ == 0 && SSL_is_init_finished(session_.get());
  if (may_speak && !std::exchange(has_said_goodbye_, true)) {
    ERR_clear_error();
    SSL_shutdown(session_.get());
    ERR_clear_error();
  }
}

void tls_stream::end_writing() {
  say_goodbye();
  below_->end_writing();
}

void tls_stream::close() {
  if (!std::exchange(is_closed_, true)) {
    say_goodbye();
    below_->close();
  }
}

void tls_stream::abort() {
  if (!std::exchange(is_closed_, true)) {
    below_->abort();
  }
}

}  // namespace frontdesk
