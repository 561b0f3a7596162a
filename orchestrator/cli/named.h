// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "support/result.h"
#include "support/text.h"

namespace kmatrix::cli {

/// The thing with this name, or the only one that has it as a part of its name, or the only one of
/// those that `better` says is better. `what`: "cell", `where`: "run 3", for errors.
template <class Thing, class Better>
Result<Thing> named(const std::vector<Thing>& things, const std::string& what,
                    const std::string& where, const std::string& name, const Better& better) {
  std::vector<std::string> names;
  std::vector<Thing> partly, best;
  for (const auto& thing : things) {
    if (thing.name == name) return thing;
    names.push_back(thing.name);
    if (thing.name.find(name) == std::string::npos) continue;
    partly.push_back(thing);
    if (better(thing)) best.push_back(thing);
  }
  if (partly.size() == 1) return partly.front();
  if (best.size() == 1) return best.front();
  if (partly.empty())
    return support::input_error(where + " has no " + what + " '" + name + "'", {},
                                support::did_you_mean(name, names));
  std::string choices;
  for (const auto& thing : partly) choices += "\n  " + thing.name;
  return support::input_error(name.empty()
                                  ? "which " + what + "?" + choices
                                  : "'" + name + "' is part of several " + what + "s:" + choices);
}

}  // namespace kmatrix::cli
