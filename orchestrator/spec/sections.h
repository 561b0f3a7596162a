// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "spec/document.h"
#include "spec/experiment.h"
#include "spec/fields.h"
#include "spec/git.h"
#include "spec/problems.h"

// The sections of an experiment that define things by name. Each reader takes the value of its
// section (nullptr: absent) and gives what it could read; whatever it could not is in the problems.
namespace kmatrix::spec {

using Keys = std::vector<std::string>;

/// Which keys each mapping of an experiment has. docs/experiments.md describes every one of them.
namespace keys {
inline const Keys experiment = {"kmatrix",    "name",    "description", "trees",  "series",
                                "toolchains", "configs", "machines",    "suites", "axes",
                                "expect",     "ignore",  "claims",      "reruns"};
inline const Keys tree = {"debian",  "suite",  "version", "folder",
                          "tarball", "sha256", "git",     "revision"};
inline const Keys series = {"patches", "git", "range", "prefixes"};
inline const Keys toolchain = {"llvm", "gcc", "cross", "image"};
inline const Keys config = {"toolchain", "base", "fragments", "set", "expect"};
inline const Keys machine = {
    "arch",  "accel",      "cpu", "cpus", "memory_mib", "boot_timeout_s", "silence_timeout_s",
    "image", "kernel_args"};
inline const Keys suite = {"runner", "select", "deny",     "deny_files",     "fragments", "targets",
                           "files",  "cases",  "protocol", "case_timeout_s", "shards",    "tests"};
inline const Keys slice = {"tree", "series", "config", "machine", "suite"};
inline const Keys axes = {"tree", "series", "config", "machine", "suite", "include", "exclude"};
inline const Keys expectation = {"where", "result"};
inline const Keys ignore = {"kind", "title", "reason", "where"};
inline const Keys claim = {"claim",        "where",       "cases",        "except",
                           "outcome",      "message",     "same_results", "no_difference",
                           "same_objects", "no_incident", "config"};
inline const Keys reruns = {"per_case", "least", "total", "confidence_percent"};
}  // namespace keys

/// The names that the sections define, good or not, for references between them. An empty list
/// means that its section cannot be read: then no reference to it is checked.
struct Names {
  std::vector<std::string> trees, series, toolchains, configs, machines, suites;
  std::vector<std::string> members;  ///< of suites whose tests have several sources
};
Names names_of(const YamlNode& experiment);

/// What all readers need.
struct Reading {
  std::filesystem::path folder;  ///< of the experiment's file: paths are relative to it
  Names names;
  Problems& problems;
  std::filesystem::path shipped = {};  ///< what "kmatrix:" in front of a path stands for
  GitReader* git = nullptr;            ///< nullptr: repositories are not looked at

  std::filesystem::path path(const std::string& written) const;
  /// Reports a name that is not among `known`.
  void check_reference(const YamlNode& name, const std::string& what, const std::string& where,
                       const std::vector<std::string>& known) const;
};

/// A section that defines things by name.
struct Section {
  const YamlNode* node = nullptr;  ///< nullptr: absent
  std::string key, what;           ///< "trees", "tree"
  const Keys& known;               ///< keys of each entry
};

/// Reports it unless exactly one of `choices` is there.
bool check_one_of(const Entry& entry, const Fields& fields, const std::string& what,
                  const Keys& choices, Problems& problems);
/// Reports a key that only makes sense beside another one.
void check_only_with(const Fields& fields, const std::string& key, const std::string& needed,
                     Problems& problems);
/// A git repository, as a URL or as the path of a folder that is there; "" if it was reported.
std::string read_repository(const Field& field, const Reading& reading);

/// Calls `read` for every entry of a section; reports a section that is no mapping or is empty, and
/// names that are none.
void for_each_named(const Section& section, const Reading& reading,
                    const std::function<void(const Entry&, const Fields&)>& read);

std::vector<Tree> read_trees(const YamlNode* section, const Reading& reading);
/// With `base` in front, and the prefixes of a series in front of it. Also puts the names of the
/// prefixes into `reading.names`.
std::vector<Series> read_series(const YamlNode* section, Reading& reading);
std::vector<Toolchain> read_toolchains(const YamlNode* section, const Reading& reading);
std::vector<Machine> read_machines(const YamlNode* section, const Reading& reading);
std::vector<Config> read_configs(const YamlNode* section, const Reading& reading);
std::vector<Suite> read_suites(const YamlNode* section, const Reading& reading);

/// `axes`: the axis values in `axes`, `include` and `exclude`; an absent axis has all names.
void read_axes(const YamlNode* section, const Reading& reading, Experiment& experiment);
std::vector<Expectation> read_expectations(const YamlNode* section, const Reading& reading);
std::vector<Ignore> read_ignores(const YamlNode* section, const Reading& reading);
std::vector<Claim> read_claims(const YamlNode* section, const Reading& reading);
Reruns read_reruns(const YamlNode* section, const Reading& reading);

/// Axis values by name: the value of a `where`.
Slice read_slice(const YamlNode& node, const std::string& owner, const Reading& reading);
/// A text that is not empty, on one line; "" where it is absent or wrong, which is reported.
std::string read_line(const Field& field, std::string_view expected, Problems& problems);
/// The elements of a list of mappings.
std::vector<const YamlNode*> read_elements(const Field& field, Problems& problems);
/// A pattern or a list of them; what is none is reported.
void read_patterns(const Field& field, std::vector<std::string>& into, Problems& problems);

}  // namespace kmatrix::spec
