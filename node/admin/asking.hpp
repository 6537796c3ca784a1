#pragma once

#include "node/descriptor.hpp"
#include "node/exit_code.hpp"
#include "wire/admin_json.hpp"
#include "wire/stats_json.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

/// The problem: an operator wants a new agent; whether a node runs at this moment is the machine's
/// business.
///
/// The answer: the same request goes to the node that runs with this data directory, or else to the
/// directory itself; one that only a node can do goes to a node or to nobody.
namespace frontdesk {

/// Asks whoever has the data directory. Trouble: `data` for what the rules refuse, `temporary` for
/// what may succeed later, `usage` for text that is not UTF-8, `unavailable` where there is no
/// desk, or no node for what needs one, and what opening a directory says. Only a tenant's creation
/// makes a desk where there is none.
or_trouble<admin_json::answer> ask(const std::string& data, const admin_json::request&);

/// It is asked for at once, and comes when it comes: whoever draws a picture looks at its keys
/// meanwhile.
class awaited_document {
 public:
  /// Waits so long at most to be let in; trouble `temporary` then.
  static or_trouble<awaited_document> ask(const std::string& data, const admin_json::request&,
                                          std::chrono::milliseconds patience);

  /// There is something to take if it can be read from.
  int readable() const { return node_.get(); }
  /// The node's socket.
  const std::string& path() const { return path_; }
  /// None: it is still to come. Does not wait. Not again after it has come.
  std::optional<or_trouble<std::string>> take();

 private:
  awaited_document(descriptor node, std::string path, bool lacks_tenant)
      : node_(std::move(node)), path_(std::move(path)), lacks_tenant_(lacks_tenant) {}

  descriptor node_;
  std::string path_;
  /// Of what was asked.
  bool lacks_tenant_;
  std::string come_;
};

/// The document with which the node answers that runs with this data directory. Trouble
/// `unavailable`: none does.
or_trouble<std::string> ask_document(const std::string& data, const admin_json::request&);

/// The statistics of the node that runs with this data directory. Trouble `data`: it said something
/// else, as an older or newer one might.
or_trouble<stats_json::digest> ask_stats(const std::string& data);
/// Those in a document with which it answered.
or_trouble<stats_json::digest> stats_in(const std::string& document);

/// All pages of a list.
or_trouble<std::vector<admin_json::entry>> ask_all(const std::string& data, admin_json::list);

}  // namespace frontdesk
