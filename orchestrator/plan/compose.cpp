// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/compose.h"

#include <fmt/format.h>

#include <map>
#include <set>

// Two passes. The first one lets all askers that do not yield agree on a value for each symbol, or
// finds the contradictions between them. The second one walks through everybody's requests in
// order and takes each symbol where it is first asked for with the agreed value. So an asker that
// yields can neither contradict nor displace one that does not, wherever it stands in the order.
namespace kmatrix::plan {

namespace {

/// What an asker asks for, each symbol once, the last value in the place of the first.
std::vector<ComposedSymbol> wishes_of(const Asker& asker) {
  std::vector<ComposedSymbol> wishes;
  std::map<std::string, std::size_t> places;
  for (const auto& request : *asker.requests) {
    if (!request.applies_to(asker.tree)) continue;
    const auto [found, is_new] = places.emplace(request.symbol, wishes.size());
    ComposedSymbol wish{request.symbol, request.value, asker.kind,
                        asker.name,     request.at,    request.optional};
    if (is_new)
      wishes.push_back(std::move(wish));
    else
      wishes[found->second] = std::move(wish);
  }
  return wishes;
}

std::string place(const Location& at) {
  const auto words = support::to_string(at);
  return words.empty() ? "" : " (" + words + ")";
}

using Wishes = std::vector<std::vector<ComposedSymbol>>;
using Agreed = std::map<std::string, ComposedSymbol>;

/// What all askers that do not yield agree on.
Agreed agree(const std::vector<Asker>& askers, const Wishes& wishes,
             std::vector<Contradiction>& contradictions) {
  Agreed agreed;
  for (std::size_t i = 0; i < askers.size(); ++i) {
    if (askers[i].yields) continue;
    for (const auto& wish : wishes[i]) {
      auto& first = agreed.emplace(wish.symbol, wish).first->second;
      if (first.value != wish.value)
        contradictions.push_back({first, wish});
      else if (!wish.optional && first.optional)
        first = wish;
    }
  }
  return agreed;
}

/// Whether it is left to others: they want another value, or need what it only would like.
bool gives_way(const ComposedSymbol& wish, const Agreed& agreed) {
  const auto firm = agreed.find(wish.symbol);
  return firm != agreed.end() &&
         (firm->second.value != wish.value || (wish.optional && !firm->second.optional));
}

}  // namespace

Composition compose(const std::vector<Asker>& askers) {
  Wishes wishes;
  wishes.reserve(askers.size());
  for (const auto& asker : askers) wishes.push_back(wishes_of(asker));
  Composition result;
  const auto agreed = agree(askers, wishes, result.contradictions);
  std::set<std::string> taken;
  for (const auto& list : wishes)
    for (const auto& wish : list)
      if (!gives_way(wish, agreed) && taken.insert(wish.symbol).second)
        result.symbols.push_back(wish);
  return result;
}

std::vector<ComposedSymbol> tree_symbols(const std::vector<ReadFragment>& fragments,
                                         const std::vector<ComposedSymbol>& symbols) {
  std::set<std::string> taken;
  for (const auto& each : symbols) taken.insert(each.symbol);
  std::vector<ComposedSymbol> result;
  std::map<std::string, std::size_t> places;
  for (const auto& [fragment, requests] : fragments)
    for (const auto& each : requests) {
      if (taken.count(each.symbol) != 0) continue;
      ComposedSymbol symbol{each.symbol,       each.value, fragment.kind,
                            fragment.asked_by, each.at,    true};
      const auto [found, is_new] = places.emplace(each.symbol, result.size());
      if (is_new)
        result.push_back(std::move(symbol));
      else
        result[found->second] = std::move(symbol);
    }
  return result;
}

Error to_error(const Contradiction& contradiction) {
  const auto& first = contradiction.first;
  const auto& second = contradiction.second;
  return support::input_error(
      fmt::format("{} asks for CONFIG_{}={}, but {} asks for CONFIG_{}={}{}", second.asked_by,
                  second.symbol, second.value, first.asked_by, first.symbol, first.value,
                  place(first.at)),
      second.at,
      "make the two agree, keep them apart with `exclude`, or say in `expect` that the suite is "
      "unavailable there");
}

}  // namespace kmatrix::plan
