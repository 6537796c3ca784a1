#include "node/doctor/nameless_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>

namespace frontdesk {

descriptor nameless_file(const std::string& folder) {
  descriptor file(open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  // A kernel or a file system that does not know it takes it for a wish to write to the folder.
  const bool is_unknown = file.get() < 0 && (errno == EOPNOTSUPP || errno == EISDIR);
  return is_unknown ? unnamed_file(folder) : std::move(file);
}

descriptor unnamed_file(const std::string& folder) {
  std::string path = folder + "/.frontdesk-doctor-XXXXXX";
  descriptor file(mkostemp(path.data(), O_CLOEXEC));
  if (file.get() >= 0) {
    unlink(path.c_str());
  }
  return file;
}

}  // namespace frontdesk
