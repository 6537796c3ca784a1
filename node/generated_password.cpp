#include "node/generated_password.hpp"

#include <random>

namespace frontdesk {

std::string generated_password() {
  // Libstdc++'s random_device asks the processor or the kernel; it is no seeded generator.
  std::random_device source;
  std::uniform_int_distribution<std::size_t> any(0, password_letters.size() - 1);
  std::string password;
  while (password.size() < generated_password_length) {
    password.push_back(password_letters[any(source)]);
  }
  return password;
}

}  // namespace frontdesk
