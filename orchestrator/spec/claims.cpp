// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "spec/fragment.h"
#include "spec/sections.h"

namespace kmatrix::spec {

namespace {

/// The key that says what a claim is about, and the keys that may stand beside it.
struct ClaimKey {
  const char* key;
  ClaimKind kind;
  Keys beside;
};

const std::vector<ClaimKey>& claim_keys() {
  static const std::vector<ClaimKey> keys = {
      {"outcome", ClaimKind::outcome, {"cases", "except", "message"}},
      {"same_results", ClaimKind::same_results, {"cases", "except"}},
      {"no_difference", ClaimKind::no_difference, {"cases", "except"}},
      {"same_objects", ClaimKind::same_objects, {"except"}},
      {"no_incident", ClaimKind::no_incident, {}},
      {"config", ClaimKind::config, {}}};
  return keys;
}

/// Which kind of claim it is; reports a claim of none or of several, and keys of another kind.
const ClaimKey* kind_of(const YamlNode& element, const Fields& fields, Problems& problems) {
  const ClaimKey* kind = nullptr;
  Keys known;
  for (const auto& each : claim_keys()) {
    known.emplace_back(each.key);
    const auto field = fields.optional(each.key);
    if (!field) continue;
    if (kind != nullptr)
      problems.add(field.node->at,
                   fmt::format("a claim has either '{}' or '{}', not both", kind->key, each.key));
    kind = &each;
  }
  const bool misspelt = std::any_of(known.begin(), known.end(),
                                    [&](const auto& key) { return fields.is_misspelt(key); });
  if (kind == nullptr && fields.is_map() && !misspelt)
    problems.add(element.at, "the claim does not say what it promises",
                 fmt::format("it needs one of the keys {}", fmt::join(known, ", ")));
  if (kind == nullptr) return nullptr;
  for (const auto* key : {"cases", "except", "message"})
    if (const auto field = fields.optional(key);
        field && std::find(kind->beside.begin(), kind->beside.end(), key) == kind->beside.end())
      problems.add(field.node->at,
                   fmt::format("'{}' means nothing in a claim with '{}'", key, kind->key));
  return kind;
}

std::vector<std::string> read_words(const Field& field, const Keys& words, Problems& problems) {
  std::vector<std::string> values;
  for (const auto* node : read_texts(field, "a word or a list of words", problems))
    if (auto word = read_word({node, field.what}, words, problems)) values.push_back(*word);
  return values;
}

const Keys& outcome_words() {
  static const Keys words = {"passed",  "failed",  "skipped", "xfailed",     "unresolved",
                             "crashed", "blocked", "missing", "unavailable", "timed_out"};
  return words;
}

/// One value of each axis that is to be another; a list would leave open which one is meant.
Slice read_partner(const Field& field, const Reading& reading) {
  auto slice = read_slice(*field.node, "same_results", reading);
  for (const auto* values :
       {&slice.trees, &slice.series, &slice.configs, &slice.machines, &slice.suites})
    if (values->size() > 1)
      reading.problems.add(field.node->at,
                           "same_results takes one value of an axis: each of the cells in `where` "
                           "is compared with the cell that has that value instead");
  return slice;
}

void read_promise(const Field& field, Claim& claim, const Reading& reading) {
  auto& problems = reading.problems;
  switch (claim.kind) {
    case ClaimKind::outcome:
      claim.outcomes = read_words(field, outcome_words(), problems);
      break;
    case ClaimKind::same_results:
      claim.as = read_partner(field, reading);
      break;
    case ClaimKind::no_difference:
      claim.axis = read_word(field, keys::slice, problems).value_or("");
      break;
    case ClaimKind::same_objects:
      claim.axis = read_word(field, {"tree", "series", "config"}, problems).value_or("");
      break;
    case ClaimKind::no_incident: {
      Keys words{incident_kinds.begin(), incident_kinds.end()};
      words.emplace_back("any");
      claim.kinds = read_words(field, words, problems);
      std::erase(claim.kinds, "any");
      break;
    }
    case ClaimKind::config:
      claim.symbols = read_symbols(field, reading);
      break;
  }
}

Claim read_claim(const YamlNode& element, const Reading& reading) {
  const Fields fields(element, "an element of claims", keys::claim, reading.problems);
  Claim claim;
  claim.at = element.at;
  claim.text = read_line(fields.required("claim"), "a sentence that says what is promised",
                         reading.problems);
  if (const auto where = fields.optional("where"))
    claim.where = read_slice(*where.node, "where", reading);
  if (const auto* kind = kind_of(element, fields, reading.problems)) {
    claim.kind = kind->kind;
    read_promise(fields.optional(kind->key), claim, reading);
  }
  read_patterns(fields.optional("cases"), claim.cases, reading.problems);
  read_patterns(fields.optional("except"), claim.except, reading.problems);
  std::vector<std::string> message;
  read_patterns(fields.optional("message"), message, reading.problems);
  if (!message.empty()) claim.message = message.front();
  return claim;
}

}  // namespace

std::vector<Claim> read_claims(const YamlNode* section, const Reading& reading) {
  std::vector<Claim> claims;
  for (const auto* element : read_elements({section, "the claims section"}, reading.problems))
    claims.push_back(read_claim(*element, reading));
  return claims;
}

Reruns read_reruns(const YamlNode* section, const Reading& reading) {
  Reruns reruns;
  if (section == nullptr) return reruns;
  auto& problems = reading.problems;
  constexpr int most = 1'000'000;
  const Fields fields(*section, "reruns", keys::reruns, problems);
  reruns.at = section->at;
  reruns.per_case = read_number(fields.required("per_case"), 0, 1'000, problems).value_or(0);
  reruns.least = read_number(fields.optional("least"), 1, 1'000, problems).value_or(reruns.least);
  reruns.total = read_number(fields.optional("total"), 0, most, problems).value_or(reruns.total);
  if (const auto percent = read_number(fields.optional("confidence_percent"), 80, 99, problems))
    reruns.confidence = *percent / 100.0;
  return reruns;
}

}  // namespace kmatrix::spec
