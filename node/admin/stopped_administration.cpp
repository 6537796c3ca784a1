#include "node/admin/stopped_administration.hpp"

#include "net/identity/passwords.hpp"
#include "node/audit/audit_log.hpp"
#include "node/checkpoint.hpp"
#include "node/system_clock.hpp"
#include "storage/local_log.hpp"
#include "storage/reader.hpp"
#include "storage/space_watch.hpp"

#include <fmt/format.h>

#include <future>
#include <utility>

namespace frontdesk {

namespace {

constexpr team_id first_team{1};

tenant_id owner_of(const tenant& t) {
  return t.id;
}
tenant_id owner_of(const inbox& i) {
  return i.tenant;
}
tenant_id owner_of(const agent& a) {
  return a.tenant;
}

void name(const directory& known, tenant& t) {
  t.id = t.id ? t.id : known.next_tenant();
}
void name(const directory& known, inbox& i) {
  i.id = i.id ? i.id : known.next_inbox(i.tenant);
  i.team = i.team ? i.team : first_team;
}
void name(const directory& known, agent& a) {
  a.id = a.id ? a.id : known.next_agent(a.tenant);
  a.team = a.team ? a.team : first_team;
}

fault_code fault_of(append_outcome outcome) {
  switch (outcome) {
    case append_outcome::committed:
      return fault_code::none;
    case append_outcome::full:
      return fault_code::storage_full;
    case append_outcome::fenced:
    case append_outcome::unknown:
      break;
  }
  return fault_code::storage_failed;
}

}  // namespace

stopped_administration::stopped_administration(const data_folder& folder,
                                               std::unique_ptr<rocks_store> rows,
                                               std::unique_ptr<token_identity> tokens,
                                               directory known)
    : folder_(folder),
      store_(std::move(rows)),
      log_(make_local_log(*store_, [] { return false; })),
      tokens_(std::move(tokens)),
      directory_(std::make_shared<const directory>(std::move(known))) {}

stopped_administration::~stopped_administration() = default;

or_trouble<std::unique_ptr<stopped_administration>> stopped_administration::open(
    const data_folder& folder) {
  // Opening writes: whoever may not have it all changes nothing.
  const auto secret = secret_of(folder);
  if (!secret) {
    return secret.why();
  }
  const auto under = disk_under(folder.path);
  rocks_options options;
  options.folder = folder.store();
  options.release_reserve = [&] { under->release(); };
  auto opened = open_rocks_store(std::move(options));
  if (const auto* why = std::get_if<open_failure>(&opened)) {
    return trouble_of(*why);
  }
  auto& rows = std::get<std::unique_ptr<rocks_store>>(opened);
  auto known = reader(*rows).read_directory();
  if (!known) {
    return trouble{exit_code::data, fmt::format("The data in {} cannot be read: {}", folder.path,
                                                known.error().sentence())};
  }
  return std::unique_ptr<stopped_administration>(new stopped_administration(
      folder, std::move(rows), token_identity::with_secret(*secret), std::move(*known)));
}

fault_or<directory_change> stopped_administration::change(directory_change what) {
  const auto refusal = std::visit(
      [this](auto& entry) {
        name(*directory_, entry);
        return check(*directory_, entry);
      },
      what);
  if (refusal != fault_code::none) {
    return refusal;
  }
  if (const auto failed = record(what); failed != fault_code::none) {
    return failed;
  }
  auto changed = std::make_shared<directory>(*directory_);
  std::visit([&](const auto& entry) { changed->put(entry); }, what);
  directory_ = std::move(changed);
  return what;
}

fault_code stopped_administration::record(const directory_change& what) {
  batch records;
  shard_id shard;
  std::visit(
      [&](const auto& entry) {
        shard = shard_of(owner_of(entry));
        records.records.emplace_back(entry);
      },
      what);
  return append(shard, std::move(records));
}

fault_or<std::vector<quarantined>> stopped_administration::quarantine_of(tenant_id whose) {
  return reader(*store_).read_quarantine(whose);
}

fault_or<done> stopped_administration::discard_quarantined(tenant_id whose, quarantine_id which) {
  const auto all = quarantine_of(whose);
  if (!all) {
    return all.error();
  }
  for (const quarantined& each : *all) {
    if (each.id == which) {
      const fault_code failed = append(shard_of(whose), {{quarantined_record{each, true}}});
      return failed == fault_code::none ? fault_or<done>{done{}} : failed;
    }
  }
  return fault_code::not_found;
}

fault_or<done> stopped_administration::audit(const audit_entry& what,
                                             std::chrono::milliseconds patience) {
  // Only what cannot be recorded is told to whoever runs the command.
  log_book terminal(log_level::error, log_format::console);
  audit_log told(terminal);
  told.record_by(
      [this](const audit_entry& each, std::chrono::milliseconds) { return record_deed(each); });
  return told.note(what, patience);
}

fault_or<audited> stopped_administration::record_deed(const audit_entry& what) {
  if (!trail_) {
    auto opened = audit_trail::open(*store_);
    if (!opened) {
      return opened.error();
    }
    trail_.emplace(std::move(*opened));
  }
  auto noted = trail_->note(what, system_clock().now());
  if (noted.is_repeat()) {
    noted.records = trail_->take_counts();
  }
  const fault_code failed = append(shard_of(tenant_id{}), std::move(noted.records));
  failed == fault_code::none ? trail_->was_recorded(noted.what.number) : trail_->was_not_recorded();
  return failed == fault_code::none ? fault_or<audited>{audited{noted.what.number}} : failed;
}

fault_or<audit_page> stopped_administration::read_audit(const audit_query& query) {
  return frontdesk::read_audit(*store_, query);
}

fault_code stopped_administration::append(shard_id shard, batch records) {
  const auto claimed = log_->claim(shard);
  if (!claimed) {
    return claimed.error().code;
  }
  append_outcome outcome = append_outcome::unknown;
  std::vector<log_entry> entries{
      {shard, claimed->owner, log_index{claimed->last.value + 1}, std::move(records)}};
  log_->append(std::move(entries), [&outcome](append_outcome found) { outcome = found; });
  return fault_of(outcome);
}

fault_or<std::string> stopped_administration::hash(std::string password) {
  passwords one;
  std::promise<fault_or<std::string>> hashed;
  const auto begun = one.hash(std::move(password), [&hashed](fault_or<std::string> said) {
    hashed.set_value(std::move(said));
  });
  if (!begun) {
    return begun.error();
  }
  return hashed.get_future().get();
}

fault_or<done> stopped_administration::make_checkpoint() {
  const auto files = open_files(folder_);
  if (!files) {
    return files.error();
  }
  return frontdesk::make_checkpoint(folder_, *store_, **files);
}

}  // namespace frontdesk
