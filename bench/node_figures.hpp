#pragma once

namespace frontdesk::bench {

/// What a process has used, from /proc; all 0 if there is none, or its owner is another.
struct usage {
  double processor_us = 0;
  double resident_bytes = 0;
};

usage usage_of(int process);
usage own_usage();

}  // namespace frontdesk::bench
