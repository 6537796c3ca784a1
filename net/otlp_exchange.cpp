#include "net/otlp_exchange.hpp"

#include <boost/asio/connect.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <utility>

namespace frontdesk {

namespace {

namespace http = boost::beast::http;

constexpr unsigned http_1_1 = 11;

std::string host_field(const otlp_options& how) {
  const bool is_v6 = how.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(is_v6 ? "[{}]:{}" : "{}:{}"), how.host, how.port);
}

bool may_come_later(unsigned status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

otlp_exchange::otlp_exchange(boost::asio::io_context& here, const otlp_options& how,
                             std::string body, done then)
    : resolver_(here),
      socket_(here),
      deadline_(here),
      how_(how),
      done_(std::move(then)),
      request_(http::verb::post, "/v1/traces", http_1_1, std::move(body)) {
  request_.set(http::field::host, host_field(how_));
  request_.set(http::field::content_type, "application/json");
  request_.set(http::field::user_agent, "frontdesk");
  request_.keep_alive(false);
  request_.prepare_payload();
  answer_.body_limit(limits::export_answer_bytes_max);
}

void otlp_exchange::begin() {
  deadline_.expires_after(how_.answer_max);
  deadline_.async_wait([me = shared_from_this()](const error& cut) {
    if (!cut) me->finish({otlp_outcome::kinds::put_off, "it takes too long"});
  });
  resolver_.async_resolve(
      how_.host, std::to_string(how_.port),
      [me = shared_from_this()](const error& wrong, const tcp::resolver::results_type& found) {
        wrong ? me->put_off("it is not found", wrong) : me->connect(found);
      });
}

void otlp_exchange::connect(const tcp::resolver::results_type& found) {
  if (!done_) return;
  boost::asio::async_connect(socket_, found,
                             [me = shared_from_this()](const error& wrong, const tcp::endpoint&) {
                               wrong ? me->put_off("it cannot be reached", wrong) : me->write();
                             });
}

void otlp_exchange::write() {
  if (!done_) return;
  http::async_write(socket_, request_, [me = shared_from_this()](const error& wrong, std::size_t) {
    // Whoever refuses a request may have answered and hung up before all of it was said.
    const bool has_hung_up =
        wrong == boost::asio::error::broken_pipe || wrong == boost::asio::error::connection_reset;
    wrong && !has_hung_up ? me->put_off("it does not listen", wrong) : me->read();
  });
}

void otlp_exchange::read() {
  if (!done_) return;
  http::async_read(socket_, room_, answer_,
                   [me = shared_from_this()](const error& wrong, std::size_t) {
                     wrong ? me->put_off("what it answers cannot be read", wrong) : me->judge();
                   });
}

void otlp_exchange::judge() {
  const unsigned status = answer_.get().result_int();
  if (status >= 200 && status < 300) {
    return finish({otlp_outcome::kinds::taken, {}, otlp_json::rejected_in(answer_.get().body())});
  }
  finish({may_come_later(status) ? otlp_outcome::kinds::put_off : otlp_outcome::kinds::refused,
          fmt::format("it answers {}", status)});
}

void otlp_exchange::put_off(std::string_view what, const error& wrong) {
  finish({otlp_outcome::kinds::put_off, fmt::format("{}: {}", what, wrong.message())});
}

void otlp_exchange::finish(otlp_outcome outcome) {
  const auto then = std::exchange(done_, nullptr);
  if (!then) return;
  deadline_.cancel();
  resolver_.cancel();
  error ignored;
  socket_.close(ignored);
  then(std::move(outcome));
}

}  // namespace frontdesk
