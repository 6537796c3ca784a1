#pragma once

#include "net/otlp_exporter.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace frontdesk {

/// What became of one request to the collector.
struct otlp_outcome {
  enum class kinds : std::uint8_t {
    taken,
    /// It may be taken later.
    put_off,
    /// It never will be.
    refused,
  };

  kinds kind = kinds::put_off;
  /// Empty if it was taken.
  std::string why;
  /// Spans of it that were not taken.
  std::uint64_t rejected = 0;
};

/// One request, on a connection of its own. Private to the exporter.
///
/// *Life time.* Its handlers keep it; `done` is called once, within `answer_max`, or never if the
/// exchange is dropped with its context.
class otlp_exchange : public std::enable_shared_from_this<otlp_exchange> {
 public:
  using done = std::function<void(otlp_outcome)>;

  otlp_exchange(boost::asio::io_context&, const otlp_options&, std::string body, done);

  void begin();

 private:
  using tcp = boost::asio::ip::tcp;
  using error = boost::system::error_code;

  void connect(const tcp::resolver::results_type&);
  void write();
  void read();
  void judge();
  void finish(otlp_outcome);
  void put_off(std::string_view what, const error&);

  tcp::resolver resolver_;
  tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  const otlp_options& how_;
  done done_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
  boost::beast::flat_buffer room_{limits::export_answer_bytes_max};
  boost::beast::http::response_parser<boost::beast::http::string_body> answer_;
};

}  // namespace frontdesk
