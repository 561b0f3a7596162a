// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/problems.h"
#include "support/result.h"

namespace kmatrix::spec {

enum class NodeKind { null, scalar, list, map };

struct Entry;

/// A value of a YAML document as it was written: scalars stay text (`y` is "y"), and every value
/// knows its place. Keys of a map are unique.
struct YamlNode {
  NodeKind kind = NodeKind::null;
  std::string text;             ///< of a scalar
  bool quoted = false;          ///< a scalar in quotes or a block
  Location at;                  ///< of a null: the place of its key
  std::vector<YamlNode> items;  ///< of a list
  std::vector<Entry> entries;   ///< of a map, in the order of the file

  /// The value of a key of a map; nullptr if there is none.
  const YamlNode* find(const std::string& key) const;
};

struct Entry {
  std::string key;
  Location at;  ///< of the key
  YamlNode value;
};

/// Parses one YAML document; the only place that knows yaml-cpp. Reports syntax errors, duplicate
/// keys, control characters, text that is not UTF-8, a second document, and what is too deep
/// (16 levels) or too large (50,000 values, aliases counted as often as they are used). nullopt:
/// there is nothing to go on with. Never throws.
std::optional<YamlNode> parse_document(const std::string& text, const std::string& file,
                                       Problems& problems);

}  // namespace kmatrix::spec
