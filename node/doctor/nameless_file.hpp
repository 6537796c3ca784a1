#pragma once

#include "node/descriptor.hpp"

#include <string>

namespace frontdesk {

/// A file in this folder that has no name, so that nothing stays, whatever happens. Where the file
/// system has no such files (NFS, FAT, some of FUSE), one whose name is taken away at once. -1 and
/// `errno`: none can be made.
descriptor nameless_file(const std::string& folder);

/// The second kind, whatever the file system has.
descriptor unnamed_file(const std::string& folder);

}  // namespace frontdesk
