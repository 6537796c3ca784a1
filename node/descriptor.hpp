#pragma once

#include <unistd.h>

#include <utility>

namespace frontdesk {

/// An open file of the system, closed when it is forgotten.
class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() {
    if (number_ >= 0) {
      close(number_);
    }
  }

  int get() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace frontdesk
