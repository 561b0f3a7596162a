// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "spec/experiment.h"
#include "spec/fields.h"
#include "spec/problems.h"
#include "spec/sections.h"

namespace kmatrix::spec {

/// As parse_fragment (load.h), with every problem of the text.
std::vector<SymbolRequest> read_fragment(const std::string& text, const std::string& file,
                                         Problems& problems);

/// A map of symbols (a leading CONFIG_ is dropped) to values. Plain and quoted y, m, n and plain
/// numbers stay as they are; any other text becomes a string in a .config's quotes. In place of a
/// value a map of trees to values may stand: a request each, for that tree alone.
std::vector<SymbolRequest> read_symbols(const Field& field, const Reading& reading);

/// What a list of fragments gives: the requests of those that are files, in order, and those of the
/// tree ("tree:PATH"), which can be read only where it is. Files that contradict each other are
/// reported.
struct Fragments {
  std::vector<SymbolRequest> requests;
  std::vector<TreeFragment> of_tree;
};
Fragments read_fragments(const Field& field, const Reading& reading);

/// Reports requests of one symbol with different values for the same tree.
void report_disagreements(const std::vector<SymbolRequest>& requests, Problems& problems);

}  // namespace kmatrix::spec
