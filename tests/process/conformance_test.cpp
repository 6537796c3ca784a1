// Vectors of tests/conformance, as its README.md describes them, played against the shipped
// program.

#include "tests/process/desk_door.hpp"
#include "tests/process/node_process.hpp"
#include "tests/process/socket_link.hpp"
#include "tests/repository.hpp"
#include "tests/storage/temp_folder.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace frontdesk::process {
namespace {

namespace json = boost::json;

struct conformance_vector {
  /// `posts: an ack stands for the event`.
  std::string name;
  std::string side;
  json::array steps;
};

/// The values that a vector's names stand for.
class known_values {
 public:
  void bind(const std::string& name, json::value value) { known_[name] = std::move(value); }

  /// A frame as it is sent; throws std::runtime_error for a name that nothing is known of.
  json::value filled(const json::value& pattern) const;
  /// Empty if the value fits, and else why it does not. Binds the names that it meets first.
  std::string misfit(const json::value& pattern, const json::value& value);

 private:
  std::string misfit_named(std::string_view pattern, const json::value& value);
  std::string misfit_object(const json::object& pattern, const json::value& value);

  std::map<std::string, json::value, std::less<>> known_;
};

bool is_hex(const json::value& value, std::size_t digits) {
  const auto* text = value.if_string();
  return text != nullptr && text->size() == digits &&
         text->find_first_not_of("0123456789abcdef") == json::string::npos;
}

bool is_whole(const json::value& value) {
  return value.is_int64() || value.is_uint64();
}

/// Of the form that a name begins with.
bool has_form(std::string_view form, const json::value& value) {
  if (form == "any") return true;
  if (form == "hex16") return is_hex(value, 16);
  if (form == "hex32") return is_hex(value, 32);
  if (form == "int") return is_whole(value) && value.to_number<double>() >= 0;
  if (form == "time") return is_whole(value) && value.to_number<double>() > 1.6e12;
  if (form == "text") return value.is_string();
  throw std::runtime_error(fmt::format("${} is no form", form));
}

bool is_name(const json::value& pattern) {
  return pattern.is_string() && std::string_view{pattern.get_string()}.starts_with('$');
}

std::string_view name_in(const json::value& pattern) {
  return std::string_view{pattern.get_string()}.substr(1);
}

/// The argument of `{"$what": …}`.
const json::value* argument_of(const json::value& pattern, std::string_view what) {
  const auto* object = pattern.if_object();
  return object != nullptr && object->size() == 1 ? object->if_contains(what) : nullptr;
}

std::string text_of(const json::value& value) {
  return json::serialize(value).substr(0, 400);
}

/// For the names of tests.
std::ostream& operator<<(std::ostream& out, const conformance_vector& what) {
  return out << what.name;
}

/// All that examine a server, in the order of the files. Throws for one that is none.
std::vector<conformance_vector> server_vectors() {
  std::vector<std::filesystem::path> files;
  for (const auto& each : std::filesystem::directory_iterator(repository() / "tests/conformance")) {
    const bool has_vectors = each.path().extension() == ".json" && each.path().stem() != "defaults";
    if (has_vectors) files.push_back(each.path());
  }
  std::ranges::sort(files);
  std::vector<conformance_vector> found;
  for (const auto& file : files) {
    const json::value all = json::parse(contents_of(file));
    for (const json::value& each : all.as_array()) {
      conformance_vector one{
          fmt::format("{}: {}", file.stem().string(), each.at("name").as_string().c_str()),
          each.at("side").as_string().c_str(), each.at("steps").as_array()};
      if (one.side != "client") found.push_back(std::move(one));
    }
  }
  return found;
}

json::value known_values::filled(const json::value& pattern) const {
  if (is_name(pattern)) {
    const auto found = known_.find(name_in(pattern));
    if (found == known_.end()) throw std::runtime_error("unknown: " + text_of(pattern));
    return found->second;
  }
  if (const json::value* repeat = argument_of(pattern, "$repeat")) {
    std::string text;
    for (auto i = repeat->at(1).to_number<std::size_t>(); i > 0; --i)
      text += repeat->at(0).as_string();
    return json::value(text);
  }
  if (const auto* list = pattern.if_array()) {
    json::array filled_list;
    for (const json::value& each : *list)
      filled_list.push_back(filled(each));
    return filled_list;
  }
  if (const auto* object = pattern.if_object()) {
    json::object filled_object;
    for (const auto& [key, value] : *object)
      filled_object[key] = filled(value);
    return filled_object;
  }
  return pattern;
}

std::string known_values::misfit(const json::value& pattern, const json::value& value) {
  if (is_name(pattern)) return misfit_named(name_in(pattern), value);
  if (const json::value* wrong = argument_of(pattern, "$not")) {
    return misfit(*wrong, value).empty() ? "is " + text_of(*wrong) : "";
  }
  if (argument_of(pattern, "$repeat") != nullptr) {
    return filled(pattern) == value ? "" : text_of(value) + " is another text";
  }
  if (const auto* object = pattern.if_object()) return misfit_object(*object, value);
  if (const auto* list = pattern.if_array()) {
    if (!value.is_array() || value.get_array().size() != list->size()) {
      return text_of(value) + " has not as many elements";
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (std::string why = misfit(list->at(i), value.get_array()[i]); !why.empty()) return why;
    }
    return "";
  }
  return pattern == value ? "" : fmt::format("{} is not {}", text_of(value), text_of(pattern));
}

std::string known_values::misfit_named(std::string_view name, const json::value& value) {
  const std::string_view form = name.substr(0, name.find('.'));
  if (!has_form(form, value)) return fmt::format("{} is no {}", text_of(value), form);
  if (form == name) return "";
  const auto [at, is_first] = known_.try_emplace(std::string{name}, value);
  const bool fits = is_first || at->second == value;
  return fits ? "" : fmt::format("{} is not {}", text_of(value), text_of(at->second));
}

std::string known_values::misfit_object(const json::object& pattern, const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return text_of(value) + " is no object";
  for (const auto& [key, wanted] : pattern) {
    const json::value* there = object->if_contains(key);
    const bool must_lack = is_name(wanted) && name_in(wanted) == "absent";
    if (must_lack != (there == nullptr)) {
      return fmt::format("{} is {}", std::string_view{key}, must_lack ? "there" : "not there");
    }
    if (must_lack) continue;
    if (std::string why = misfit(wanted, *there); !why.empty()) {
      return fmt::format("{}: {}", std::string_view{key}, why);
    }
  }
  return "";
}

/// What a server says by itself, at its own time.
constexpr std::array by_itself{"roster", "cursor", "typing", "presence", "place",
                               "me",     "desk",   "mode",   "ping",     "gap"};

std::string t_of(const json::value& frame) {
  const json::value* t = frame.as_object().if_contains("t");
  return t == nullptr ? "" : t->as_string().c_str();
}

/// One device of a play, and what it has heard on its present connection.
struct device {
  std::unique_ptr<socket_link> link;
  std::deque<json::value> heard;
  std::vector<json::value> all;
};

/// Plays a vector against a node. The first thing that does not fit ends it.
class conformance_play {
 public:
  explicit conformance_play(place to) : to_(to) {}

  void play(const conformance_vector& what) {
    for (const json::value& step : what.steps) {
      do_step(step.as_object());
      if (testing::Test::HasFailure()) {
        ADD_FAILURE() << "at the step " << json::serialize(step).substr(0, 1000);
        return;
      }
    }
  }

 private:
  void do_step(const json::object& step) {
    const json::value* who = step.if_contains("who");
    const std::string name = who == nullptr ? "ann" : who->as_string().c_str();
    device& at = devices_[name];
    for (const auto& [verb, argument] : step) {
      if (verb == "open") {
        open(name, at);
      } else if (verb == "enter") {
        enter(name, at, argument);
      } else if (verb == "up") {
        for (const json::value& each : listed(argument))
          at.link->send(json::serialize(known_.filled(each)));
      } else if (verb == "down") {
        expect(at, listed(argument));
      } else if (verb == "close") {
        expect_close(at, argument.to_number<unsigned>());
      } else if (verb == "cut") {
        at.link->close();
      } else if (verb == "raw") {
        at.link->send(std::string(known_.filled(argument).as_string()));
      } else if (verb == "binary") {
        at.link->send_frame(0x2, std::string_view{argument.as_string()});
      } else if (verb == "never") {
        expect_never(at, argument);
      } else if (verb != "who" && verb != "app" && verb != "then" && verb != "idle") {
        ADD_FAILURE() << "no verb: " << std::string_view{verb};
      }
    }
  }

  static std::vector<json::value> listed(const json::value& argument) {
    const auto* list = argument.if_array();
    if (list == nullptr) return {argument};
    return {list->begin(), list->end()};
  }

  /// `ann2` is a device of `ann`.
  void know(const std::string& name) {
    const auto begin = std::ranges::find_if(name, [](char each) { return std::isdigit(each); });
    const std::string person(name.begin(), begin);
    if (!people_.contains(person)) {
      const bool is_agent = person == "mia" || person == "leo";
      people_[person] = is_agent
                            ? sign_in(to_, person + "@acme.example", furniture::password)
                            : new_visitor({to_.port, ++addresses_count}, furniture::widget_key);
    }
    known_.bind("text.token_" + name, json::value(people_[person].token));
    known_.bind("text.person_" + name, json::value(people_[person].person));
    known_.bind("hex32.device_" + name, json::value(device_name(++devices_count)));
  }

  void open(const std::string& name, device& at) {
    if (!at.link) know(name);
    at.heard.clear();
    at.all.clear();
    socket_link::ears ears;
    ears.on_text = [&at](std::string_view text) {
      at.heard.push_back(json::parse(text));
      at.all.push_back(at.heard.back());
    };
    at.link = std::make_unique<socket_link>(loop_, to_, std::move(ears));
    EXPECT_TRUE(loop_.turn_until([&] { return at.link->is_open(); }, patience));
  }

  void enter(const std::string& name, device& at, const json::value& roster) {
    open(name, at);
    const json::object hello{
        {"t", "hello"}, {"token", "$text.token_" + name}, {"device", "$hex32.device_" + name}};
    at.link->send(json::serialize(known_.filled(hello)));
    expect(at, {json::object{{"t", "welcome"}, {"person", "$text.person_" + name}}});
    json::object wanted{{"t", "roster"}, {"more", false}};
    if (roster.is_object()) {
      for (const auto& [key, value] : roster.get_object())
        wanted[key] = value;
    } else if (name == "ann") {
      wanted["next"] = "$hex16.c";
    }
    expect(at, {wanted});
  }

  /// The next frames are these, in any order.
  void expect(device& at, std::vector<json::value> wanted) {
    std::string complaint = "nothing came";
    while (!wanted.empty()) {
      const bool came =
          loop_.turn_until([&] { return !at.heard.empty() || at.link->is_gone(); }, patience);
      if (!came || at.heard.empty()) {
        ADD_FAILURE() << complaint;
        return;
      }
      const json::value frame = std::move(at.heard.front());
      at.heard.pop_front();
      complaint = "";
      const auto found = std::ranges::find_if(wanted, [&](const json::value& each) {
        const std::string why = misfit(each, frame);
        if (!why.empty()) complaint += why + "; ";
        return why.empty();
      });
      if (found != wanted.end()) {
        wanted.erase(found);
        continue;
      }
      if (std::ranges::find(by_itself, t_of(frame)) == by_itself.end()) {
        ADD_FAILURE() << complaint << " in " << json::serialize(frame).substr(0, 1000);
        return;
      }
    }
  }

  /// What does not fit must not leave a name behind.
  std::string misfit(const json::value& pattern, const json::value& frame) {
    known_values tried = known_;
    std::string why = tried.misfit(pattern, frame);
    if (why.empty()) known_ = std::move(tried);
    return why;
  }

  void expect_close(device& at, unsigned code) {
    EXPECT_TRUE(loop_.turn_until([&] { return at.link->is_gone(); }, patience));
    EXPECT_EQ(at.link->close_code(), code);
  }

  void expect_never(const device& at, const json::value& pattern) {
    for (const json::value& each : at.all) {
      EXPECT_NE(misfit(pattern, each), "") << json::serialize(each);
    }
  }

  static inline std::uint32_t addresses_count = 0;
  static inline std::uint64_t devices_count = 0;
  const place to_;
  socket_loop loop_;
  known_values known_;
  std::map<std::string, signed_in> people_;
  std::map<std::string, device> devices_;
};

/// A node on which nobody is, for each vector: so an agent of one does not serve another's visitor.
class Conformance : public testing::TestWithParam<conformance_vector> {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<temp_folder>();
    furnish(folder->path("fresh"));
  }
  static void TearDownTestSuite() { folder.reset(); }

  static inline std::unique_ptr<temp_folder> folder;
  static inline unsigned played_count = 0;
};

TEST_P(Conformance, IsKeptByTheServer) {
  const std::string data = folder->path(fmt::format("data{}", ++played_count));
  std::filesystem::copy(folder->path("fresh"), data, std::filesystem::copy_options::recursive);
  node_process node(data);
  node.start();

  conformance_play play({node.port()});
  play.play(GetParam());

  EXPECT_TRUE(node.is_alive()) << node.log();
}

std::string test_name(const testing::TestParamInfo<conformance_vector>& info) {
  std::string name;
  bool begins = true;
  for (const char each : info.param.name) {
    if (std::isalnum(each) != 0) {
      name += begins ? static_cast<char>(std::toupper(each)) : each;
    }
    begins = std::isalnum(each) == 0;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Wire, Conformance, testing::ValuesIn(server_vectors()), test_name);

}  // namespace
}  // namespace frontdesk::process
