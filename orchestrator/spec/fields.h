// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/document.h"
#include "spec/problems.h"

namespace kmatrix::spec {

/// A field of a YAML map: its value, and words that name it in messages.
struct Field {
  const YamlNode* node = nullptr;  ///< nullptr: the key is not there
  std::string what;                ///< "cpus of machine 'arm64-tcg'"
  explicit operator bool() const { return node != nullptr; }
};

/// The fields of a map that belongs to `owner` ("machine 'arm64-tcg'"). Reports a value that is no
/// map and every key that is not known.
class Fields {
 public:
  Fields(const YamlNode& map, std::string owner, const std::vector<std::string>& known,
         Problems& problems);
  bool is_map() const { return map_.kind == NodeKind::map; }
  Field optional(const std::string& key) const;
  /// Reports it if the key is not there, unless it was reported as an unknown key already.
  Field required(const std::string& key) const;
  /// Is there an unknown key that looks like this one?
  bool is_misspelt(const std::string& key) const;

 private:
  const YamlNode& map_;
  std::string owner_;
  const std::vector<std::string>& known_;
  Problems& problems_;
};

/// "PREFIX: expected EXPECTED, found ..." at the node's place.
void report_type(const Field& field, std::string_view expected, Problems& problems,
                 std::string hint = {});

/// The readers of one field. Each gives nothing where the field is absent, and reports a value of
/// the wrong type.
std::optional<std::string> read_text(const Field& field, std::string_view expected,
                                     Problems& problems);
std::optional<int> read_number(const Field& field, int least, int most, Problems& problems);
/// A list of texts with their places; one text alone counts as a list of one. An empty list is
/// reported.
std::vector<const YamlNode*> read_texts(const Field& field, std::string_view expected,
                                        Problems& problems);
/// One of `words`.
std::optional<std::string> read_word(const Field& field, const std::vector<std::string>& words,
                                     Problems& problems);

/// A text that becomes a program's argument or a part of a URL (see is_word); "" if it is not there
/// or was reported.
std::string read_argument(const Field& field, std::string_view others, std::string_view expected,
                          Problems& problems);

/// [A-Za-z0-9][A-Za-z0-9._+-]*, at most 64 bytes: fit for a part of a path and of a cell's name.
bool is_name(std::string_view text);
/// Reports a text that is no name; `what` is "a tree".
bool check_name(const std::string& text, const Location& at, const std::string& what,
                Problems& problems);

/// Does `text` begin with a letter or digit and go on with letters, digits and `others`? So it is
/// safe as an argument of a program.
bool is_word(std::string_view text, std::string_view others);

}  // namespace kmatrix::spec
