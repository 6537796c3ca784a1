#pragma once

#include "node/config.hpp"
#include "node/exit_code.hpp"

namespace frontdesk {

/// Runs a node until it is told to end. On the way up each part finds the ones below it ready, and
/// on the way down nobody is left without the ones below:
///
///     up                                    down
///     0  internal port, if there is one     7  closes it
///     1  certificate, data directory        6
///     2  store, secret, disk space          5  closes the store
///     3  commit log                         4
///     4  desk: the actors                   3  drain: commits end, devices are told to come back
///     5  server: the listeners              2  nobody new, no half-open requests
///     6  demo, admin socket, ready line     1  no more commands
///
/// When it is ready it prints one line, which other programs wait for, to the standard output:
/// `frontdesk is ready on http://127.0.0.1:8080`, with the real port; `https` if it speaks TLS.
/// With an internal port another one stands before it: `frontdesk tells operators on http://…`.
///
/// SIGHUP reads the certificate again. One that cannot be used changes nothing but the log.
///
/// The answer says how it ended: `success` after SIGTERM or SIGINT; `software` if the actors could
/// not be kept alive; `temporary` if the store can no longer write; or what stood in the way of the
/// start, with a sentence that was not printed yet.
trouble serve(const settings&);

}  // namespace frontdesk
