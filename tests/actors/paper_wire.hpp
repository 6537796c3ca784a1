#pragma once

#include "actors/transport.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frontdesk {

/// A socket that writes down what is sent, and takes as much as the test says.
class paper_wire final : public transport {
 public:
  explicit paper_wire(carries what = carries::both_ways) : kind_(what) {}

  carries kind() const override { return kind_; }
  void send(frame_bytes bytes) override {
    if (is_torn) throw std::runtime_error("torn");
    sent.push_back(*bytes);
  }
  void charge_to(outbound_share given) override { share = std::move(given); }
  std::size_t outbound_bytes() const override { return waiting_bytes; }
  void pause() override {
    if (is_broken) throw std::runtime_error("broken");
    is_paused = true;
  }
  void resume() override { is_paused = false; }
  void close(close_code code) override {
    closed = code;
    if (is_broken) throw std::runtime_error("broken");
  }
  void pulse_after(std::chrono::milliseconds) override {}

  /// The frames of a type, in order.
  std::vector<std::string> of(std::string_view type) const {
    std::vector<std::string> found;
    for (const std::string& each : sent) {
      if (each.find(fmt::format(R"("t":"{}")", type)) != std::string::npos) found.push_back(each);
    }
    return found;
  }
  std::string last(std::string_view type) const {
    const auto all = of(type);
    return all.empty() ? "" : all.back();
  }

  std::vector<std::string> sent;
  std::size_t waiting_bytes = 0;
  outbound_share share;
  bool is_paused = false;
  /// It throws where no transport may.
  bool is_broken = false;
  bool is_torn = false;
  std::optional<close_code> closed;

 private:
  const carries kind_;
};

}  // namespace frontdesk
