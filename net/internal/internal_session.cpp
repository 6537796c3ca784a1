#include "net/internal/internal_session.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace frontdesk {

namespace {

using kinds = stream_result::kinds;
using reader_states = http_reader::states;

constexpr std::size_t read_bytes_max = 8 * 1024;

// Whoever reads asks without a body.
std::size_t no_body(http_method, std::string_view) {
  return 0;
}

}  // namespace

internal_session::internal_session(const surroundings& around, plain_socket socket)
    : around_(around), stream_(std::move(socket)), deadline_(around.thread), reader_(&no_body) {}

void internal_session::begin() {
  expect(around_.patience.request_max);
  hear();
}

void internal_session::expect(std::chrono::milliseconds patience) {
  deadline_.expires_after(patience);
  deadline_.async_wait([me = weak_from_this()](boost::system::error_code error) {
    const auto session = me.lock();
    // One that was on its way while the deadline moved finds it in the future.
    if (!error && session &&
        session->deadline_.expiry() <= boost::asio::steady_timer::clock_type::now()) {
      session->finish();
    }
  });
}

void internal_session::hear() {
  stream_.wait_readable(shared_from_this());
}

void internal_session::on_readable() {
  if (state_ != states::reading && state_ != states::farewell) {
    return;
  }
  std::array<char, read_bytes_max> room;
  const stream_result got = stream_.read_some(room);
  if (got.kind == kinds::would_block || (got.kind == kinds::moved && state_ == states::farewell)) {
    return hear();
  }
  if (got.kind != kinds::moved) {
    return finish();
  }
  read_request({room.data(), got.bytes});
}

void internal_session::read_request(std::span<const char> bytes) {
  const bool was_idle = reader_.state() == reader_states::idle;
  switch (reader_.read(bytes)) {
    case reader_states::idle:
    case reader_states::header:
    case reader_states::body:
      if (was_idle && reader_.state() != reader_states::idle) {
        expect(around_.patience.request_max);
      }
      return hear();
    case reader_states::flowing:
    case reader_states::complete: {
      // Requests behind this one wait: answers keep their order.
      unread_.assign(bytes.data(), bytes.size());
      const bool has_body = reader_.state() == reader_states::flowing;
      const http_request request = reader_.take();
      keep_alive_ = request.keep_alive && request.is_http_1_1 && !has_body;
      around_.on_heard(*this);
      return answer(around_.routes.answer(request), request.method == http_method::head);
    }
    case reader_states::refused:
      keep_alive_ = false;
      const http_refusal& why = reader_.refusal();
      return answer(refusal(fault_code::bad_frame, why.status, why.sentence), false);
  }
}

void internal_session::answer(http_answer made, bool is_head) {
  state_ = states::writing;
  answer_ = std::move(made);
  is_head_ = is_head;
  head_ = head_of(answer_, keep_alive_);
  written_ = 0;
  expect(around_.patience.write_max);
  write();
}

void internal_session::on_writable() {
  if (state_ == states::writing) {
    write();
  }
}

void internal_session::write() {
  const std::string_view content = is_head_ ? std::string_view() : answer_.content();
  while (written_ < head_.size() + content.size()) {
    const std::size_t of_head = std::min(written_, head_.size());
    const std::array<std::string_view, 2> pieces{std::string_view(head_).substr(of_head),
                                                 content.substr(written_ - of_head)};
    const stream_result put = stream_.write_some(pieces);
    if (put.kind == kinds::would_block) {
      return stream_.wait_writable(shared_from_this());
    }
    if (put.kind != kinds::moved) {
      return finish();
    }
    written_ += put.bytes;
  }
  on_written();
}

void internal_session::on_written() {
  answer_ = {};
  if (!keep_alive_) {
    // What the peer still sends is thrown away: to leave it unread would reset the connection, and
    // the reset would overtake the answer.
    state_ = states::farewell;
    stream_.end_writing();
    expect(around_.patience.farewell_max);
    return hear();
  }
  state_ = states::reading;
  if (unread_.empty()) {
    expect(around_.patience.idle_max);
    return hear();
  }
  // Others have their turn between two requests that came in one piece.
  expect(around_.patience.request_max);
  boost::asio::post(around_.thread, [me = shared_from_this()] {
    if (me->state_ == states::reading) {
      const std::string unread = std::exchange(me->unread_, {});
      me->read_request(unread);
    }
  });
}

void internal_session::finish() {
  if (state_ == states::gone) {
    return;
  }
  const auto me = shared_from_this();
  state_ = states::gone;
  deadline_.cancel();
  stream_.close();
  around_.on_gone(*this);
}

}  // namespace frontdesk
