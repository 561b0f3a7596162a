// SPDX-License-Identifier: GPL-2.0-or-later
// Most objects of two builds have the same digests; what is left, often a handful, is taken out of
// the archives and disassembled, by one objdump a side, both at once.
#include <array>
#include <set>
#include <thread>

#include "build/artefact.h"
#include "build/disassembly.h"
#include "build/object_archive.h"
#include "build/object_comparison.h"
#include "build/signature.h"
#include "cache/work_folder.h"
#include "support/file.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using support::Digest;

namespace {

using DigestOfObject = Digest (*)(std::string object);

/// Digests of objects, in the order of `paths`.
Result<std::vector<Digest>> digests_of(const ArtefactFiles& files,
                                       const std::vector<std::string>& paths,
                                       DigestOfObject digest) {
  std::vector<Digest> digests(paths.size());
  KMATRIX_TRY(
      read_members(files.object_archive, paths, [&](std::size_t place, std::string_view content) {
        digests[place] = digest(std::string(content));
        return Status();
      }));
  return digests;
}

/// For each path, whether its two objects have the same digest.
Result<std::vector<bool>> alike(const ArtefactFiles& a, const ArtefactFiles& b,
                                const std::vector<std::string>& paths, DigestOfObject digest) {
  Result<std::vector<Digest>> of_b;
  auto other = std::jthread([&] { of_b = digests_of(b, paths, digest); });
  const auto of_a = digests_of(a, paths, digest);
  other.join();
  if (!of_a) return of_a.error();
  if (!of_b) return of_b.error();
  std::vector<bool> same(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) same[i] = (*of_a)[i] == (*of_b)[i];
  return same;
}

/// What is loaded of two objects may be the same although symbols have other names.
Status check_symbols(const ArtefactFiles& a, const ArtefactFiles& b, ObjectComparison& comparison) {
  std::vector<std::string> paths;
  for (const auto& each : comparison.differing)
    if (each.likeness == Likeness::same_loaded) paths.push_back(each.path);
  if (paths.empty()) return {};
  const auto same = alike(a, b, paths, symbols_digest);
  if (!same) return same.error();
  std::size_t place = 0;
  for (auto& each : comparison.differing) {
    if (each.likeness != Likeness::same_loaded) continue;
    if (!(*same)[place]) each.likeness = Likeness::different;
    ++place;
  }
  return {};
}

struct Side {
  const ArtefactFiles& files;
  const char* name;  ///< also of its folder
};

/// Disassembles objects of both sides in `folder`; their digests by side.
Result<std::array<std::vector<Digest>, 2>> disassemble(const std::array<Side, 2>& sides,
                                                       const std::vector<std::string>& paths,
                                                       const Disassembler& disassembler,
                                                       const fs::path& folder) {
  std::array<Result<std::vector<Digest>>, 2> results;
  {
    std::array<std::jthread, 2> threads;
    for (std::size_t i = 0; i < sides.size(); ++i)
      threads.at(i) = std::jthread([&, i] {
        const auto& side = sides.at(i);
        const auto unpacked = unpack_objects(side.files, paths, folder / side.name);
        results.at(i) = unpacked ? disassembler.run(folder / side.name, paths.size())
                                 : Result<std::vector<Digest>>(unpacked.error());
      });
  }
  for (auto& result : results)
    if (!result) return result.error();
  return std::array{std::move(*results[0]), std::move(*results[1])};
}

std::string kernel_name(const ArtefactFiles& files) {
  const auto record = read_record(files.info);
  return record ? record->kernel : files.folder.filename().string();
}

/// `diff -u` of two disassemblies, each hunk with the function that it begins in.
Result<std::string> diff_of(const fs::path& folder, std::size_t number, const std::string& path,
                            support::ProcessRunner& runner, const std::stop_token& stop) {
  const auto file = std::to_string(number) + ".s";
  support::Command command;
  command.argv = {"diff",    "-u",        "-F", "^<",        "--label",  "a/" + path,
                  "--label", "b/" + path, "--", "a/" + file, "b/" + file};
  command.cwd = folder;
  command.stop = stop;
  auto exit = runner.run(command);
  if (!exit) return exit.error();
  if (exit->code > 1)
    return support::infrastructure_error("diff failed: " + support::last_lines(exit->output, 3));
  return std::move(exit->output);
}

/// Those of `different` objects that are ELF files on both sides.
std::vector<std::string> to_disassemble(const ObjectComparison& comparison,
                                        const std::vector<KernelObject>& a,
                                        const std::vector<KernelObject>& b) {
  std::set<std::string> no_elf;
  for (const auto* objects : {&a, &b})
    for (const auto& each : *objects)
      if (each.loaded.empty()) no_elf.insert(each.path);
  std::vector<std::string> paths;
  for (const auto& each : comparison.differing)
    if (each.likeness == Likeness::different && no_elf.count(each.path) == 0)
      paths.push_back(each.path);
  return paths;
}

/// Where nearly every object changes, a disassembler would take most of the time to say so.
Status leave_out_other_sizes(const ArtefactFiles& a, const ArtefactFiles& b,
                             std::vector<std::string>& paths) {
  const auto same = alike(a, b, paths, code_sizes_digest);
  if (!same) return same.error();
  std::vector<std::string> left;
  for (std::size_t i = 0; i < paths.size(); ++i)
    if ((*same)[i]) left.push_back(std::move(paths[i]));
  paths = std::move(left);
  return {};
}

}  // namespace

Result<ObjectComparison> KernelBuilder::compare_objects(const ArtefactFiles& a,
                                                        const ArtefactFiles& b,
                                                        const spec::Toolchain& toolchain,
                                                        const ObjectsWanted& wanted) {
  const auto objects_a = objects_of(a, kernel_name(a)), objects_b = objects_of(b, kernel_name(b));
  if (!objects_a) return objects_a.error();
  if (!objects_b) return objects_b.error();
  auto comparison = compare_digests(*objects_a, *objects_b, wanted);
  KMATRIX_TRY(check_symbols(a, b, comparison));
  auto paths = to_disassemble(comparison, *objects_a, *objects_b);
  if (!wanted.diff) KMATRIX_TRY(leave_out_other_sizes(a, b, paths));
  if (paths.empty()) return comparison;
  const auto known = know(toolchain, false);
  if (!known) return known.error();
  if (*known == nullptr)
    return support::infrastructure_error(
        "the image " + toolchain.image + " of toolchain " + toolchain.name + " is not in the cache",
        "kmatrix run makes it again");
  const Disassembler disassembler((*known)->system, toolchain, runner_, stop_);
  KMATRIX_TRY(disassembler.check());
  const auto work = cache::WorkFolder::create(options_.cache, "objects-");
  if (!work) return work.error();
  const auto digests = disassemble({{{a, "a"}, {b, "b"}}}, paths, disassembler, work->path());
  if (!digests) return digests.error();
  std::size_t number = 0;
  for (auto& each : comparison.differing) {
    if (number == paths.size() || each.path != paths[number]) continue;
    if ((*digests)[0][number] == (*digests)[1][number]) {
      each.likeness = Likeness::same_code;
    } else if (wanted.diff) {
      auto diff = diff_of(work->path(), number, each.path, runner_, stop_);
      if (!diff) return diff.error();
      each.diff = std::move(*diff);
    }
    ++number;
  }
  return comparison;
}

}  // namespace kmatrix::build
