// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/junit.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

struct Counted {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
};

/// `text` without the characters that XML 1.0 cannot hold, not even escaped.
std::string xml_text(std::string_view text) {
  std::string safe = support::printable(text);
  for (const char* never : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (std::size_t at = 0; (at = safe.find(never, at)) != std::string::npos; at += 3)
      safe.replace(at, 3, "\xEF\xBF\xBD");
  return safe;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(xml_text(value).c_str());
}

void set(pugi::xml_node node, const Counted& counted) {
  node.append_attribute("tests").set_value(counted.tests);
  node.append_attribute("failures").set_value(counted.failures);
  node.append_attribute("errors").set_value(counted.errors);
}

/// Adds a test case with the element that says what became of it, if it did not simply pass.
void add_test(pugi::xml_node suite, const store::CellRow& cell, const std::string& name,
              const std::string& word, const std::string& message, Counted& counted) {
  auto test = suite.append_child("testcase");
  set(test, "classname", cell.name);
  set(test, "name", name);
  ++counted.tests;
  if (word == "passed" || word == "done") return;
  const std::string said = message.empty() ? word : word + ": " + message;
  if (word == "skipped" || word == "xfailed" || word == "unavailable") {
    ++counted.skipped;
    set(test.append_child("skipped"), "message", said);
    return;
  }
  ++(word == "failed" ? counted.failures : counted.errors);
  auto element = test.append_child(word == "failed" ? "failure" : "error");
  set(element, "message", said);
  set(element, "type", word);
}

Counted add_cases(pugi::xml_node suite, const store::CellRow& cell,
                  const std::vector<const store::CaseRow*>& cases) {
  Counted counted;
  for (const auto* result : cases) {
    const bool by_cell = said_by_cell(cell, *result);
    add_test(suite, cell, result->name, by_cell ? cell.state : result->outcome,
             by_cell ? cell.reason : result->message, counted);
    suite.last_child().append_attribute("time").set_value(
        fmt::format("{:.3f}", result->seconds).c_str());
  }
  // A cell that is not done must be seen even if it has no case of its own.
  if (cases.empty()) add_test(suite, cell, cell.suite, cell.state, cell.reason, counted);
  return counted;
}

std::string incident_text(const std::vector<const store::IncidentRow*>& incidents) {
  std::string text;
  for (const auto* incident : incidents)
    text += fmt::format("{}: {}{}\n{}\n", incident->kind, incident->title,
                        incident->ignored.empty() ? "" : " (ignored: " + incident->ignored + ")",
                        incident->text);
  return text;
}

void add(Counted& total, const Counted& counted) {
  total.tests += counted.tests;
  total.failures += counted.failures;
  total.errors += counted.errors;
}

}  // namespace

std::string junit_xml(const StoredRun& run) {
  auto cases = by_cell(run.cases);
  auto incidents = by_cell(run.incidents);
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  auto root = document.append_child("testsuites");
  set(root, "name", run.run.experiment);
  Counted total;
  for (const auto& cell : run.cells) {
    auto suite = root.append_child("testsuite");
    set(suite, "name", cell.name);
    set(suite, "hostname", run.run.host);
    // The usual schema has the time without a zone.
    set(suite, "timestamp", run.run.started.substr(0, run.run.started.find('Z')));
    suite.append_attribute("time").set_value(fmt::format("{:.3f}", cell.seconds).c_str());
    const Counted counted = add_cases(suite, cell, cases[cell.id]);
    set(suite, counted);
    // The usual schema knows it here, but not of the whole.
    suite.append_attribute("skipped").set_value(counted.skipped);
    add(total, counted);
    const std::string seen = incident_text(incidents[cell.id]);
    if (!seen.empty())
      suite.append_child("system-err")
          .append_child(pugi::node_pcdata)
          .set_value(xml_text(seen).c_str());
  }
  set(root, total);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace kmatrix::report
