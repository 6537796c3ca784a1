#include "bench/http_identities.hpp"
#include "bench/scenarios.hpp"
#include "bench/slo.hpp"
#include "node/bench_people.hpp"
#include "node/commands/command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace frontdesk {

namespace {

struct bench_flags {
  bench::wishes wished;
  std::string node = "127.0.0.1:8080";
  bool may_be_remote = false;
  std::string data;
  std::string tenant = bench_people::tenant_otherwise;
  std::string widget_key;
  std::vector<std::string> agents;
  std::string password_file;
  unsigned seconds = 10;
  bool is_protobuf = false;
  bool is_closed = false;
  bool is_json = false;
  bool is_shared = false;
  std::string slo;
  std::string corpus;
  std::string preset;
  unsigned pace_ms = 0;
};

/// Of scenarios that end when they are through with what was asked for.
constexpr unsigned bound_s = 120;

using flags_ptr = std::shared_ptr<bench_flags>;
using scenario = bench::result (*)(const bench::wishes&, bench::identities&, bench::caller);

std::atomic<bool> is_interrupted{false};

/// The first time it ends early with a report; the second time at once.
void on_interrupt(int which) {
  is_interrupted = true;
  signal(which, SIG_DFL);
}

void add_common_flags(CLI::App& line, const flags_ptr& flags) {
  using bench::wishes;
  line.add_option("--node", flags->node, "Address of the node, without TLS")->capture_default_str();
  line.add_flag("--remote", flags->may_be_remote,
                "It may be another machine: I am allowed to load it");
  line.add_option("--data", flags->data,
                  "Data directory of the node: makes a tenant with agents of its own");
  line.add_option("--tenant", flags->tenant, "With --data: the tenant's name")
      ->capture_default_str();
  line.add_flag("--shared", flags->is_shared,
                "With --data: another bench has this tenant too; closes only what is its own");
  line.add_option("--agent", flags->agents, "Without --data: an agent's address; may be repeated");
  line.add_option("--password-file", flags->password_file, "A file with the agents' password");
  line.add_option("--widget-key", flags->widget_key, "Without --data: where visitors come in");
  line.add_option("--seconds", flags->seconds, "How long it goes on, at most")
      ->check(CLI::Range(1, static_cast<int>(wishes::seconds_bound.count())))
      ->capture_default_str();
  line.add_option("--count", flags->wished.posts_max, "Ends after so many messages")
      ->check(CLI::Range(std::uint64_t{1}, wishes::posts_bound))
      ->capture_default_str();
  line.add_flag("--protobuf", flags->is_protobuf, "Speaks frontdesk.v1.protobuf");
  line.add_flag("--json", flags->is_json, "Prints one JSON object");
  line.add_option("--slo", flags->slo,
                  "What must be kept, as p99=20ms,lost=0; otherwise the exit code is 1");
}

/// CLI11's own ranges take what is not a number.
std::string is_a_rate(const std::string& text) {
  double rate = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, rate);
  const bool is_rate = error == std::errc{} && rest == end && std::isfinite(rate) && rate > 0;
  return is_rate ? std::string{} : "is no number of messages a second";
}

or_trouble<std::string> text_of_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return trouble{exit_code::input_output, fmt::format("{} is a directory.", path)};
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    return trouble{exit_code::input_output, fmt::format("{} cannot be read.", path)};
  }
  return text;
}

or_trouble<std::unique_ptr<bench::identities>> people_of(bench_flags& flags) {
  if (!flags.data.empty()) {
    auto own = std::make_unique<bench_people>(flags.data, flags.tenant);
    if (trouble why = own->prepare(flags.wished.to); why.code != exit_code::success) return why;
    flags.wished.owns_agents = !flags.is_shared;
    flags.wished.node_process = own->process();
    flags.wished.node_processors = own->processors();
    flags.wished.node_memory_limit_bytes = own->memory_limit_bytes();
    return std::unique_ptr<bench::identities>(std::move(own));
  }
  if (flags.widget_key.empty()) {
    return trouble{exit_code::usage,
                   "Say who shall speak: --data DIR of a node on this machine, or --widget-key "
                   "KEY with --agent EMAIL and --password-file FILE."};
  }
  std::string password;
  if (!flags.password_file.empty()) {
    auto text = text_of_file(flags.password_file);
    if (!text) return text.why();
    password = text->substr(0, text->find_first_of("\r\n"));
  }
  std::vector<bench::http_identities::account> accounts;
  for (const std::string& email : flags.agents)
    accounts.push_back({email, password});
  return std::unique_ptr<bench::identities>(std::make_unique<bench::http_identities>(
      flags.wished.to, flags.widget_key, std::move(accounts)));
}

/// For a terminal each second, on one line; for a log the first of a phase, and each tenth.
class news_printer {
 public:
  void operator()(const bench::progress& news);

 private:
  unsigned told_ = 0;
  std::string phase_;
};

void news_printer::operator()(const bench::progress& news) {
  const bool is_terminal = isatty(STDERR_FILENO) != 0;
  const bool is_due = told_++ % 10 == 0 || phase_ != news.phase;
  phase_ = news.phase;
  if (!is_terminal && !is_due) return;
  const std::string how_far =
      fmt::format("{:<22} {:>5.0f} s  {:>9} posts", news.phase, news.seconds, news.posts);
  const std::string how_well =
      fmt::format("{:>8.0f}/s  p99 {:>8.2f} ms  tier {}", news.posts_per_s, news.p99_ms, news.tier);
  if (is_terminal) {
    fmt::print(stderr, "\r{}  {}  ", how_far, how_well);
  } else {
    fmt::print(stderr, "{}  {}\n", how_far, how_well);
  }
}

trouble ending_of(const bench::result& found) {
  for (const bench::slo_verdict& each : found.verdicts) {
    if (!each.is_kept) {
      return {exit_code::objective, fmt::format("Not kept: {}.", each.wish)};
    }
  }
  if (!found.is_clean()) {
    return {exit_code::objective, "The checker or the run itself has something to say; see above."};
  }
  return success();
}

/// Each client takes a descriptor.
void allow_many_descriptors() {
  rlimit allowed{};
  getrlimit(RLIMIT_NOFILE, &allowed);
  allowed.rlim_cur = allowed.rlim_max;
  setrlimit(RLIMIT_NOFILE, &allowed);
}

/// What cannot be understood as an address, or looked up, is wrong in the command line.
trouble find_node(bench_flags& flags) {
  try {
    flags.wished.to = bench::destination_of(flags.node);
  } catch (const bench::cannot_measure& why) {
    return {exit_code::usage, why.what()};
  }
  if (flags.wished.to.is_loopback() || flags.may_be_remote) return success();
  return {exit_code::usage,
          fmt::format("{} is not this machine. If you may load it, say --remote.", flags.node)};
}

trouble run_scenario(bench_flags& flags, scenario run) {
  auto objectives = bench::slos_of(flags.slo);
  if (const auto* const why = std::get_if<std::string>(&objectives)) {
    return {exit_code::usage, *why};
  }
  if (trouble why = find_node(flags); why.code != exit_code::success) return why;
  try {
    flags.wished.seconds = std::chrono::seconds{flags.seconds};
    flags.wished.spoken = flags.is_protobuf ? encoding::protobuf : encoding::json;
    flags.wished.loop = flags.is_closed ? bench::loop_kind::closed : bench::loop_kind::open;
    auto people = people_of(flags);
    if (!people) return people.why();
    bench::expect_listener(flags.wished.to);
    allow_many_descriptors();
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    bench::result found = run(flags.wished, **people, {news_printer{}, is_interrupted});
    bench::judge(found, std::get<std::vector<bench::slo>>(objectives));
    if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r{:90}\r", "");
    fmt::print("{}", flags.is_json ? bench::as_json(found) + "\n" : bench::as_text(found));
    return ending_of(found);
  } catch (const bench::cannot_measure& why) {
    return {exit_code::unavailable, why.what()};
  }
}

CLI::App& add_scenario(CLI::App& bench, command& run, const flags_ptr& flags,
                       std::pair<const char*, const char*> name_and_help, scenario which) {
  CLI::App* const line = bench.add_subcommand(name_and_help.first, name_and_help.second);
  add_common_flags(*line, flags);
  line->callback([=, &run] { run = [=] { return run_scenario(*flags, which); }; });
  return *line;
}

void add_clients_flag(CLI::App& line, const flags_ptr& flags, const char* name, const char* help) {
  line.add_option(name, flags->wished.clients, help)
      ->check(CLI::Range(1U, bench::wishes::clients_bound))
      ->capture_default_str();
}

void add_arrivals_flag(CLI::App& line, const flags_ptr& flags) {
  line.add_option("--arrivals", flags->wished.arrivals, "Visitors who come in a second, at first")
      ->check(CLI::Range(0.1, 100'000.0))
      ->capture_default_str();
}

void add_relay(CLI::App& bench, command& run) {
  const auto flags = std::make_shared<bench_flags>();
  CLI::App& line = add_scenario(
      bench, run, flags, {"relay", "Pairs of a visitor and an agent talk"}, bench::run_relay);
  add_clients_flag(line, flags, "--pairs", "Pairs of a visitor and an agent");
  line.add_option("--agents", flags->wished.agents, "Agents; otherwise one for four pairs");
  line.add_option("--rate", flags->wished.rate,
                  "Messages a second, of both sides; otherwise what the pairs may say")
      ->check(is_a_rate);
  line.add_option("--bytes", flags->wished.text_bytes, "Bytes of a message")
      ->check(CLI::Range(std::size_t{32}, limits::text_bytes_max))
      ->capture_default_str();
  line.add_flag("--closed", flags->is_closed, "Each visitor waits for an answer before going on");
}

void add_tiers(CLI::App& bench, command& run) {
  const auto flags = std::make_shared<bench_flags>();
  flags->wished.clients = 900;
  flags->seconds = 180;
  CLI::App& line =
      add_scenario(bench, run, flags, {"tiers", "Load up beyond what the node can take, and back"},
                   bench::run_tiers);
  add_clients_flag(line, flags, "--pairs", "Pairs of a visitor and an agent, one in ten vip");
  line.add_option("--agents", flags->wished.agents, "Agents; otherwise one for four pairs");
  line.add_option("--rate", flags->wished.rate,
                  "Messages a second that the node can take; otherwise a trial finds out")
      ->check(is_a_rate);
}

/// Trouble, or the dialogues of the file in the wishes.
trouble read_corpus(bench_flags& flags) {
  if (flags.corpus.empty()) return success();
  const auto text = text_of_file(flags.corpus);
  if (!text) return text.why();
  auto read = bench::dialogues_of(*text);
  if (const auto* const why = std::get_if<std::string>(&read)) {
    return {exit_code::data, fmt::format("{}: {}", flags.corpus, *why)};
  }
  flags.wished.dialogues = std::move(std::get<std::vector<bench::dialogue>>(read));
  return success();
}

/// What a preset says holds unless something else was said.
void take_preset(const CLI::App& line, bench_flags& flags) {
  if (flags.preset.empty()) return;
  const bool is_team = flags.preset == "team";
  if (line.count("--conversations") == 0) flags.wished.clients = is_team ? 300 : 200;
  if (line.count("--agents") == 0) flags.wished.agents = is_team ? 21 : 1;
}

void add_desk(CLI::App& bench, command& run) {
  const auto flags = std::make_shared<bench_flags>();
  CLI::App& line = add_scenario(bench, run, flags,
                                {"desk", "Visitors come, queue, are assigned, talk and are closed"},
                                bench::run_desk);
  flags->wished.clients = 50;
  add_clients_flag(line, flags, "--conversations", "Conversations at once");
  add_arrivals_flag(line, flags);
  line.add_option("--agents", flags->wished.agents, "Agents; otherwise one for 14 conversations");
  line.add_option("--capacity", flags->wished.capacity,
                  "Conversations that an agent takes at once; the others wait in the queue")
      ->check(CLI::Range(1U, limits::agent_capacity_max));
  line.add_option("--preset", flags->preset,
                  "team: 21 agents with 300 conversations; solo: one agent with 200")
      ->check(CLI::IsMember({"team", "solo"}));
  line.add_option("--corpus", flags->corpus, "Dialogues to replay, JSON lines (docs/bench.md)");
  line.add_option("--pace-ms", flags->pace_ms,
                  "Between hearing and saying; otherwise 500, or what an agent can type at once")
      ->check(CLI::Range(1U, 600'000U));
  line.callback([=, &run, &line] {
    take_preset(line, *flags);
    run = [=] {
      if (trouble why = read_corpus(*flags); why.code != exit_code::success) return why;
      flags->wished.pace = std::chrono::milliseconds{flags->pace_ms};
      return run_scenario(*flags, bench::run_desk);
    };
  });
}

void add_offline(CLI::App& bench, command& run) {
  const auto flags = std::make_shared<bench_flags>();
  flags->seconds = bound_s;
  CLI::App& line =
      add_scenario(bench, run, flags, {"offline", "Messages are kept for visitors who are away"},
                   bench::run_offline);
  add_clients_flag(line, flags, "--visitors", "Visitors who go and come back");
  line.add_option("--messages", flags->wished.messages, "What is said to each while away")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
}

void add_storm(CLI::App& bench, command& run) {
  const auto flags = std::make_shared<bench_flags>();
  flags->seconds = bound_s;
  CLI::App& line = add_scenario(bench, run, flags,
                                {"storm", "All visitors lose their lines and come back at once"},
                                bench::run_storm);
  flags->wished.clients = 1000;
  flags->wished.arrivals = 500;
  add_clients_flag(line, flags, "--visitors", "Visitors with a conversation each");
  add_arrivals_flag(line, flags);
  line.add_option("--rounds", flags->wished.rounds, "How often")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
}

void add_idle(CLI::App& bench, command& run) {
  const auto flags = std::make_shared<bench_flags>();
  CLI::App& line = add_scenario(
      bench, run, flags, {"idle", "Visitors are connected and say nothing"}, bench::run_idle);
  flags->wished.clients = 1000;
  flags->wished.arrivals = 500;
  add_clients_flag(line, flags, "--visitors", "Visitors");
  add_arrivals_flag(line, flags);
}

}  // namespace

void add_bench(CLI::App& line, command& run) {
  CLI::App* const bench =
      line.add_subcommand("bench", "Loads a node and tells how it was (docs/bench.md)");
  bench->require_subcommand(1);
  for (const auto add : {add_relay, add_desk, add_offline, add_storm, add_idle, add_tiers})
    add(*bench, run);
}

}  // namespace frontdesk
