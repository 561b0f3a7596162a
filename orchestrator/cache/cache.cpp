// SPDX-License-Identifier: GPL-2.0-or-later
// What makes this safe between processes:
// - An entry is made in cache/tmp under its lock, sealed, and renamed to its place. Its seal is
//   written before that: a seal without an entry says nothing, an entry without a seal is read as
//   a whole before it is believed.
// - Who uses an entry first shares its byte of locks/in-use, then looks whether it is there. Who
//   removes one owns that byte while he renames it away. So what was seen stays.
// - Entries are compared with their seals at their first use in a process, under no lock; what is
//   found damaged is looked at again under the entry's lock before it is made again.
#include "cache/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <system_error>

#include "cache/memo_file.h"
#include "cache/wait_lock.h"
#include "cache/work_folder.h"
#include "support/file.h"

namespace kmatrix::cache {

namespace fs = std::filesystem;

namespace {

std::string shown(const Entry& entry, const std::string& label) {
  const std::string brief = entry.kind + "/" + entry.name.substr(0, 12);
  return label.empty() ? brief : fmt::format("{} ({})", brief, label);
}

Status move_into_place(const fs::path& from, const fs::path& to) {
  KMATRIX_TRY(support::make_folders(to.parent_path()));
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure)
    return support::infrastructure_error(
        fmt::format("cannot move {} to {}: {}", from.string(), to.string(), failure.message()));
  return {};
}

}  // namespace

fs::path seal_file(const fs::path& cache, const Entry& entry) {
  return cache / "seals" / entry.kind / entry.name;
}

Status remove_entry(const fs::path& cache, const Entry& entry) {
  auto work = WorkFolder::create(cache, "gone-");
  if (!work) return work.error();
  const fs::path place = cache / entry.kind / entry.name;
  if (support::is_there(place)) KMATRIX_TRY(move_into_place(place, work->path() / "entry"));
  std::error_code failure;
  fs::remove(seal_file(cache, entry), failure);
  return support::remove_tree(work->path() / "entry");
}

Cache::Cache(fs::path folder, Say say, std::stop_token stop)
    : folder_(std::move(folder)),
      say_(say ? std::move(say) : [](const std::string&) {}),
      stop_(std::move(stop)),
      in_use_(folder_) {}

bool Cache::is_checked(const Entry& entry) {
  const std::scoped_lock held(mutex_);
  return checked_.count(entry) != 0;
}

void Cache::set_checked(const Entry& entry) {
  const std::scoped_lock held(mutex_);
  checked_.insert(entry);
}

Result<bool> Cache::keep(const Entry& entry) {
  {
    const std::scoped_lock held(mutex_);
    KMATRIX_TRY(in_use_.share(entry.path()));
  }
  if (!support::is_there(place(entry))) return false;
  // That it was used now; a cache that cannot be written to is still good to read.
  (void)utimensat(AT_FDCWD, seal_file(folder_, entry).c_str(), nullptr, 0);
  return true;
}

Result<Cache::State> Cache::look(const Entry& entry, Depth depth) {
  const auto there = keep(entry);
  if (!there) return there.error();
  if (!*there) return State{};
  if (is_checked(entry)) return State{State::good, {}};
  const fs::path file = seal_file(folder_, entry);
  const auto memo = read_memo(file);
  if (!memo.damaged && !memo.text) return State{State::unsealed, {}};
  const auto seal = memo.text && memo.has_digest ? parse_seal(*memo.text) : std::nullopt;
  if (!seal) return State{State::damaged, "its seal is damaged"};
  auto damage = find_damage(place(entry), *seal, depth, stop_);
  if (!damage) return damage.error();
  if (*damage) return State{State::damaged, **damage};
  set_checked(entry);
  return State{State::good, {}};
}

/// Of an entry that is good: is it enough for the caller?
Cache::State Cache::judge(const Entry& entry, const Making& making) const {
  auto lacking = making.lacks ? making.lacks(place(entry)) : std::string();
  if (lacking.empty()) return State{State::good, {}};
  return State{State::poor, std::move(lacking)};
}

Result<Cache::State> Cache::look(const Entry& entry, const Making& making) {
  auto state = look(entry, making.depth);
  if (!state || state->what != State::good) return state;
  return judge(entry, making);
}

Status Cache::write_seal(const Entry& entry, const fs::path& content, const Making& making) {
  std::optional<Seal> known;
  if (making.like) {
    const auto memo = read_memo(seal_file(folder_, *making.like));
    if (memo.text && memo.has_digest) known = parse_seal(*memo.text);
  }
  const auto seal =
      make_seal(content, {making.label, known ? &*known : nullptr, making.like.has_value()}, stop_);
  if (!seal) return seal.error();
  const fs::path file = seal_file(folder_, entry);
  KMATRIX_TRY(support::make_folders(file.parent_path()));
  return write_memo(file, to_text(*seal));
}

Result<bool> Cache::adopt(const Entry& entry, const Making& making) {
  if (making.adopt) {
    auto whole = making.adopt(place(entry));
    if (!whole || !*whole) return whole;
  }
  KMATRIX_TRY(write_seal(entry, place(entry), making));
  set_checked(entry);
  return true;
}

Status Cache::make(const Entry& entry, const Making& making) {
  auto work = WorkFolder::create(folder_, entry.kind + "-" + entry.name.substr(0, 12) + "-");
  if (!work) return work.error();
  const fs::path scratch = work->path() / "scratch", fresh = work->path() / "entry";
  KMATRIX_TRY(support::make_folders(scratch));
  KMATRIX_TRY(making.make(scratch, fresh));
  // What is too little for this caller was better than nothing until here.
  if (fs::exists(place(entry))) KMATRIX_TRY(remove_entry(folder_, entry));
  KMATRIX_TRY(write_seal(entry, fresh, making));
  if (auto moved = move_into_place(fresh, place(entry)); !moved) {
    std::error_code failure;
    fs::remove(seal_file(folder_, entry), failure);
    return moved;
  }
  set_checked(entry);
  return {};
}

Result<Found> Cache::get(const Entry& entry, const Making& making) {
  Found found{place(entry), false, {}};
  auto state = look(entry, making);
  if (!state) return state.error();
  if (state->what == State::good) return found;
  const auto lock = wait_for_lock(
      folder_ / "locks" / (entry.kind + "-" + entry.name + ".lock"), stop_,
      [&] { say_("waiting for another kmatrix that makes " + shown(entry, making.label)); });
  if (!lock) return lock.error();
  state = look(entry, making);
  if (!state) return state.error();
  if (state->what == State::good) return found;
  if (state->what == State::unsealed) {
    auto whole = adopt(entry, making);
    if (!whole) return whole.error();
    state = *whole ? judge(entry, making) : State{State::damaged, "it is not whole"};
    if (state->what == State::good) return found;
  }
  if (state->what != State::absent) {
    found.damage = state->damage;
    say_(fmt::format("{} in the cache {}: {}; it is made again", shown(entry, making.label),
                     state->what == State::poor ? "is not enough" : "is damaged", found.damage));
  }
  KMATRIX_TRY(make(entry, making));
  found.made = true;
  return found;
}

}  // namespace kmatrix::cache
