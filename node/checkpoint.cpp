#include "node/checkpoint.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <system_error>
#include <utility>

namespace frontdesk {

namespace {

/// The kernel draws it at each start of the machine.
std::string boot_of_machine() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(in, id);
  // Where it cannot be read, every start of the node counts as one of the machine.
  return in ? id.substr(0, 64) : std::to_string(std::random_device{}());
}

}  // namespace

fault_or<std::unique_ptr<file_store>> open_files(const data_folder& folder,
                                                 std::function<bool()> is_short,
                                                 std::function<void(std::string_view)> tell) {
  file_store::options how;
  how.folder = folder.files();
  how.boot = boot_of_machine();
  how.is_short = std::move(is_short);
  how.tell = std::move(tell);
  return file_store::open(std::move(how));
}

fault_or<done> make_checkpoint(const data_folder& folder, rocks_store& rows, file_store& kept) {
  remove_checkpoint(folder);
  const auto held = kept.hold_removals();
  if (auto made = rows.checkpoint(folder.checkpoint()); !made) return made;
  auto linked = kept.link_into(folder.checkpoint_files());
  if (!linked) remove_checkpoint(folder);
  return linked;
}

void remove_checkpoint(const data_folder& folder) {
  remove_rocks_store(folder.checkpoint());
  std::error_code ignored;
  std::filesystem::remove_all(folder.checkpoint_files(), ignored);
}

}  // namespace frontdesk
