#include "storage/file_store.hpp"

#include "model/limits.hpp"
#include "storage/file_digest.hpp"
#include "wire/file_record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <utility>

namespace frontdesk {

namespace {

namespace files = std::filesystem;

constexpr std::size_t digest_bytes = 32;
constexpr std::size_t about_bytes_max = 4096;

std::string tenant_folder(const std::string& root, tenant_id tenant) {
  return fmt::format("{}/{:08x}", root, tenant.value);
}

std::string unposted_folder(const std::string& root, const kept_file& file) {
  return fmt::format("{}/unposted/{}", tenant_folder(root, file.tenant), to_text(file.what.id));
}

std::string conversation_folder(const std::string& root, conversation_name name) {
  return fmt::format("{}/posted/{}", tenant_folder(root, name.tenant), to_text(name.conversation));
}

std::string posted_folder(const std::string& root, conversation_name name, file_id id) {
  return conversation_folder(root, name) + "/" + to_text(id);
}

std::string above(const std::string& path) {
  return files::path(path).parent_path().string();
}

std::string last_of(const std::string& path) {
  return files::path(path).filename().string();
}

bool is_there(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0;
}

/// The names in a folder; none if there is no such folder.
fault_or<std::vector<std::string>> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (files::directory_iterator at(folder, error), end; !error && at != end;) {
    names.push_back(at->path().filename().string());
    at.increment(error);
  }
  const bool is_none = error == std::errc::no_such_file_or_directory;
  return error && !is_none ? fault_or<std::vector<std::string>>{fault_code::storage_failed} : names;
}

class bytes_of_file final : public file_bytes {
 public:
  bytes_of_file(int number, std::uint64_t size) : number_(number), size_(size) {}
  ~bytes_of_file() override { close(number_); }

  static std::shared_ptr<bytes_of_file> open(const std::string& path) {
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (number < 0) return nullptr;
    struct stat found {};
    const bool is_known = fstat(number, &found) == 0;
    return std::make_shared<bytes_of_file>(
        number, is_known ? static_cast<std::uint64_t>(found.st_size) : 0);
  }

  std::uint64_t size() const override { return size_; }

  std::string read(std::uint64_t from, std::size_t count) override {
    std::string bytes(count, '\0');
    std::size_t size = 0;
    while (size < count) {
      const ssize_t got =
          pread(number_, bytes.data() + size, count - size, static_cast<off_t>(from + size));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
    return bytes;
  }

 private:
  const int number_;
  const std::uint64_t size_;
};

}  // namespace

file_store::file_store(options chosen) : options_(std::move(chosen)), disk_(options_.watch) {}

fault_or<std::unique_ptr<file_store>> file_store::open(options chosen) {
  std::unique_ptr<file_store> made(new file_store(std::move(chosen)));
  if (const auto ready = made->put_in_order(); !ready) return ready.error();
  return made;
}

// ---- What the last run left.

fault_or<done> file_store::put_in_order() {
  const std::string& root = options_.folder;
  if (auto made = disk_.make_folder(root, above(root)); !made) return made;
  for (const char* const each : {"draft", "trash"}) {
    if (auto gone = disk_.remove_all(root + "/" + each); !gone) return gone;
  }
  for (const char* const each : {"draft", "trash", "damaged"}) {
    if (auto made = disk_.make_folder(root + "/" + each, root); !made) return made;
  }
  const auto tenants = names_in(root);
  if (!tenants) return tenants.error();
  for (const std::string& tenant : *tenants) {
    const std::string folder = root + "/" + tenant + "/unposted";
    const auto ids = names_in(folder);
    if (!ids) return ids.error();
    for (const std::string& id : *ids) {
      if (auto ready = put_in_order(folder, id); !ready) return ready;
    }
  }
  return done{};
}

fault_or<done> file_store::put_in_order(const std::string& unposted, const std::string& id) {
  const std::string folder = unposted + "/" + id;
  auto file = read_about(folder);
  if (!file || unposted_folder(options_.folder, *file) != folder) {
    if (options_.tell) {
      options_.tell(
          fmt::format("What is known of the file {} cannot be read. It is kept aside in "
                      "{}/damaged.",
                      id, options_.folder));
    }
    const std::string aside = options_.folder + "/damaged/" + id;
    if (is_there(aside)) return done{};
    if (auto moved = disk_.move(folder, aside); !moved) return moved;
    return disk_.sync_folder(unposted);
  }
  if (file->is_posted()) return keep(*file);
  if (file->is_complete || file->boot == options_.boot) return done{};
  // Since then the machine was started anew, and what was not synced may be anything.
  if (auto cut = disk_.truncate(folder + "/bytes", 0); !cut) return cut;
  file->boot = options_.boot;
  return note(*file);
}

fault_or<std::vector<file_store::upload>> file_store::unposted() const {
  std::vector<upload> all;
  const auto tenants = names_in(options_.folder);
  if (!tenants) return tenants.error();
  for (const std::string& tenant : *tenants) {
    const std::string folder = options_.folder + "/" + tenant + "/unposted";
    const auto ids = names_in(folder);
    if (!ids) return ids.error();
    for (const std::string& id : *ids) {
      auto file = read_about(folder + "/" + id);
      // What cannot be read was set aside at the start, if it was not a fault of the moment.
      if (!file && is_there(options_.folder + "/damaged/" + id)) continue;
      if (!file) return file.error();
      struct stat found {};
      if (stat((folder + "/" + id + "/bytes").c_str(), &found) != 0) {
        return fault_code::storage_failed;
      }
      all.push_back({std::move(*file), static_cast<std::uint64_t>(found.st_size)});
    }
  }
  return all;
}

// ---- Uploads.

fault_or<done> file_store::begin(kept_file& file) {
  if (options_.is_short && options_.is_short()) return fault_code::storage_full;
  file.boot = options_.boot;
  const std::string draft = options_.folder + "/draft/" + to_text(file.what.id);
  const std::string place = unposted_folder(options_.folder, file);
  const std::string tenant = tenant_folder(options_.folder, file.tenant);
  const auto make = [&]() -> fault_or<done> {
    if (auto made = disk_.make_folder(draft, options_.folder + "/draft"); !made) return made;
    if (auto made = disk_.write_whole(draft + "/bytes", {}); !made) return made;
    if (auto made = write_about(draft, file); !made) return made;
    if (auto made = disk_.make_folder(tenant, options_.folder); !made) return made;
    if (auto made = disk_.make_folder(above(place), tenant); !made) return made;
    if (auto made = disk_.move(draft, place); !made) return made;
    return disk_.sync_folder(above(place));
  };
  auto made = make();
  if (made) return made;
  for (const std::string& rest : {draft, place}) {
    // What stays of it is in nobody's way: it expires, or is swept up at the next start.
    if (const auto gone = disk_.remove_all(rest); !gone && options_.tell) {
      options_.tell("What was begun of an upload could not be removed.");
    }
  }
  return made;
}

fault_or<done> file_store::append(const kept_file& file, std::uint64_t from,
                                  std::string_view bytes) {
  assert(!file.is_complete && from + bytes.size() <= file.what.bytes);
  if (options_.is_short && options_.is_short()) return fault_code::storage_full;
  return disk_.append(unposted_folder(options_.folder, file) + "/bytes", from, bytes);
}

fault_or<done> file_store::complete(kept_file& file) {
  const std::string folder = unposted_folder(options_.folder, file);
  kept_file whole = file;
  auto made = disk_.sync_file(folder + "/bytes");
  if (made) made = look_at_all(whole);
  if (made) {
    whole.is_complete = true;
    whole.boot.clear();
    made = write_about(folder, whole);
  }
  if (made) {
    file = std::move(whole);
    return made;
  }
  // Nothing of it was promised. To try again could say of lost bytes that they are there.
  if (const auto gone = drop(file); !gone && options_.tell) {
    options_.tell("An upload that was refused could not be removed.");
  }
  return made;
}

fault_or<done> file_store::look_at_all(kept_file& file) const {
  const auto from = bytes_of_file::open(unposted_folder(options_.folder, file) + "/bytes");
  if (!from || from->size() != file.what.bytes) return fault_code::storage_failed;
  auto digest = digest_of(*from);
  if (!digest) return fault_code::storage_failed;
  const auto look = look_at(*from);
  if (!look || !is_as_claimed(file.what.type, look->type)) return fault_code::file_type;
  file.digest = std::move(*digest);
  file.what.type = look->type;
  // Of films nobody here knows a size, so what the uploader said stands.
  if (look->width > 0 || !look->type.starts_with("video/")) {
    file.what.width = look->width;
    file.what.height = look->height;
  }
  return done{};
}

fault_or<done> file_store::put_thumbnail(kept_file& file, std::string_view bytes) {
  if (options_.is_short && options_.is_short()) return fault_code::storage_full;
  if (!look_at_thumbnail(bytes)) return fault_code::file_type;
  const std::string folder = unposted_folder(options_.folder, file);
  if (auto made = disk_.write_whole(folder + "/thumbnail", bytes); !made) return made;
  kept_file pictured = file;
  pictured.what.has_thumbnail = true;
  if (auto made = write_about(folder, pictured); !made) return made;
  file = std::move(pictured);
  return done{};
}

fault_or<done> file_store::note(const kept_file& file) {
  return write_about(unposted_folder(options_.folder, file), file);
}

// ---- Posted ones.

fault_or<done> file_store::keep(const kept_file& file) {
  assert(file.is_complete && file.is_posted());
  const conversation_name name{file.tenant, file.conversation};
  const std::string from = unposted_folder(options_.folder, file);
  const std::string to = posted_folder(options_.folder, name, file.what.id);
  const std::string all = above(above(to));
  // A backup that was made while it went over has it at both places.
  if (is_there(to + "/about")) return remove(from, above(from));
  if (auto made = write_about(from, file); !made) return made;
  if (auto made = disk_.make_folder(all, above(all)); !made) return made;
  if (auto made = disk_.make_folder(above(to), all); !made) return made;
  if (auto moved = disk_.move(from, to); !moved) return moved;
  if (auto synced = disk_.sync_folder(above(to)); !synced) return synced;
  return disk_.sync_folder(above(from));
}

fault_or<kept_file> file_store::find_posted(conversation_name where, file_id id) const {
  auto file = read_about(posted_folder(options_.folder, where, id));
  if (!file) {
    const bool is_none = file.error().code == fault_code::not_found;
    return is_none ? fault{fault_code::unknown_file} : file.error();
  }
  return file;
}

fault_or<std::shared_ptr<file_bytes>> file_store::open_part(const kept_file& file,
                                                            parts part) const {
  if (part == parts::thumbnail && !file.what.has_thumbnail) return fault_code::unknown_file;
  const std::string name = part == parts::content ? "/bytes" : "/thumbnail";
  const conversation_name where{file.tenant, file.conversation};
  const std::string posted = posted_folder(options_.folder, where, file.what.id);
  for (const std::string& folder : {posted, unposted_folder(options_.folder, file)}) {
    if (auto opened = bytes_of_file::open(folder + name)) {
      return std::shared_ptr<file_bytes>(std::move(opened));
    }
  }
  return errno == ENOENT ? fault_code::unknown_file : fault_code::storage_failed;
}

std::vector<kept_file> file_store::some_posted(std::size_t count_max) {
  std::error_code error;
  std::vector<kept_file> found;
  if (posted_walk_ == files::recursive_directory_iterator{}) {
    if (std::exchange(is_walk_begun_, !is_walk_begun_)) return found;
    posted_walk_ = files::recursive_directory_iterator(options_.folder, error);
  }
  while (!error && posted_walk_ != files::recursive_directory_iterator{} &&
         found.size() < count_max) {
    const files::path at = posted_walk_->path();
    // FOLDER/TENANT/posted/CONVERSATION/FILE
    const bool is_file = posted_walk_.depth() == 3;
    const bool leads_there = posted_walk_.depth() != 1 || at.filename() == "posted";
    if (is_file) {
      if (auto file = read_about(at.string())) found.push_back(std::move(*file));
    }
    if (is_file || !leads_there) posted_walk_.disable_recursion_pending();
    posted_walk_.increment(error);
  }
  // What was removed meanwhile ends the walk; the next one begins anew.
  if (error) posted_walk_ = {};
  return found;
}

// ---- Removing.

fault_or<done> file_store::drop(const kept_file& file) {
  {
    const std::lock_guard guard(mutex_);
    if (holds_count_ > 0) {
      held_back_.push_back(file);
      return done{};
    }
  }
  const conversation_name where{file.tenant, file.conversation};
  const std::string posted = posted_folder(options_.folder, where, file.what.id);
  for (const std::string& folder : {posted, unposted_folder(options_.folder, file)}) {
    if (!is_there(folder)) continue;
    if (auto gone = remove(folder, above(folder)); !gone) return gone;
  }
  return done{};
}

fault_or<done> file_store::remove(const std::string& folder, const std::string& above) {
  const std::string trash = options_.folder + "/trash/" + last_of(folder);
  if (auto moved = disk_.move(folder, trash); !moved) return moved;
  if (auto synced = disk_.sync_folder(above); !synced) return synced;
  return disk_.remove_all(trash);
}

file_store::hold file_store::hold_removals() {
  const std::lock_guard guard(mutex_);
  ++holds_count_;
  return hold(*this);
}

file_store::hold::~hold() {
  if (store_ != nullptr) store_->end_hold();
}

void file_store::end_hold() {
  std::vector<kept_file> dropped;
  {
    const std::lock_guard guard(mutex_);
    if (--holds_count_ > 0) return;
    dropped = std::exchange(held_back_, {});
  }
  for (const kept_file& file : dropped) {
    // What stays is found again: a posted one without its message, or an upload that is too old.
    if (const auto gone = drop(file); !gone && options_.tell) {
      options_.tell("A deleted file could not be removed; it is tried again.");
    }
  }
}

// ---- About.

fault_or<done> file_store::write_about(const std::string& folder, const kept_file& file) const {
  const std::string record = to_bytes(file);
  const std::string path = folder + "/about";
  if (auto made = disk_.write_whole(path, digest_of(record) + record); !made) return made;
  return disk_.sync_folder(folder);
}

fault_or<kept_file> file_store::read_about(const std::string& folder) const {
  const auto bytes = read_whole(folder + "/about", about_bytes_max);
  if (!bytes) return bytes.error();
  const std::string_view record =
      std::string_view(*bytes).substr(std::min(digest_bytes, bytes->size()));
  if (bytes->size() < digest_bytes || digest_of(record) != bytes->substr(0, digest_bytes)) {
    return fault_code::storage_failed;
  }
  auto file = kept_file_from_bytes(record);
  if (!file) return fault_code::storage_failed;
  return std::move(*file);
}

// ---- Backups.

namespace {

fault_or<done> link_file(const std::string& from, const std::string& to) {
  std::error_code error;
  files::create_directories(to, error);
  for (const char* const part : {"/bytes", "/thumbnail", "/about"}) {
    if (link((from + part).c_str(), (to + part).c_str()) != 0 && errno != ENOENT) {
      return errno == ENOSPC ? fault_code::storage_full : fault_code::storage_failed;
    }
  }
  // It may have moved on meanwhile; then it is met again where it went.
  if (!error && !is_there(to + "/about")) files::remove_all(to, error);
  return error ? fault_or<done>{fault_code::storage_failed} : done{};
}

}  // namespace

fault_or<done> file_store::link_into(const std::string& folder) const {
  std::error_code error;
  if (!files::create_directory(folder, error) || error) return fault_code::storage_failed;
  const auto tenants = names_in(options_.folder);
  if (!tenants) return tenants.error();
  const auto link_all = [&](const std::string& within) -> fault_or<done> {
    const auto ids = names_in(options_.folder + within);
    if (!ids) return ids.error();
    for (const std::string& id : *ids) {
      const std::string from = options_.folder + within + "/" + id;
      const auto file = read_about(from);
      if (!file || !file->is_complete) continue;
      if (auto made = link_file(from, folder + within + "/" + id); !made) return made;
    }
    return done{};
  };
  // Files move from here to there only: whoever is missed here is met there.
  for (const std::string& tenant : *tenants) {
    if (auto made = link_all("/" + tenant + "/unposted"); !made) return made;
    const std::string posted = "/" + tenant + "/posted";
    const auto conversations = names_in(options_.folder + posted);
    if (!conversations) return conversations.error();
    for (const std::string& each : *conversations) {
      if (auto made = link_all(posted + "/" + each); !made) return made;
    }
  }
  return done{};
}

std::optional<std::string> first_damaged_file(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : files::recursive_directory_iterator(folder, error)) {
    if (entry.path().filename() != "about") continue;
    const std::string place = entry.path().parent_path().string();
    const auto about = read_whole(place + "/about", about_bytes_max);
    const auto file = about && about->size() > digest_bytes
                          ? kept_file_from_bytes(std::string_view(*about).substr(digest_bytes))
                          : std::nullopt;
    const auto bytes = bytes_of_file::open(place + "/bytes");
    const auto digest = bytes ? digest_of(*bytes) : std::nullopt;
    if (!file || !digest || *digest != file->digest) return place;
  }
  return error ? std::optional{folder} : std::nullopt;
}

}  // namespace frontdesk
