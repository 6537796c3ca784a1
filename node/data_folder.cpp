#include "node/data_folder.hpp"

#include "net/identity/token.hpp"
#include "node/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

namespace frontdesk {

namespace {

namespace files = std::filesystem;

constexpr std::size_t secret_bytes = 64;

trouble failed_to(std::string_view what, const std::string& path, int error) {
  const bool is_refused = error == EACCES || error == EPERM || error == EROFS;
  const bool is_full = error == ENOSPC || error == EDQUOT;
  const exit_code code = is_refused ? exit_code::no_permission
                         : is_full  ? exit_code::temporary
                                    : exit_code::input_output;
  const std::string_view help =
      is_refused ? " Choose another directory with --data, or give this one to the user who starts "
                   "frontdesk."
      : is_full  ? " Free some space and start again."
                 : "";
  return {code, fmt::format("{} cannot be {}: {}.{}", path, what, std::strerror(error), help)};
}

bool sync_folder(const std::string& path) {
  const descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.get() >= 0 && fsync(folder.get()) == 0;
}

// Either the error or none.
int write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return 0;
}

// Under another name first, so that no power cut leaves half a secret.
std::optional<trouble> write_secret(const data_folder& folder, const std::string& secret) {
  const std::string draft = folder.secret() + ".draft";
  {
    const descriptor file(
        open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) {
      return failed_to("made", draft, errno);
    }
    if (const int error = write_all(file.get(), secret); error != 0) {
      return failed_to("written", draft, error);
    }
    if (fsync(file.get()) != 0) {
      return failed_to("written", draft, errno);
    }
  }
  if (rename(draft.c_str(), folder.secret().c_str()) != 0) {
    return failed_to("made", folder.secret(), errno);
  }
  if (!sync_folder(folder.path)) {
    return failed_to("written", folder.path, errno);
  }
  return std::nullopt;
}

or_trouble<std::string> make_secret(const data_folder& folder) {
  std::string secret(secret_bytes, '\0');
  if (getentropy(secret.data(), secret.size()) != 0) {
    return failed_to("made", folder.secret(), errno);
  }
  if (auto why = write_secret(folder, secret)) {
    return *why;
  }
  return secret;
}

}  // namespace

bool has_desk(const std::string& path) {
  std::error_code ignored;
  return files::is_directory(data_folder{path}.store(), ignored);
}

or_trouble<data_folder> open_desk_folder(const std::string& path) {
  std::error_code why;
  const bool is_there = files::is_directory(data_folder{path}.store(), why);
  // Where nobody may look, opening it says so.
  if (!is_there && why != std::errc::permission_denied) {
    return trouble{exit_code::unavailable, fmt::format("There is no desk in {}.", path)};
  }
  return open_data_folder(path);
}

or_trouble<data_folder> open_data_folder(const std::string& path) {
  std::error_code error;
  const files::path whole = files::absolute(path, error).lexically_normal();
  std::string clean = whole.string();
  while (clean.size() > 1 && clean.back() == '/') {
    clean.pop_back();
  }
  const auto make = [&clean] { return mkdir(clean.c_str(), 0700) == 0 ? 0 : errno; };
  int made = make();
  if (made == ENOENT) {
    files::create_directories(files::path(clean).parent_path(), error);
    if (error) {
      return failed_to("made", clean, error.value());
    }
    made = make();
  }
  struct stat found {};
  if (stat(clean.c_str(), &found) != 0) {
    // Why it is not there is what its making said, unless it was there all along.
    return failed_to("made", clean, made == 0 || made == EEXIST ? errno : made);
  }
  if (!S_ISDIR(found.st_mode)) {
    return trouble{exit_code::input_output, fmt::format("{} is not a directory.", clean)};
  }
  if (eaccess(clean.c_str(), R_OK | W_OK | X_OK) != 0) {
    return failed_to("used", clean, errno);
  }
  sync_folder(files::path(clean).parent_path().string());
  return data_folder{clean};
}

or_trouble<std::string> secret_of(const data_folder& folder) {
  const descriptor file(open(folder.secret().c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return errno == ENOENT ? make_secret(folder)
                           : or_trouble<std::string>{failed_to("read", folder.secret(), errno)};
  }
  std::array<char, 4096> bytes{};
  const ssize_t size = read(file.get(), bytes.data(), bytes.size());
  if (size < 0) {
    return failed_to("read", folder.secret(), errno);
  }
  if (static_cast<std::size_t>(size) < token_key::secret_bytes_min) {
    return trouble{
        exit_code::data,
        fmt::format("{} has fewer than {} bytes. Restore it from a backup; or remove it, "
                    "and everybody has to sign in again.",
                    folder.secret(), token_key::secret_bytes_min)};
  }
  return std::string(bytes.data(), static_cast<std::size_t>(size));
}

trouble trouble_of(const open_failure& why) {
  switch (why.problem) {
    case open_problem::in_use:
      return {exit_code::unavailable, why.sentence};
    case open_problem::not_permitted:
      return {exit_code::no_permission, why.sentence};
    case open_problem::newer_format:
    case open_problem::damaged:
      return {exit_code::data, why.sentence};
    case open_problem::no_space:
      return {exit_code::temporary, why.sentence};
    case open_problem::other:
      break;
  }
  return {exit_code::input_output, why.sentence};
}

}  // namespace frontdesk
