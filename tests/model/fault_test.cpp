#include "model/fault.hpp"

#include "tests/repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace frontdesk {
namespace {

/// The rows of the table below a heading of docs/wire.md, each cut into its cells.
std::vector<std::vector<std::string>> table_of_the_contract(std::string_view heading) {
  std::istringstream lines{contents_of(repository() / "docs" / "wire.md")};
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) inside = line == heading;
    if (!inside || !line.starts_with("| ")) continue;
    std::istringstream cells{line.substr(2)};
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, '|');)
      rows.back().push_back(cell);
  }
  return rows;
}

/// What stands between backticks.
std::vector<std::string> quoted_in(std::string_view cell) {
  std::vector<std::string> words;
  for (std::size_t begin = cell.find('`'); begin != std::string_view::npos;) {
    const std::size_t end = cell.find('`', begin + 1);
    words.emplace_back(cell.substr(begin + 1, end - begin - 1));
    begin = cell.find('`', end + 1);
  }
  return words;
}

/// The faults that docs/wire.md names, and whether it says that a retry helps.
std::map<std::string, bool> faults_of_the_contract() {
  std::map<std::string, bool> faults;
  for (const auto& cells : table_of_the_contract("## 7. Faults")) {
    for (const std::string& name : quoted_in(cells.at(0))) {
      EXPECT_TRUE(faults.emplace(name, cells.at(1) == " yes ").second) << name << " is there twice";
    }
  }
  return faults;
}

bool is_ever_on_the_wire(fault_code code) {
  // Two stay between a conversation and the recorder; one answers operators' commands.
  return code != fault_code::fenced && code != fault_code::outcome_unknown &&
         code != fault_code::already_exists;
}

TEST(Fault, HasACodeAndANameOfItsOwn) {
  std::set<fault_code> codes;
  std::set<std::string_view> names;
  for (const fault_entry& entry : all_faults()) {
    EXPECT_TRUE(codes.insert(entry.code).second) << entry.name;
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
  }
  EXPECT_FALSE(codes.contains(fault_code::none));
}

TEST(Fault, IsListedInTheOrderOfCodes) {
  EXPECT_TRUE(std::ranges::is_sorted(all_faults(), {}, &fault_entry::code));
}

TEST(Fault, IsFoundByItsCode) {
  for (const fault_entry& entry : all_faults()) {
    EXPECT_EQ(entry_of(entry.code).name, entry.name);
    EXPECT_EQ(fault{entry.code}.name(), entry.name);
    EXPECT_EQ(fault{entry.code}.is_temporary(), entry.retry);
  }
}

TEST(Fault, ThatNobodyKnowsIsInternal) {
  EXPECT_EQ(entry_of(static_cast<fault_code>(999)).code, fault_code::internal);
  EXPECT_EQ(entry_of(fault_code::none).code, fault_code::internal);
}

TEST(Fault, SaysASentenceAndHasAFittingStatus) {
  for (const fault_entry& entry : all_faults()) {
    EXPECT_TRUE(entry.sentence.ends_with('.')) << entry.name;
    EXPECT_TRUE(entry.sentence.find_first_of("\"\\") == std::string_view::npos) << entry.name;
    EXPECT_GE(entry.http_status, 400U) << entry.name;
    EXPECT_EQ(entry.retry, entry.http_status >= 500 || entry.http_status == 429) << entry.name;
  }
}

TEST(Fault, IsNamedByTheContractIfItCanBeOnTheWire) {
  const auto contract = faults_of_the_contract();

  for (const fault_entry& entry : all_faults()) {
    const bool is_named = contract.contains(std::string{entry.name});
    EXPECT_EQ(is_named, is_ever_on_the_wire(entry.code)) << entry.name;
  }
}

TEST(Fault, IsWhatTheContractSays) {
  const auto contract = faults_of_the_contract();

  ASSERT_FALSE(contract.empty()) << "no table of faults in docs/wire.md";
  for (const auto& [name, retry] : contract) {
    const auto entry = std::ranges::find(all_faults(), name, &fault_entry::name);
    ASSERT_NE(entry, all_faults().end()) << name;
    EXPECT_EQ(entry->retry, retry) << name;
  }
}

// A refused post's answer is stored with this number.
TEST(Fault, KeepsTheNumbersThatAreStored) {
  EXPECT_EQ(static_cast<int>(fault_code::none), 0);
  EXPECT_EQ(static_cast<int>(fault_code::empty_text), 30);
  EXPECT_EQ(static_cast<int>(fault_code::text_too_long), 31);
  EXPECT_EQ(static_cast<int>(fault_code::text_not_clean), 32);
  EXPECT_EQ(static_cast<int>(fault_code::conversation_closed), 40);
}

constexpr close_code every_close_code[] = {
    close_code::drain,
    close_code::internal,
    close_code::slow,
    close_code::no_pong,
    close_code::moved,
    close_code::overload,
    close_code::rate_limited,
    close_code::token_expired,
    close_code::token_revoked,
    close_code::bad_request,
    close_code::bad_token,
    close_code::no_hello,
    close_code::connection_limit,
    close_code::version,
    close_code::forbidden,
    close_code::too_large,
    close_code::replaced,
    close_code::too_many_faults,
};

TEST(CloseCode, IsNamedByTheContract) {
  std::set<std::string> contract;
  for (const auto& cells : table_of_the_contract("## 6. Closing")) {
    // "4000 `drain`, 4001 `internal`": the number stands before its word.
    const std::string& cell = cells.at(0);
    for (const std::string& word : quoted_in(cell)) {
      const std::size_t at = cell.find("`" + word + "`");
      if (at >= 5) contract.insert(cell.substr(at - 5, 5) + word);
    }
  }
  std::set<std::string> ours;
  for (const close_code code : every_close_code) {
    ours.insert(std::to_string(static_cast<int>(code)) + " " + std::string{reason_of(code)});
  }

  EXPECT_EQ(ours, contract);
}

TEST(CloseCode, ThatNobodyKnowsIsInternal) {
  EXPECT_EQ(reason_of(static_cast<close_code>(4999)), "internal");
}

TEST(FaultOr, HoldsAValueOrAFault) {
  const fault_or<int> value = 7;
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, 7);

  const fault_or<int> refused = fault_code::busy;
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), fault{fault_code::busy});

  const fault_or<std::string> later = fault{fault_code::rate_limited, 250};
  EXPECT_EQ(later.error().retry_after_ms, 250U);
}

/// Says when it is gone.
struct mortal {
  explicit mortal(bool& is_gone) : is_gone_(&is_gone) {}
  mortal(mortal&& other) noexcept : is_gone_(std::exchange(other.is_gone_, nullptr)) {}
  mortal& operator=(mortal&&) = delete;
  ~mortal() {
    if (is_gone_ != nullptr) *is_gone_ = true;
  }

  const int* begin() const { return numbers_; }
  const int* end() const { return numbers_ + 3; }

 private:
  bool* is_gone_;
  int numbers_[3] = {1, 2, 3};
};

TEST(FaultOr, LendsOutWhatItKeepsAndGivesAwayWhatItCannot) {
  using words = fault_or<std::vector<std::string>>;
  static_assert(std::is_same_v<decltype(std::declval<words&>().value()), words::value_type&>);
  static_assert(
      std::is_same_v<decltype(std::declval<const words&>().value()), const words::value_type&>);
  static_assert(std::is_same_v<decltype(std::declval<words>().value()), words::value_type>);
  static_assert(std::is_same_v<decltype(*std::declval<words>()), words::value_type>);
}

TEST(FaultOr, LivesThroughALoopOverATemporary) {
  bool is_gone = false;
  const auto made = [&is_gone] { return fault_or<mortal>{mortal(is_gone)}; };

  int sum = 0;
  for (const int each : made().value()) {
    EXPECT_FALSE(is_gone);
    sum += each;
  }

  EXPECT_EQ(sum, 6);
  EXPECT_TRUE(is_gone);
}

}  // namespace
}  // namespace frontdesk
