// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "site/dashboard.h"
#include "spec/document.h"
#include "spec/problems.h"

namespace kmatrix::site {

/// The Vega-Lite specification of a panel as JSON. Reports what would fetch something or lead
/// somewhere else (data, url, href), and what lacks a mark.
void read_chart(const spec::YamlNode& node, Panel& panel, spec::Problems& problems);

}  // namespace kmatrix::site
