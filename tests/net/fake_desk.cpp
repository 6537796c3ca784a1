#include "tests/net/fake_desk.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <utility>

namespace frontdesk {

struct fake_port::call {
  explicit call(fake_port& to) : port(to) {
    EXPECT_FALSE(port.is_within_) << "called from within a call";
    EXPECT_EQ(port.closed_count, 0) << "called after the last call";
    port.is_within_ = true;
  }
  ~call() { port.is_within_ = false; }
  fake_port& port;
};

void fake_port::on_frame(std::string_view frame) {
  const call within(*this);
  frames.emplace_back(frame);
  if (answers) {
    answers(*this, frame);
  }
}

void fake_port::on_all_said() {
  const call within(*this);
  ++all_said_count;
}

void fake_port::on_drained() {
  const call within(*this);
  ++drained_count;
}

void fake_port::on_pulse() {
  const call within(*this);
  ++pulses_count;
}

void fake_port::on_closed(const parting& how) {
  const call within(*this);
  ++closed_count;
  closed_how = how;
  line.reset();
}

void fake_port::close(close_code code) {
  std::exchange(line, nullptr)->close(code);
}

void test_thread::post(std::function<void()> what) {
  boost::asio::post(context_, std::move(what));
}

bool test_thread::turns_until(const std::function<bool()>& it_is_so,
                              std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!it_is_so()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    context_.restart();
    context_.run_one_for(std::chrono::milliseconds{1});
  }
  return true;
}

void test_thread::turns() {
  context_.restart();
  context_.poll();
}

void fake_desk::forgets_ports() {
  for (const auto& port : ports) {
    port->line.reset();
  }
  ports.clear();
}

std::shared_ptr<connection_port> fake_desk::connect(std::size_t, std::shared_ptr<transport> line) {
  if (!takes_connections) {
    return nullptr;
  }
  ports.push_back(std::make_shared<fake_port>(std::move(line)));
  ports.back()->answers = answers;
  return ports.back();
}

directory_ptr acme(std::string password_hash, bool with_open) {
  directory people;
  people.put(tenant{.id = tenant_id{1}, .name = "acme", .created_at = timestamp{1}});
  inbox open;
  open.tenant = tenant_id{1};
  open.id = inbox_id{1};
  open.team = team_id{1};
  open.name = "Acme";
  open.widget_key = "open";
  open.accent = "#123456";
  open.greeting = "Hello \"you\"";
  open.locale = "en";
  inbox shop = open;
  shop.id = inbox_id{2};
  shop.widget_key = "shop";
  shop.origins = {"https://shop.example"};
  if (with_open) {
    people.put(open);
  }
  people.put(shop);
  agent ann;
  ann.tenant = tenant_id{1};
  ann.id = {person_kind::agent, 7};
  ann.team = team_id{1};
  ann.email = "ann@acme.example";
  ann.name = "Ann";
  ann.role = agent_role::admin;
  ann.password_hash = std::move(password_hash);
  people.put(ann);
  return std::make_shared<const directory>(std::move(people));
}

}  // namespace frontdesk
