#pragma once

#include <gtest/gtest.h>
#include <sched.h>

/// This thread, and what it starts, may use one processor as long as this lives.
class one_processor {
 public:
  one_processor() {
    EXPECT_EQ(sched_getaffinity(0, sizeof before_, &before_), 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++i)
      if (CPU_ISSET(i, &before_)) CPU_SET(i, &one);
    EXPECT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  }
  one_processor(const one_processor&) = delete;
  one_processor& operator=(const one_processor&) = delete;
  ~one_processor() { sched_setaffinity(0, sizeof before_, &before_); }

  int count_before() const { return CPU_COUNT(&before_); }

 private:
  cpu_set_t before_{};
};
