#include "node/certificate.hpp"

#include "node/time_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace frontdesk {

namespace {

// Who renews by a program does so a month before the end: two weeks later, it has not.
constexpr std::int64_t soon_ms = std::chrono::milliseconds(std::chrono::days{14}).count();

// What is to be said about it, or nothing.
std::string_view concern_about(const tls_certificate& one, timestamp now) {
  if (now.value > one.valid_until().value) {
    return "It has expired: browsers refuse it.";
  }
  if (now.value < one.valid_from().value) {
    return "It is not valid yet: browsers refuse it.";
  }
  return now.value > one.valid_until().value - soon_ms ? "It expires within two weeks." : "";
}

}  // namespace

or_trouble<std::shared_ptr<const tls_certificate>> load_certificate(const settings& chosen,
                                                                    log_book& log, timestamp now) {
  auto loaded = tls_certificate::load({chosen.tls_certificate, chosen.tls_key});
  if (!loaded.certificate) {
    return trouble{loaded.is_forbidden ? exit_code::no_permission : exit_code::config,
                   std::move(loaded.why_not)};
  }
  const std::string_view concern = concern_about(*loaded.certificate, now);
  const std::string from = text_of_time(loaded.certificate->valid_from());
  const std::string until = text_of_time(loaded.certificate->valid_until());
  if (concern.empty()) {
    log.info("certificate_loaded", {{"from", from}, {"until", until}});
  } else {
    log.warning("certificate_loaded", {{"from", from}, {"until", until}, {"concern", concern}});
  }
  return std::move(loaded.certificate);
}

}  // namespace frontdesk
