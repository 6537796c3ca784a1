#include "node/admin/asking.hpp"

#include "model/fault.hpp"
#include "model/utf8.hpp"
#include "node/admin/admin_socket.hpp"
#include "node/admin/answer_request.hpp"
#include "node/admin/stopped_administration.hpp"
#include "node/admin/unix_socket.hpp"
#include "node/audit/audit_author.hpp"
#include "node/system_clock.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace frontdesk {

namespace {

/// To a question.
trouble silent(const std::string& path) {
  return {exit_code::temporary, fmt::format("The node behind {} did not answer.", path)};
}

/// To what may have been a wish.
trouble lost(const std::string& path) {
  trouble found = silent(path);
  found.sentence += " Ask again, and look first whether the change was made.";
  return found;
}

/// Whoever asks it has nothing to look for.
bool is_question(const admin_json::request& wish) {
  return std::holds_alternative<admin_json::list>(wish) ||
         std::holds_alternative<admin_json::read_stats>(wish) ||
         std::holds_alternative<admin_json::read_audit>(wish) ||
         std::holds_alternative<admin_json::show_quarantined>(wish) ||
         std::holds_alternative<admin_json::start_trace>(wish) ||
         std::holds_alternative<admin_json::read_trace>(wish) ||
         std::holds_alternative<admin_json::end_trace>(wish);
}

trouble unanswered(const admin_json::request& wish, const std::string& path) {
  return is_question(wish) ? silent(path) : lost(path);
}

/// False: it could not be sent, and there will be no answer.
bool send_line(const descriptor& node, const std::string& line) {
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t sent = send(node.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) {
      // It has hung up without listening, and may have said why.
      break;
    }
    if (sent <= 0 && errno != EINTR) {
      return false;
    }
    rest.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
  return true;
}

/// None: it did not answer.
std::optional<std::string> ask_node(const descriptor& node, const std::string& line) {
  if (!send_line(node, line)) {
    return std::nullopt;
  }
  std::string answer;
  std::array<char, 4096> room{};
  while (answer.empty() || answer.back() != '\n') {
    const ssize_t size = read(node.get(), room.data(), room.size());
    if (size == 0 || (size < 0 && errno != EINTR)) {
      return std::nullopt;
    }
    answer.append(room.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  return answer;
}

/// Nobody else can do it.
bool is_for_node(const admin_json::request& wish) {
  return std::holds_alternative<admin_json::pin_tier>(wish) ||
         std::holds_alternative<admin_json::read_stats>(wish) ||
         std::holds_alternative<admin_json::start_trace>(wish) ||
         std::holds_alternative<admin_json::read_trace>(wish) ||
         std::holds_alternative<admin_json::end_trace>(wish);
}

/// A directory that was misspelled shall not be made: only the first tenant makes a desk.
or_trouble<data_folder> folder_for(const admin_json::request& wish, const std::string& data) {
  return std::holds_alternative<admin_json::create_tenant>(wish) ? open_data_folder(data)
                                                                 : open_desk_folder(data);
}

or_trouble<std::string> answer_to(const data_folder& folder, const admin_json::request& wish,
                                  const std::string& line) {
  const std::string path = folder.admin_socket();
  auto node = connect_to(path);
  if (node) {
    auto said = ask_node(*node, line + '\n');
    return said ? or_trouble<std::string>(*std::move(said)) : unanswered(wish, path);
  }
  if (node.why().code != exit_code::unavailable || is_for_node(wish)) {
    return node.why();
  }
  auto stopped = stopped_administration::open(folder);
  if (!stopped) {
    return stopped.why();
  }
  return answer_request(line, **stopped, own_author(audit_origin::command_line),
                        system_clock().now());
}

/// It may name a tenant, and does not.
bool lacks_tenant(const admin_json::request& wish) {
  return std::visit(
      [](const auto& each) {
        if constexpr (requires { each.tenant; }) {
          return each.tenant.empty();
        } else {
          return false;
        }
      },
      wish);
}

trouble trouble_of(const admin_json::refused& why, bool lacks_tenant) {
  for (const fault_entry& each : all_faults()) {
    if (each.name == why.code) {
      return {each.retry ? exit_code::temporary : exit_code::data,
              fmt::format("{} ({}){}", why.message, why.code,
                          lacks_tenant && each.code == fault_code::not_found
                              ? " Where there are several tenants, name one with --tenant."
                              : "")};
    }
  }
  return {exit_code::software, why.message};
}

/// What stands in an answer that is a document.
or_trouble<std::string> document_in(std::string text, const std::string& path, bool lacks_tenant) {
  constexpr std::string_view before = "{\"ok\":";
  constexpr std::string_view after = "}\n";
  if (!text.starts_with(before) || !text.ends_with(after)) {
    const auto said = admin_json::read_answer(text);
    const auto* why = std::get_if<admin_json::refused>(&said);
    return why != nullptr ? trouble_of(*why, lacks_tenant) : silent(path);
  }
  return text.substr(before.size(), text.size() - before.size() - after.size());
}

}  // namespace

or_trouble<admin_json::answer> ask(const std::string& data, const admin_json::request& wish) {
  const std::string line = admin_json::to_json(wish);
  if (!is_utf8(line)) {
    return trouble{exit_code::usage, "What was given is not UTF-8. Set the terminal to UTF-8."};
  }
  if (line.size() >= admin_socket::line_bytes_max) {
    return trouble{exit_code::usage, "What was given is too long."};
  }
  auto folder = folder_for(wish, data);
  if (!folder) {
    return folder.why();
  }
  auto text = answer_to(*folder, wish, line);
  if (!text) {
    return text.why();
  }
  auto said = admin_json::read_answer(*text);
  if (const auto* why = std::get_if<admin_json::refused>(&said)) {
    return trouble_of(*why, lacks_tenant(wish));
  }
  return std::move(std::get<admin_json::answer>(said));
}

or_trouble<awaited_document> awaited_document::ask(const std::string& data,
                                                   const admin_json::request& wish,
                                                   std::chrono::milliseconds patience) {
  auto folder = open_desk_folder(data);
  if (!folder) {
    return folder.why();
  }
  const std::string path = folder->admin_socket();
  auto node = connect_to(path, patience);
  if (!node) {
    return node.why();
  }
  if (!send_line(*node, admin_json::to_json(wish) + '\n')) {
    return unanswered(wish, path);
  }
  return awaited_document(std::move(*node), path, lacks_tenant(wish));
}

std::optional<or_trouble<std::string>> awaited_document::take() {
  std::array<char, 4096> room{};
  while (come_.empty() || come_.back() != '\n') {
    const ssize_t size = recv(node_.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return std::nullopt;
    }
    if (size == 0 || (size < 0 && errno != EINTR)) {
      return silent(path_);
    }
    come_.append(room.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  return document_in(std::move(come_), path_, lacks_tenant_);
}

or_trouble<std::string> ask_document(const std::string& data, const admin_json::request& wish) {
  using steady = std::chrono::steady_clock;
  const auto until = steady::now() + answer_patience;
  auto asked = awaited_document::ask(data, wish, answer_patience);
  if (!asked) {
    return asked.why();
  }
  while (steady::now() < until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady::now());
    pollfd node{asked->readable(), POLLIN, 0};
    poll(&node, 1, static_cast<int>(left.count()));
    if (auto come = asked->take()) {
      return std::move(*come);
    }
  }
  return silent(asked->path());
}

or_trouble<stats_json::digest> ask_stats(const std::string& data) {
  const auto said = ask_document(data, admin_json::read_stats{});
  return said ? stats_in(*said) : said.why();
}

or_trouble<stats_json::digest> stats_in(const std::string& document) {
  auto seen = stats_json::read_digest(document);
  if (!seen) {
    return trouble{exit_code::data,
                   "The node said something else than its statistics. Is it as new?"};
  }
  return std::move(*seen);
}

or_trouble<std::vector<admin_json::entry>> ask_all(const std::string& data, admin_json::list wish) {
  std::vector<admin_json::entry> all;
  do {
    auto page = ask(data, wish);
    if (!page) {
      return page.why();
    }
    for (admin_json::entry& each : page->entries) {
      all.push_back(std::move(each));
    }
    wish.after = page->next;
  } while (wish.after != 0);
  return all;
}

}  // namespace frontdesk
