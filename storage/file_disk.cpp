#include "storage/file_disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace frontdesk {

namespace {

class open_file {
 public:
  open_file(const std::string& path, int how) : number_(::open(path.c_str(), how, 0600)) {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  const int number_;
};

fault_code fault_of(int error) {
  return error == ENOSPC || error == EDQUOT ? fault_code::storage_full : fault_code::storage_failed;
}

/// 0, or the error.
int write_all(int to, std::uint64_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = pwrite(to, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put < 0 && errno != EINTR) return errno;
    const auto moved = static_cast<std::size_t>(put > 0 ? put : 0);
    bytes.remove_prefix(moved);
    at += moved;
  }
  return 0;
}

}  // namespace

fault_code file_disk::before(file_step step, std::string_view path) const {
  if (!watch_) return fault_code::none;
  switch (watch_(step, path)) {
    case disk_fault::none:
      break;
    case disk_fault::no_space:
      return fault_code::storage_full;
    case disk_fault::io_error:
      return fault_code::storage_failed;
  }
  return fault_code::none;
}

fault_or<done> file_disk::make_folder(const std::string& path, const std::string& above) const {
  if (const auto why = before(file_step::make_folder, path); why != fault_code::none) return why;
  // Whoever found it there may have been cut off before it was synced.
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fault_of(errno);
  return sync_folder(above);
}

fault_or<done> file_disk::sync_folder(const std::string& path) const {
  if (const auto why = before(file_step::sync, path); why != fault_code::none) return why;
  const open_file folder(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder.number() < 0 || fsync(folder.number()) != 0) return fault_of(errno);
  return done{};
}

fault_or<done> file_disk::sync_file(const std::string& path) const {
  if (const auto why = before(file_step::sync, path); why != fault_code::none) return why;
  const open_file file(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file.number() < 0 || fsync(file.number()) != 0) return fault_of(errno);
  return done{};
}

fault_or<done> file_disk::write_whole(const std::string& path, std::string_view bytes) const {
  const std::string draft = path + ".draft";
  if (const auto why = before(file_step::write, draft); why != fault_code::none) return why;
  {
    const open_file file(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
    if (file.number() < 0) return fault_of(errno);
    if (const int error = write_all(file.number(), 0, bytes); error != 0) return fault_of(error);
  }
  if (auto synced = sync_file(draft); !synced) return synced;
  return move(draft, path);
}

fault_or<done> file_disk::append(const std::string& path, std::uint64_t from,
                                 std::string_view bytes) const {
  if (const auto why = before(file_step::write, path); why != fault_code::none) return why;
  const open_file file(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file.number() < 0) return fault_of(errno);
  const int error = write_all(file.number(), from, bytes);
  if (error == 0) return done{};
  return ftruncate(file.number(), static_cast<off_t>(from)) == 0 ? fault_of(error)
                                                                 : fault_code::storage_failed;
}

fault_or<done> file_disk::truncate(const std::string& path, std::uint64_t bytes) const {
  if (const auto why = before(file_step::write, path); why != fault_code::none) return why;
  if (::truncate(path.c_str(), static_cast<off_t>(bytes)) != 0) return fault_of(errno);
  return done{};
}

fault_or<done> file_disk::move(const std::string& from, const std::string& to) const {
  if (const auto why = before(file_step::move, to); why != fault_code::none) return why;
  if (rename(from.c_str(), to.c_str()) != 0) return fault_of(errno);
  return done{};
}

fault_or<done> file_disk::remove_all(const std::string& path) const {
  if (const auto why = before(file_step::remove, path); why != fault_code::none) return why;
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return error ? fault_or<done>{fault_of(error.value())} : done{};
}

fault_or<std::string> read_whole(const std::string& path, std::size_t bytes_max) {
  const open_file file(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file.number() < 0) {
    return errno == ENOENT ? fault_code::not_found : fault_code::storage_failed;
  }
  std::string bytes(bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.number(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno != EINTR) return fault_code::storage_failed;
    if (got == 0) break;
    size += static_cast<std::size_t>(got > 0 ? got : 0);
  }
  if (size > bytes_max) return fault_code::storage_failed;
  bytes.resize(size);
  return bytes;
}

}  // namespace frontdesk
