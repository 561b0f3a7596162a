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

/// The requests of all fragments of a list of files, in order. Fragments that contradict each other
/// are reported.
std::vector<SymbolRequest> read_fragments(const Field& field, const Reading& reading);

/// Reports requests of one symbol with different values for the same tree.
void report_disagreements(const std::vector<SymbolRequest>& requests, Problems& problems);

}  // namespace kmatrix::spec
