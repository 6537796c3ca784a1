#pragma once

#include "net/tls/tls_certificate.hpp"
#include "node/config.hpp"
#include "node/exit_code.hpp"
#include "node/log_book.hpp"

#include <memory>

namespace frontdesk {

/// Reads the files of the settings, which name both, and says in the log until when browsers will
/// take the certificate: `certificate_loaded`, as a warning if it ends within two weeks, has ended
/// or has not begun. Trouble: `no_permission`; `config` for all else.
or_trouble<std::shared_ptr<const tls_certificate>> load_certificate(const settings&, log_book&,
                                                                    timestamp now);

}  // namespace frontdesk
