#include "node/backup.hpp"

#include "node/commands/directory_command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace frontdesk {

namespace {

/// Runs `work` on the folder and the data directory that the command line names, and says what came
/// of it.
template <class Work>
void add_folder_command(CLI::App& line, command& run, const char* folder_help, Work work) {
  const auto flags = add_directory_flags(line);
  const auto folder = std::make_shared<std::string>();
  line.add_option("folder", *folder, folder_help)->required();
  line.callback([=, &run] {
    run = [=] {
      const auto chosen = settings_of(flags->settings);
      if (!chosen) return chosen.why();
      return work(*folder, chosen->data);
    };
  });
}

trouble backup(const std::string& folder, const std::string& data) {
  const auto made = make_backup(data, folder);
  if (!made) return made.why();
  fmt::print("{}: {} files, {} bytes, read back and whole\n", made->folder, made->files_count,
             made->bytes);
  return success();
}

trouble restore(const std::string& folder, const std::string& data) {
  const auto made = restore_backup(folder, data);
  if (!made) return made.why();
  fmt::print(
      "{}: the desk as it was at {}, {} files, {} bytes, whole\n"
      "Start it with: frontdesk start --data {}\n",
      data, made->made_at, made->files_count, made->bytes, data);
  return success();
}

}  // namespace

void add_backup(CLI::App& line, command& run) {
  add_folder_command(*line.add_subcommand("backup", "Copy the desk, whether it runs or not"), run,
                     "A folder that does not exist yet; whoever reads it can be anybody", backup);
}

void add_restore(CLI::App& line, command& run) {
  add_folder_command(*line.add_subcommand("restore", "Make a desk of a backup"), run,
                     "A folder that `frontdesk backup` has made", restore);
}

}  // namespace frontdesk
