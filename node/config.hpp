#pragma once

#include "model/limits.hpp"
#include "net/listener.hpp"
#include "node/exit_code.hpp"
#include "node/log_book.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The problem: a setting may come from three places, and whoever operates a node has to know which
/// one holds, before it starts to serve and not after.
///
/// The answer: one table of settings (in the source), each with one name in three spellings, and
/// one pure function that reads them all or says, with the place, what is wrong.
///
///     --log-level debug              a flag, over
///     FRONTDESK_LOG_LEVEL=debug      the environment, over
///     log_level = "debug"            the file (TOML), over the default
namespace frontdesk {

/// Where a collector of traces listens; its host without brackets.
struct collector_place {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const collector_place&, const collector_place&) = default;
};

/// What an operator may choose. Every default is meant.
struct settings {
  std::vector<listen_address> listen{{"127.0.0.1", 8080}};
  /// Of the port for operators; none: there is none.
  std::optional<listen_address> internal_listen;
  /// Names by which operators come to it, in lower case.
  std::vector<std::string> internal_hosts;
  std::string data = "./data";
  bool is_demo = false;
  log_level least = log_level::info;
  log_format format = log_format::console;
  /// Threads that carry sockets; 0: one per processor.
  std::size_t io_threads = 0;
  /// 0: no limit but the descriptors'.
  std::size_t connections_max = limits::connections_max;
  /// 0: what `limits::hellos_per_second` says for each thread.
  std::size_t hellos_per_second = 0;
  /// Both or none: with them all addresses speak TLS.
  std::string tls_certificate;
  std::string tls_key;
  /// Addresses and networks.
  std::vector<std::string> trusted_proxies;
  std::chrono::milliseconds agent_grace = limits::agent_grace;
  std::chrono::milliseconds passivate_after = limits::passivate_after;
  /// The longest that an end in order takes.
  std::chrono::milliseconds drain_max = limits::drain_max;
  std::chrono::milliseconds ping_interval = limits::ping_interval;
  std::uint64_t store_cache_bytes = 256ULL << 20U;
  /// What the store may take of the disk; 0: what there is.
  std::uint64_t store_bytes_max = 0;
  /// The tier to stay in, whatever the load; none: by the load.
  std::optional<unsigned> tier;
  /// The largest file that is taken.
  std::uint64_t file_bytes_max = limits::file_bytes_max;
  /// What actors do is counted, and whoever hangs is found.
  bool has_stats = true;
  /// The part of posts that is traced, of those that come without a trace; 0 … 1.
  double trace_sample = 0;
  /// Where spans are told; none: nowhere.
  std::optional<collector_place> otlp_endpoint;
  /// What differs from the default, by name, as it was written: for the audit.
  std::map<std::string, std::string> differing;

  friend bool operator==(const settings&, const settings&) = default;
};

/// As many as processors if nothing is said.
std::size_t io_threads_of(const settings&);
/// By the threads if nothing is said.
double hellos_per_second_of(const settings&);

/// One line of the table, as the command line shows it.
struct setting_name {
  /// `log_level`: the key in the file; also `--log-level` and `FRONTDESK_LOG_LEVEL`.
  std::string_view name;
  std::string_view help;
  /// Needs no value on the command line.
  bool is_flag = false;
  /// May be given several times; in the environment its values have commas between them.
  bool is_list = false;
  /// Its value is told nowhere.
  bool is_secret = false;
};

std::span<const setting_name> all_settings();
/// `--log-level`
std::string flag_of(std::string_view name);

/// What was given: values by a setting's name; for a variable of the environment by its own.
using given_flags = std::map<std::string, std::vector<std::string>>;
using environment_variables = std::map<std::string, std::string>;

/// A configuration file that was read.
struct config_file {
  std::string path;
  std::string text;
};

/// Reads all that was given. Trouble: `usage` from a flag, `config` from the environment (naming
/// the variable) or from the file (naming line and column).
///
/// An unknown key in the file is refused. A variable `FRONTDESK_…` that is not known is refused
/// only if it looks like a misspelt one: others belong to whoever runs us, such as the ones that
/// Kubernetes makes for every service.
or_trouble<settings> read_settings(const given_flags&, const environment_variables&,
                                   const std::optional<config_file>&);

/// The variables of this process that begin with `FRONTDESK_`.
environment_variables own_environment();

/// `read_settings` of this process: the file is the one of `--config` or `FRONTDESK_CONFIG`.
or_trouble<settings> settings_of(const given_flags&);

/// "http://127.0.0.1:4318", "http://[::1]:4318" or "http://collector:4318"; a slash may follow.
std::optional<collector_place> collector_from_text(std::string_view);

/// "127.0.0.1:8080", "[::1]:8080" or a port alone, which means 127.0.0.1.
std::optional<listen_address> address_from_text(std::string_view);

}  // namespace frontdesk
