// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/table.h"
#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

using Json = nlohmann::ordered_json;
using Claims = std::vector<store::ClaimRow>;

const std::string holds = to_string(compare::ClaimState::holds);
const std::string does_not_hold = to_string(compare::ClaimState::does_not_hold);

Piece sign_of(const std::string& state) {
  if (state == holds) return {"\u2714", Tone::good};
  if (state == does_not_hold) return {"\u2718", Tone::bad};
  return {"?"};
}

Json json_of(const std::vector<compare::ClaimEvidence>& evidence) {
  auto list = Json::array();
  for (const auto& each : evidence)
    list.push_back({{"where", text_or_null(each.where)},
                    {"what", text_or_null(each.what)},
                    {"found", text_or_null(each.found)},
                    {"detail", text_or_null(each.detail)}});
  return list;
}

/// {"against": [...], "missing": [...]} of a row; empty lists if it has something else.
Json evidence_of(const store::ClaimRow& claim) {
  auto evidence = Json::parse(claim.evidence, nullptr, false);
  if (!evidence.is_object()) evidence = Json::object();
  for (const auto* key : {"against", "missing"})
    if (!evidence.contains(key) || !evidence[key].is_array()) evidence[key] = Json::array();
  return evidence;
}

std::string text_at(const Json& record, const char* key) {
  return record.is_object() && record.contains(key) && record[key].is_string()
             ? line_of(record[key].get<std::string>())
             : "";
}

/// `others`: how many more places say the same.
std::string line_of_evidence(const Json& each, std::size_t others) {
  std::vector<std::string> parts;
  for (const auto* key : {"where", "what", "found"})
    if (auto part = text_at(each, key); !part.empty()) parts.push_back(std::move(part));
  if (others > 0) parts.front() += fmt::format(" and {} more", others);
  const auto detail = text_at(each, "detail");
  return support::join(parts, ": ") + (detail.empty() ? "" : " (" + detail + ")");
}

/// How many from `first` on say the same of different places.
std::size_t alike(const Json& evidence, std::size_t first) {
  const auto same = [&](std::size_t other, const char* key) {
    return text_at(evidence[first], key) == text_at(evidence[other], key);
  };
  std::size_t end = first + 1;
  while (end < evidence.size() && !text_at(evidence[end], "where").empty() && same(end, "what") &&
         same(end, "found") && same(end, "detail"))
    ++end;
  return text_at(evidence[first], "where").empty() ? 1 : end - first;
}

/// A line each, and one for more than a few places of which the same is said.
std::string some_of(const Json& evidence, const char* what) {
  constexpr std::size_t shown = 8, few = 3;
  std::string text;
  std::size_t lines = 0, i = 0;
  for (; i < evidence.size() && lines < shown; ++lines) {
    const auto count = alike(evidence, i);
    const auto told = count > few ? count : 1;
    text += fmt::format("    {} {}\n", what, line_of_evidence(evidence[i], told - 1));
    i += told;
  }
  if (i < evidence.size())
    text += fmt::format("    {} {} more (--json has all)\n", what, evidence.size() - i);
  return text;
}

std::size_t count(const Claims& claims, const std::string& state) {
  return static_cast<std::size_t>(std::count_if(
      claims.begin(), claims.end(), [&](const auto& claim) { return claim.state == state; }));
}

}  // namespace

store::ClaimRow to_row(const compare::ClaimResult& result) {
  const Json evidence = {{"against", json_of(result.against)},
                         {"missing", json_of(result.missing)}};
  return {result.claim->text, to_string(result.claim->at), to_string(result.state), result.basis,
          evidence.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

bool all_hold(const Claims& claims) { return count(claims, holds) == claims.size(); }

bool some_do_not_hold(const Claims& claims) { return count(claims, does_not_hold) > 0; }

std::string claims_line(const Claims& claims) {
  const auto good = count(claims, holds);
  const auto bad = count(claims, does_not_hold);
  const auto open = claims.size() - good - bad;
  std::vector<std::string> parts;
  if (good > 0) parts.push_back(fmt::format("{} {}", good, good == 1 ? "holds" : "hold"));
  if (bad > 0) parts.push_back(fmt::format("{} {} not hold", bad, bad == 1 ? "does" : "do"));
  if (open > 0) parts.push_back(fmt::format("{} {} undecided", open, open == 1 ? "is" : "are"));
  return fmt::format("{}: {}", count_of(claims.size(), "claim"), support::join(parts, ", "));
}

std::string claims_text(const Claims& claims, bool colour) {
  std::string text;
  for (const auto& claim : claims) {
    const auto sign = sign_of(claim.state);
    const auto evidence = evidence_of(claim);
    text += fmt::format("{} {}\n    {}: {}\n", coloured(sign.text, sign.tone, colour),
                        line_of(claim.text), coloured(line_of(claim.state), sign.tone, colour),
                        line_of(claim.basis));
    text += some_of(evidence["against"], "-") + some_of(evidence["missing"], "? missing:");
  }
  return text;
}

std::string first_evidence(const store::ClaimRow& claim) {
  const auto evidence = evidence_of(claim);
  for (const auto* key : {"against", "missing"})
    if (!evidence[key].empty()) return line_of_evidence(evidence[key].front(), 0);
  return {};
}

nlohmann::ordered_json claims_json(const Claims& claims) {
  auto list = Json::array();
  for (const auto& claim : claims) {
    Json record = {{"claim", claim.text},
                   {"at", text_or_null(claim.place)},
                   {"state", claim.state},
                   {"basis", text_or_null(claim.basis)}};
    record.update(evidence_of(claim));
    list.push_back(std::move(record));
  }
  return {{"all_hold", all_hold(claims)}, {"claims", std::move(list)}};
}

}  // namespace kmatrix::report
