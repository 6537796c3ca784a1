#include "net/http/http_session.hpp"

#include "model/ids.hpp"
#include "net/fetch/gathering_transport.hpp"
#include "net/fetch/stream_transport.hpp"
#include "net/http/routes.hpp"
#include "net/websocket_transport.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace frontdesk {

namespace {

using stream_kinds = stream_result::kinds;
using reader_states = http_reader::states;

// About the time in which half-open handshakes come to their end, and as long again to spread those
// who were refused: the nanosecond in which somebody came draws the lot.
std::uint32_t retry_when_full_ms() {
  constexpr std::uint32_t least = 2000;
  const auto came = socket_thread::now().time_since_epoch().count();
  return least + static_cast<std::uint32_t>(mixed(static_cast<std::uint64_t>(came)) % least);
}

// A browser that was here within half a year never asks without TLS again. For this host alone: of
// its sub-domains we know nothing.
constexpr std::string_view strict_transport = "max-age=15552000";

fault_code code_of(const http_refusal& why) {
  const bool is_size = why.status == 413 || why.status == 414 || why.status == 431;
  return is_size ? fault_code::too_large : fault_code::bad_frame;
}

}  // namespace

void http_session::begin(std::shared_ptr<socket_thread> thread, routes& site, arrival who) {
  // Who comes after `stop` finds nobody to serve it.
  if (thread->is_stopping() || who.pass.verdict() == admission::verdicts::dropped) {
    return;
  }
  const bool is_refused = who.pass.verdict() == admission::verdicts::refused;
  const auto me = std::make_shared<http_session>(thread, site, std::move(who));
  thread->enter(me);
  if (is_refused) {
    me->answer(answer_of(fault(fault_code::busy, retry_when_full_ms())));
    return;
  }
  me->expect(thread->limits().handshake_max);
}

http_session::http_session(std::shared_ptr<socket_thread> thread, routes& site, arrival who)
    : thread_(std::move(thread)),
      routes_(site),
      pass_(std::move(who.pass)),
      stream_(std::move(who.stream)),
      from_(who.from),
      behind_(who.behind),
      own_scheme_(who.scheme),
      scheme_(who.scheme),
      reader_(&routes::body_bytes_max),
      deadline_(*this) {}

void http_session::on_readable() {
  waits_readable_ = false;
  if (state_ == states::farewell) {
    return throw_away();
  }
  if (state_ == states::answering && gathering_) {
    return hear_behind_poll();
  }
  if (state_ == states::receiving) {
    const std::span<char> room = thread_->read_room();
    const stream_result got = stream_->read_some(room);
    if (got.kind == stream_kinds::moved) {
      return take_body(room.first(got.bytes));
    }
    return got.kind == stream_kinds::would_block ? hear() : finish();
  }
  // A readiness that was on its way when the state changed, or a turn for older bytes is.
  if (state_ != states::reading || !unread_.empty()) {
    return;
  }
  const std::span<char> room = thread_->read_room();
  const stream_result got = stream_->read_some(room);
  switch (got.kind) {
    case stream_kinds::moved:
      return read_request(room.first(got.bytes));
    case stream_kinds::would_block:
      return hear();
    case stream_kinds::ended:
    case stream_kinds::failed:
      return finish();
  }
}

void http_session::hear() {
  if (!waits_readable_) {
    waits_readable_ = true;
    stream_->wait_readable(shared_from_this());
  }
}

void http_session::hear_behind_poll() {
  const std::span<char> room = thread_->read_room();
  const stream_result got = stream_->read_some(room);
  if (got.kind == stream_kinds::moved) {
    // The next request, too early. It waits; that the peer hangs up is then noticed later.
    unread_.assign(room.data(), got.bytes);
  } else if (got.kind == stream_kinds::would_block) {
    hear();
  } else {
    finish();
  }
}

void http_session::on_writable() {
  if (state_ == states::writing) {
    write();
  }
}

void http_session::stop_now() {
  finish();
}

void http_session::on_late() {
  const auto me = shared_from_this();
  const bool has_begun = reader_.state() != reader_states::idle;
  if ((state_ == states::reading && has_begun) || state_ == states::receiving) {
    keep_alive_ = false;
    sink_ = nullptr;
    answer(refusal(fault_code::busy, 408, "The request took too long."));
  } else if (state_ == states::writing || state_ == states::fetching) {
    // The peer takes nothing: what the kernel keeps for it is given back at once.
    stream_->abort();
    finish();
  } else {
    finish();
  }
}

// The next of several requests that came in one piece; between them others have their turn.
void http_session::on_turn() {
  if (state_ == states::reading) {
    const std::string unread = std::exchange(unread_, {});
    read_request(unread);
  }
}

void http_session::expect(std::chrono::milliseconds patience) {
  state_ = states::reading;
  thread_->set(deadline_, patience);
  hear();
}

void http_session::read_request(std::span<const char> bytes) {
  const reader_states before = reader_.state();
  const reader_states after = reader_.read(bytes);
  switch (after) {
    case reader_states::idle:
    case reader_states::header:
    case reader_states::body:
      // The first header counts from the accept, so that to say nothing and to be slow are one.
      // Later ones count from their first byte.
      if (before != after && (after == reader_states::body || pass_.is_handshake_done())) {
        thread_->set(deadline_, thread_->limits().handshake_max);
      }
      if (reader_.wants_continue()) {
        say_continue();
      }
      return hear();
    case reader_states::flowing:
    case reader_states::complete:
      // What is behind this request waits until it was answered: answers keep their order.
      unread_.assign(bytes.data(), bytes.size());
      return serve(reader_.take());
    case reader_states::refused:
      // Where the next request would begin is not known, so there is none.
      keep_alive_ = false;
      const http_refusal why = reader_.refusal();
      return answer(refusal(code_of(why), why.status, why.sentence));
  }
}

// So few bytes nearly always fit; if not, the peer waits a second and goes on, and hears the rest
// in front of its answer.
void http_session::say_continue() {
  constexpr std::string_view words = "HTTP/1.1 100 Continue\r\n\r\n";
  const stream_result put = stream_->write_some({&words, 1});
  unsaid_ = put.kind == stream_kinds::moved ? words.substr(put.bytes) : words;
}

void http_session::serve(http_request request) {
  // No deadline while a password is checked: that queue has a bound of its own.
  deadline_.cancel();
  pass_.handshake_done();
  state_ = states::answering;
  keep_alive_ = request.keep_alive && request.is_http_1_1;
  is_head_ = request.method == http_method::head;
  const forwarded_client who = behind_ ? forwarded_by(*behind_, request) : forwarded_client{};
  scheme_ = who.scheme == http_scheme::unknown ? own_scheme_ : who.scheme;
  request.from = who.from.value_or(from_);
  request.scheme = scheme_;
  // Weak: an answer that waits for a password must not be the last owner, on another thread.
  routes_.serve(request, thread_->home(), [me = weak_from_this()](http_answer made) {
    const auto session = me.lock();
    if (session && session->state_ == states::answering) {
      session->answer(std::move(made));
    }
  });
}

void http_session::converse(http_answer made) {
  if (!made.call->is_stream()) {
    return gather(std::move(made));
  }
  streamed_ = std::exchange(made.call, nullptr);
  keep_alive_ = false;
  made.is_endless = true;
  answer(std::move(made));
}

void http_session::gather(http_answer made) {
  fetch_call call = std::move(*std::exchange(made.call, nullptr));
  const auto reply = [me = weak_from_this(), made](gathering_transport::answer got) mutable {
    const auto session = me.lock();
    if (!session || session->state_ != states::answering) {
      return;
    }
    session->gathering_ = nullptr;
    made.body = std::move(got.lines);
    made.share = std::move(got.share);
    if (!got.roster.empty()) {
      made.with(roster_field, std::move(got.roster));
    }
    session->answer(std::move(made));
  };
  gathering_ = gathering_transport::begin(thread_, std::move(call), reply);
  if (!gathering_) {
    return answer(answer_of(fault(fault_code::not_ready, retry_when_full_ms())));
  }
  if (unread_.empty()) {
    hear();
  }
}

// ---- A body that flows.

void http_session::receive(std::shared_ptr<body_sink> sink) {
  sink_ = std::move(sink);
  body_until_ = socket_thread::now() + limits::upload_request_max;
  if (reader_.wants_continue()) {
    say_continue();
  }
  await_body();
  // What came with the header, after its thread had its turn.
  boost::asio::post(thread_->io_context(), [me = shared_from_this()] {
    if (me->state_ == states::receiving && !me->unread_.empty()) {
      const std::string unread = std::exchange(me->unread_, {});
      me->take_body(unread);
    }
  });
}

void http_session::await_body() {
  state_ = states::receiving;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(body_until_ - socket_thread::now());
  thread_->set(deadline_,
               std::clamp(left, std::chrono::milliseconds{0}, thread_->limits().upload_stall_max));
  if (unread_.empty()) {
    hear();
  }
}

void http_session::take_body(std::span<const char> bytes) {
  const std::span<const char> piece = reader_.take_body(bytes);
  // Behind the body's end another request may have come.
  unread_.assign(bytes.data(), bytes.size());
  state_ = states::handing;
  deadline_.cancel();
  sink_->take(std::string(piece.data(), piece.size()),
              [me = weak_from_this()](std::optional<http_answer> made) {
                if (const auto session = me.lock()) {
                  session->on_body_taken(std::move(made));
                }
              });
}

void http_session::on_body_taken(std::optional<http_answer> made) {
  if (state_ != states::handing) {
    return;
  }
  if (!made) {
    return await_body();
  }
  sink_ = nullptr;
  answer(std::move(*made));
}

void http_session::fetch() {
  state_ = states::fetching;
  answer_.source->read(fetched_bytes_, [me = weak_from_this()](std::optional<std::string> piece) {
    if (const auto session = me.lock()) {
      session->on_fetched(std::move(piece));
    }
  });
}

void http_session::on_fetched(std::optional<std::string> piece) {
  if (state_ != states::fetching) {
    return;
  }
  if (!piece || piece->empty()) {
    // Its length was told, so that the peer notices what is missing.
    stream_->abort();
    return finish();
  }
  fetched_bytes_ += piece->size();
  answer_.body = std::move(*piece);
  head_.clear();
  written_ = 0;
  state_ = states::writing;
  write();
}

void http_session::answer(http_answer made) {
  if (made.call) {
    return converse(std::move(made));
  }
  if (made.sink) {
    return receive(std::exchange(made.sink, nullptr));
  }
  // A body that nobody takes: where the next request would begin is not known.
  keep_alive_ = keep_alive_ && reader_.body_left() == 0;
  fetched_bytes_ = 0;
  state_ = states::writing;
  answer_ = std::move(made);
  if (scheme_ == http_scheme::https) {
    answer_.with("Strict-Transport-Security", std::string(strict_transport));
  }
  head_ = std::string(std::exchange(unsaid_, {})) + head_of(answer_, keep_alive_);
  written_ = 0;
  thread_->set(deadline_, thread_->limits().write_stall_max);
  write();
}

void http_session::write() {
  const std::string_view content = is_head_ ? std::string_view() : answer_.content();
  while (written_ < head_.size() + content.size()) {
    std::array<std::string_view, 2> pieces;
    std::size_t count = 0;
    if (written_ < head_.size()) {
      pieces[count++] = std::string_view(head_).substr(written_);
    }
    // Head and content leave together, also when the peer takes them in pieces.
    const std::size_t of_content = written_ - std::min(written_, head_.size());
    if (of_content < content.size()) {
      pieces[count++] = content.substr(of_content);
    }
    const stream_result put = stream_->write_some({pieces.data(), count});
    if (put.kind == stream_kinds::would_block) {
      return stream_->wait_writable(shared_from_this());
    }
    if (put.kind != stream_kinds::moved) {
      return finish();
    }
    written_ += put.bytes;
    thread_->set(deadline_, thread_->limits().write_stall_max);
  }
  if (answer_.source && !is_head_ && fetched_bytes_ < answer_.source->size()) {
    return fetch();
  }
  on_written();
}

void http_session::on_written() {
  const unsigned status = answer_.status;
  const encoding spoken = answer_.spoken;
  // An idle connection keeps nothing of the last answer.
  answer_ = {};
  std::string().swap(head_);
  if (status == 101) {
    return upgrade(spoken);
  }
  if (streamed_) {
    return begin_stream();
  }
  if (!keep_alive_) {
    return say_farewell();
  }
  if (unread_.empty()) {
    return expect(thread_->limits().http_idle_max);
  }
  state_ = states::reading;
  thread_->set(deadline_, thread_->limits().handshake_max);
  boost::asio::post(thread_->io_context(), [me = shared_from_this()] { me->on_turn(); });
}

void http_session::upgrade(encoding spoken) {
  const auto me = shared_from_this();
  state_ = states::gone;
  deadline_.cancel();
  // From here on the desk decides how long it lives, not the server.
  thread_->leave(*this);
  websocket_transport::begin(thread_, std::move(stream_), std::move(pass_), spoken, unread_);
}

void http_session::begin_stream() {
  const auto me = shared_from_this();
  state_ = states::gone;
  deadline_.cancel();
  thread_->leave(*this);
  stream_transport::begin(thread_, std::move(stream_), std::move(pass_), std::move(*streamed_));
}

void http_session::say_farewell() {
  state_ = states::farewell;
  stream_->end_writing();
  // Who is still sending hears the answer only afterwards, if the connection lives so long.
  const bool is_sending = reader_.body_left() > 0;
  thread_->set(deadline_,
               is_sending ? thread_->limits().upload_stall_max : thread_->limits().farewell_max);
  hear();
}

void http_session::throw_away() {
  const stream_result got = stream_->read_some(thread_->read_room());
  if (got.kind == stream_kinds::moved || got.kind == stream_kinds::would_block) {
    return hear();
  }
  finish();
}

void http_session::finish() {
  if (state_ == states::gone) {
    return;
  }
  // The thread may be the last owner.
  const auto me = shared_from_this();
  state_ = states::gone;
  deadline_.cancel();
  pass_ = {};
  sink_ = nullptr;
  answer_ = {};
  stream_->close();
  if (const auto gathering = std::exchange(gathering_, nullptr)) {
    gathering->abandon();
  }
  thread_->leave(*this);
}

}  // namespace frontdesk
