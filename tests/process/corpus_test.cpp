#include "bench/checker/checker.hpp"
#include "tests/process/corpus_player.hpp"
#include "tests/process/node_process.hpp"
#include "tests/repository.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace frontdesk::process {
namespace {

constexpr std::size_t at_a_time = 24;

/// The dialogues of `FRONTDESK_CORPUS`, or the great collection if it lies beside the sources, or
/// our own few.
std::string corpus_path() {
  if (const char* chosen = std::getenv("FRONTDESK_CORPUS"); chosen != nullptr) {
    return chosen;
  }
  const auto great = repository() / "../shared/corpus/conversations.jsonl";
  const auto own = repository() / "tests/process/dialogues.jsonl";
  return (std::filesystem::exists(great) ? great : own).string();
}

/// What was said in each conversation, in the order of the log: `agent> text`, `visitor> text`.
std::map<std::string, std::vector<std::string>> said_in(const std::string& inspected) {
  std::map<std::string, std::vector<std::string>> said;
  std::istringstream lines(inspected);
  for (std::string text; std::getline(lines, text);) {
    const boost::json::value line = boost::json::parse(text);
    if (line.at("kind").as_string() != "message") {
      continue;
    }
    const std::string author(line.at("author").as_string());
    said[std::string(line.at("conversation").as_string())].push_back(
        author.substr(0, author.find(':')) + "> " + std::string(line.at("text").as_string()));
  }
  return said;
}

std::vector<std::string> lines_of(const dialogue& what) {
  std::vector<std::string> lines;
  for (const turn& each : what.turns) {
    lines.push_back((each.is_agents ? "agent> " : "visitor> ") + each.text);
  }
  return lines;
}

TEST(Corpus, IsRecordedWordForWord) {
  const std::string path = corpus_path();
  SCOPED_TRACE(path);
  const std::vector<dialogue> dialogues = dialogues_of(path);
  ASSERT_FALSE(dialogues.empty());
  const temp_folder folder;
  node_process node(folder.path("data"));
  furnish(node.data());
  node.start();
  std::vector<signed_in> agents;
  for (const std::string& email : furniture{}.agents) {
    agents.push_back(sign_in({node.port()}, email, furniture::password));
  }

  checker::history seen;
  std::map<std::string, std::string> conversations;
  {
    corpus_player player({node.port()}, seen, agents);
    EXPECT_TRUE(player.play(dialogues, at_a_time)) << player.complaint() << node.log();
    conversations = player.conversations();
  }
  EXPECT_EQ(node.stop(), 0) << node.log();

  const std::string inspected = output_of({"inspect", "--json", "--data", node.data()});
  add_stored(seen, inspected);
  const checker::report found = checker::check(seen);
  EXPECT_TRUE(found.is_clean()) << found.text();
  const auto said = said_in(inspected);
  EXPECT_EQ(said.size(), dialogues.size());
  for (const dialogue& each : dialogues) {
    const auto at = said.find(conversations[each.id]);
    ASSERT_NE(at, said.end()) << each.id << " was not played";
    EXPECT_EQ(at->second, lines_of(each)) << each.id;
  }
  fmt::print("{} dialogues, {}\n", dialogues.size(), found.summary());
}

}  // namespace
}  // namespace frontdesk::process
