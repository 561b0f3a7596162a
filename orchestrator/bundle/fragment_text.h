// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "plan/matrix.h"
#include "spec/experiment.h"

namespace kmatrix::bundle {

/// A config fragment (spec::parse_fragment) that asks for the same, in the same order.
std::string fragment_text(const std::vector<spec::SymbolRequest>& requests,
                          const std::string& comment);

/// Those that are about a tree, each symbol once with its last value.
std::vector<spec::SymbolRequest> requests_for(const std::vector<spec::SymbolRequest>& requests,
                                              const std::string& tree);

/// What a kernel is asked for by those of one kind, without what `except` ("suite boot") asks for.
std::vector<spec::SymbolRequest> asked_for(const plan::PlannedKernel& kernel, plan::OriginKind kind,
                                           const std::string& except = {});

/// A text in quotes, as YAML and JSON have it.
std::string yaml_text(const std::string& text);

/// A symbol's value as `set` and `expect` of an experiment take it.
std::string yaml_value(const std::string& value);

}  // namespace kmatrix::bundle
