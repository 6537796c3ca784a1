#include "node/serve.hpp"

#include "actors/repeating_thread.hpp"
#include "net/internal/internal_door.hpp"
#include "net/server.hpp"
#include "node/admin/admin_socket.hpp"
#include "node/admin/running_administration.hpp"
#include "node/announcement.hpp"
#include "node/audit/node_deeds.hpp"
#include "node/certificate.hpp"
#include "node/checkpoint.hpp"
#include "node/data_folder.hpp"
#include "node/demo.hpp"
#include "node/descriptor_room.hpp"
#include "node/desk_log.hpp"
#include "node/ending.hpp"
#include "node/host_gauges.hpp"
#include "node/last_resort.hpp"
#include "node/node_watch.hpp"
#include "node/system_clock.hpp"
#include "node/tracing.hpp"
#include "storage/local_log.hpp"
#include "storage/space_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace frontdesk {

namespace {

/// Looks at a store that is full although its disk has room, one each `limits::space_check`, before
/// it is given up. RocksDB recovers about five seconds after there is room.
constexpr unsigned stuck_looks_max = 15;

/// What the parts around the desk may take of an end beyond its own bound.
constexpr std::chrono::seconds late_max{2};

constexpr const char* store_is_lost =
    "The store can no longer write, and only a new start can find out what is on the disk. What "
    "was acknowledged is there. Look at the disk, then start again.";

/// Members are in the order of the start, so that a start that fails half-way leaves in order, too.
class node {
 public:
  node(const settings& chosen, log_book& log, ending& end)
      : chosen_(chosen), log_(log), end_(end), audit_(log), watch_(log) {
    watch_.has_audit(audit_);
  }

  /// Step by step, until all are done, one fails, or the end has come.
  or_trouble<done> start();
  /// Reads again what may have changed, each time that it is asked to, until the end has come.
  void tend();
  /// Asks for that, also while the node starts. Any thread; waits for nothing.
  void reload(const received_signal& by);
  /// The end has come. Any thread.
  void rouse();
  /// It ends: before it stops, so that the audit has it.
  void note_end(const trouble& why);
  /// Also what has started only in part.
  void stop();

 private:
  or_trouble<done> open_internal_door();
  or_trouble<done> open_certificate();
  or_trouble<done> open_folder();
  or_trouble<done> open_store();
  or_trouble<done> open_file_store();
  or_trouble<done> open_desk();
  or_trouble<done> open_server();
  or_trouble<done> open_administration();
  void read_again(const received_signal&);
  void on_health(store_condition, std::string_view why);
  void look_at_disk();
  std::string address(std::size_t index) const;

  const settings& chosen_;
  log_book& log_;
  ending& end_;
  audit_log audit_;
  node_watch watch_;
  std::unique_ptr<internal_door> internal_;
  const system_clock time_;
  std::shared_ptr<const tls_certificate> certificate_;
  data_folder folder_;
  std::unique_ptr<token_identity> tokens_;
  std::unique_ptr<disk> disk_;
  std::unique_ptr<space_watch> space_;
  std::unique_ptr<rocks_store> store_;
  std::unique_ptr<file_store> files_;
  unsigned stuck_looks_ = 0;
  bool was_short_ = false;
  std::unique_ptr<repeating_thread> looks_;
  std::unique_ptr<commit_log> commits_;
  host_gauges host_;
  std::unique_ptr<desk> desk_;
  std::unique_ptr<otlp_exporter> exporter_;
  std::unique_ptr<server> server_;
  std::unique_ptr<running_administration> administration_;
  std::unique_ptr<admin_socket> admin_;
  std::mutex mutex_;
  std::condition_variable changed_;
  /// It was asked for.
  std::optional<received_signal> has_to_reload_;
};

/// The first of all, so that it can tell how the start goes on.
or_trouble<done> node::open_internal_door() {
  if (!chosen_.internal_listen) {
    return done{};
  }
  internal_door_options how;
  how.address = *chosen_.internal_listen;
  how.hosts = chosen_.internal_hosts;
  how.on_failure = [this](std::string_view what) {
    log_.error("internal_port_failed", {{"what", what}});
  };
  auto opened = internal_door::open(watch_, std::move(how));
  if (!opened.running) {
    return trouble{exit_code::unavailable,
                   opened.why_not +
                       " Choose another address or port with --internal-listen "
                       "ADDR:PORT, or none."};
  }
  internal_ = std::move(opened.running);
  watch_.has_internal_door([&door = *internal_] { return door.connections_count(); });
  const std::string address = address_of(*chosen_.internal_listen, internal_->port(), false);
  announce(fmt::format("frontdesk tells operators on {}\n", address));
  log_.info("internal_listening", {{"address", address}});
  return done{};
}

or_trouble<done> node::open_certificate() {
  if (chosen_.tls_certificate.empty()) {
    return done{};
  }
  auto loaded = load_certificate(chosen_, log_, time_.now());
  if (!loaded) {
    return loaded.why();
  }
  certificate_ = std::move(*loaded);
  watch_.note_certificate(*certificate_);
  return done{};
}

void node::reload(const received_signal& by) {
  const std::lock_guard guard(mutex_);
  has_to_reload_ = by;
  changed_.notify_one();
}

void node::rouse() {
  const std::lock_guard guard(mutex_);
  changed_.notify_one();
}

void node::tend() {
  std::unique_lock guard(mutex_);
  for (;;) {
    changed_.wait(guard, [this] { return has_to_reload_ || end_.has_come(); });
    if (end_.has_come()) {
      return;
    }
    const received_signal by = *std::exchange(has_to_reload_, std::nullopt);
    // A certificate may lie where nobody answers.
    guard.unlock();
    read_again(by);
    guard.lock();
  }
}

void node::read_again(const received_signal& by) {
  or_trouble<done> outcome = done{};
  if (!certificate_) {
    log_.info("nothing_to_reload");
  } else if (auto loaded = load_certificate(chosen_, log_, time_.now()); !loaded) {
    log_.error("certificate_kept", {{"why", loaded.why().sentence}});
    outcome = loaded.why();
  } else {
    watch_.note_certificate(**loaded);
    server_->change_certificate(std::move(*loaded));
  }
  note_reload(audit_, by, outcome);
}

void node::note_end(const trouble& why) {
  // Where no start was noted, there is no end.
  if (administration_) {
    note_stop(audit_, end_.ended_by(), why);
  }
}

or_trouble<done> node::open_folder() {
  auto folder = open_data_folder(chosen_.data);
  if (!folder) {
    return folder.why();
  }
  folder_ = std::move(*folder);
  return done{};
}

or_trouble<done> node::open_store() {
  disk_ = disk_under(folder_.path);
  space_ = std::make_unique<space_watch>(*disk_);
  watch_.has_disk(*space_);
  rocks_options options;
  options.folder = folder_.store();
  options.bytes_max = chosen_.store_bytes_max;
  options.cache_bytes = chosen_.store_cache_bytes;
  options.release_reserve = [this] { space_->release_reserve(); };
  options.log = [this](log_severity severity, std::string_view line) {
    severity == log_severity::error ? log_.error("store", {{"said", line}})
                                    : log_.warning("store", {{"said", line}});
  };
  options.on_health = [this](store_condition now, std::string_view why) { on_health(now, why); };
  auto opened = open_rocks_store(std::move(options));
  if (const auto* why = std::get_if<open_failure>(&opened)) {
    return trouble_of(*why);
  }
  store_ = std::move(std::get<std::unique_ptr<rocks_store>>(opened));
  // Behind the store's lock: nobody else makes a secret at the same time.
  auto secret = secret_of(folder_);
  if (!secret) {
    return secret.why();
  }
  tokens_ = token_identity::with_secret(*secret);
  // A backup that was broken off with the last process keeps room for nothing.
  remove_checkpoint(folder_);
  looks_ = std::make_unique<repeating_thread>(limits::space_check, [this] { look_at_disk(); });
  commits_ = make_local_log(*store_, [this] { return space_->is_short(); });
  return done{};
}

/// Behind the store's lock, too.
or_trouble<done> node::open_file_store() {
  auto opened = open_files(
      folder_, [this] { return space_->is_short(); },
      [this](std::string_view sentence) {
        log_.error("files", {{"said", sentence}});
      });
  if (!opened) {
    return trouble{exit_code::input_output, fmt::format("{} cannot be used: {}", folder_.files(),
                                                        opened.error().sentence())};
  }
  files_ = std::move(*opened);
  return done{};
}

/// A store that is full waits for room, and so do its writers; one that is broken never heals, and
/// the sooner the process ends, the sooner the next one reads what the disk really has.
void node::on_health(store_condition now, std::string_view why) {
  watch_.note_store(now, why);
  switch (now) {
    case store_condition::sound:
      log_.info("store_recovered", {{"why", why}});
      break;
    case store_condition::full:
      log_.error("store_full", {{"why", why}});
      break;
    case store_condition::broken:
      // First, because whoever should read the log may hang.
      end_.wish(exit_code::temporary, store_is_lost);
      log_.error("store_broken", {{"why", why}});
      break;
  }
}

void node::look_at_disk() {
  space_->check();
  if (space_->is_short() != was_short_) {
    was_short_ = space_->is_short();
    was_short_ ? log_.error("disk_short", {{"posts", "refused"}}) : log_.info("disk_has_room");
  }
  // A store that reached the size that it was given is full by right, for as long as it takes.
  const bool has_size = chosen_.store_bytes_max > 0;
  const bool is_stuck = !store_->is_healthy() && !space_->is_short() && !has_size;
  stuck_looks_ = is_stuck ? stuck_looks_ + 1 : 0;
  if (stuck_looks_ == stuck_looks_max) {
    end_.wish(exit_code::temporary, store_is_lost);
  }
}

or_trouble<done> node::open_desk() {
  desk_settings how;
  how.agent_grace = chosen_.agent_grace;
  how.passivate_after = chosen_.passivate_after;
  how.stop_max = chosen_.drain_max;
  how.ping_interval = chosen_.ping_interval;
  how.io_workers = io_threads_of(chosen_);
  how.is_counting = chosen_.has_stats;
  how.file_bytes_max = chosen_.file_bytes_max;
  how.hellos_per_second = hellos_per_second_of(chosen_);
  const auto tell = [this](const failure& what) { log_failure(log_, what); };
  const auto tell_stuck = [this](const stuck_stats& what, bool has_ended) {
    log_stuck(log_, what, has_ended);
  };
  how.pinned_tier = chosen_.tier;
  desk_foundation foundation{*store_, *commits_, time_, *tokens_, tell, files_.get(), tell_stuck};
  foundation.host = [this] { return host_.look(); };
  foundation.on_tier = [this](const tier_change& change) { log_tier(log_, change); };
  foundation.on_quarantined = [this](const quarantined& what) { log_quarantined(log_, what); };
  choose_tracing(how, foundation, chosen_, log_);
  auto opened = desk::open(foundation, how);
  if (!opened) {
    return trouble{exit_code::data, fmt::format("The data in {} cannot be read: {}", folder_.path,
                                                opened.error().sentence())};
  }
  desk_ = std::move(*opened);
  exporter_ = open_exporter(desk_->traces(), how.traces.seed, chosen_, log_);
  watch_.has_desk(*desk_);
  desk_->on_ruin([this](std::string_view why) {
    watch_.note_ruin(why);
    end_.wish(exit_code::software,
              fmt::format("The actors failed again and again, so the node ends: {}", why));
  });
  return done{};
}

or_trouble<done> node::open_server() {
  server_options how;
  how.addresses = chosen_.listen;
  how.is_demo = chosen_.is_demo;
  how.door.connections_max = chosen_.connections_max;
  how.door.hellos_per_second = hellos_per_second_of(chosen_);
  how.certificate = certificate_;
  how.trusted_proxies = chosen_.trusted_proxies;
  auto opened = server::open(*desk_, *tokens_, time_, std::move(how));
  if (!opened.running) {
    return trouble{exit_code::unavailable,
                   opened.why_not +
                       " Choose another address or port with --listen ADDR:PORT "
                       "(port 0: any that is free)."};
  }
  server_ = std::move(opened.running);
  watch_.has_server(*server_);
  for (std::size_t i = 0; i < chosen_.listen.size(); ++i) {
    log_.info("listening", {{"address", address(i)}});
  }
  return done{};
}

std::string node::address(std::size_t index) const {
  return address_of(chosen_.listen[index], server_->ports()[index], certificate_ != nullptr);
}

or_trouble<done> node::open_administration() {
  administration_ = std::make_unique<running_administration>(
      running_parts{*desk_, *server_, *store_, *tokens_, *files_, watch_, audit_, folder_});
  audit_.record_by([this](audit_entry what, std::chrono::milliseconds patience) {
    return record_audit(*desk_, std::move(what), patience);
  });
  note_start(audit_, chosen_, folder_.ended_note());
  end_.note_second_in(folder_.ended_note());
  auto opened = admin_socket::open(folder_.admin_socket(), *administration_, time_);
  if (!opened) {
    return opened.why();
  }
  admin_ = std::move(*opened);
  const std::string first = address(0);
  if (chosen_.is_demo) {
    const auto demo = make_demo(*administration_, time_.now());
    if (!demo) {
      return demo.why();
    }
    announce(demo_page(*demo, first));
  }
  watch_.has_started();
  announce(fmt::format("frontdesk is ready on {}\n", first));
  log_.info("ready", {{"address", first}, {"history", desk_->history()}});
  return done{};
}

or_trouble<done> node::start() {
  struct step {
    std::string_view says;
    or_trouble<done> (node::*open)();
  };
  for (const step& next :
       {step{"opens the internal port", &node::open_internal_door},
        step{"reads the certificate", &node::open_certificate},
        step{"opens the data directory", &node::open_folder},
        step{"opens the store", &node::open_store},
        step{"looks at the files", &node::open_file_store},
        step{"starts the actors", &node::open_desk}, step{"opens the ports", &node::open_server},
        step{"opens the admin socket", &node::open_administration}}) {
    if (end_.has_come()) {
      return done{};
    }
    watch_.begins(next.says);
    if (auto opened = (this->*next.open)(); !opened) {
      return opened;
    }
  }
  return done{};
}

void node::stop() {
  watch_.drains();
  admin_.reset();
  audit_.record_by(nullptr);
  if (server_) {
    server_->stop();
  }
  if (desk_) {
    desk_->stop();
  }
  // All that there will be has ended.
  exporter_.reset();
  watch_.lets_go();
  administration_.reset();
  server_.reset();
  desk_.reset();
  commits_.reset();
  files_.reset();
  looks_.reset();
  store_.reset();
  internal_.reset();
}

/// What throws is trouble like the rest: another thread waits for the end of this.
or_trouble<done> start(node& one) {
  try {
    return one.start();
  } catch (const std::exception& error) {
    return trouble{exit_code::software, fmt::format("The start failed: {}", error.what())};
  }
}

}  // namespace

trouble serve(const settings& chosen) {
  ending end;
  const auto log = std::make_shared<log_book>(chosen.least, chosen.format);
  make_room_for_descriptors(*log, chosen.connections_max);
  tell_of_short_queues(*log);

  node running(chosen, *log, end);
  trouble why;
  // Beside the start and what is read again, which may take as long as a disk takes.
  std::thread ear([&] {
    why = end.wait([&](const received_signal& by) { running.reload(by); });
    end_within(chosen.drain_max + late_max, why.code, [log] { log->error("stopped_late"); });
    running.rouse();
  });
  const auto started = start(running);
  if (started) {
    running.tend();
  } else {
    end.wish(started.why().code, started.why().sentence);
  }
  ear.join();
  if (!started) {
    running.note_end(started.why());
    running.stop();
    return started.why();
  }
  if (why.code == exit_code::success) {
    log->info("stopping");
  } else {
    log->error("stopping", {{"why", why.sentence}});
  }
  running.note_end(why);
  running.stop();
  log->info("stopped");
  return why;
}

}  // namespace frontdesk
