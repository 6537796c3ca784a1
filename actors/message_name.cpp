#include "actors/message_name.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace frontdesk {

namespace {

void erase_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.erase(at, what.size());
}

}  // namespace

std::string message_name(const std::type_info& carrier) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> plain{
      abi::__cxa_demangle(carrier.name(), nullptr, nullptr, &status), &std::free};
  std::string name = status == 0 ? plain.get() : carrier.name();
  const auto begin = name.find('<');
  const auto end = name.rfind('>');
  if (begin != std::string::npos && end != std::string::npos) {
    name = name.substr(begin + 1, end - begin - 1);
  }
  erase_all(name, "frontdesk::");
  erase_all(name, "(anonymous namespace)::");
  return name;
}

}  // namespace frontdesk
