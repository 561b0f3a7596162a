// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/junit.h"

#include <gtest/gtest.h>

#include <map>
#include <pugixml.hpp>
#include <set>

#include "report/fixture.h"

namespace kmatrix::report {
namespace {

pugi::xml_document parsed(const std::string& xml) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(xml.c_str())) << xml;
  return document;
}

TEST(Junit, HasASuiteACellAndACaseACase) {
  const auto document = parsed(junit_xml(quickstart().whole()));
  const auto root = document.child("testsuites");
  EXPECT_STREQ(root.attribute("name").value(), "quickstart");
  EXPECT_EQ(root.attribute("tests").as_int(), 6);
  EXPECT_EQ(root.child("testsuite").attribute("skipped").as_int(), 1);
  EXPECT_EQ(root.attribute("failures").as_int() + root.attribute("errors").as_int(), 0);
  const auto unavailable = root.child("testsuite");
  EXPECT_STREQ(unavailable.child("testcase").child("skipped").attribute("message").value(),
               "unavailable: DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set");
  const auto passed = unavailable.next_sibling();
  EXPECT_STREQ(passed.attribute("timestamp").value(), "2026-01-31T12:00:00");
  EXPECT_STREQ(passed.attribute("time").value(), "71.000");
  EXPECT_STREQ(passed.child("testcase").attribute("name").value(), "direct/ftrace-direct.tc");
  EXPECT_TRUE(passed.child("testcase").first_child().empty());
}

/// The element that an outcome becomes; "" for none.
std::string element_of(const char* outcome) {
  RunBuilder run;
  run.cell("base", "x");
  run.result("a", outcome, "why");
  const auto document = parsed(junit_xml(run.whole()));
  return document.child("testsuites").child("testsuite").child("testcase").first_child().name();
}

TEST(Junit, HasAnElementForEveryOutcome) {
  EXPECT_EQ(element_of("passed"), "");
  EXPECT_EQ(element_of("failed"), "failure");
  for (const char* outcome :
       {"unresolved", "timed_out", "crashed", "missing", "blocked", "infra_error"})
    EXPECT_EQ(element_of(outcome), "error") << outcome;
  EXPECT_EQ(element_of("skipped"), "skipped");
  EXPECT_EQ(element_of("xfailed"), "skipped");
}

TEST(Junit, CountsWhatWentWrong) {
  const auto document = parsed(junit_xml(bad_run().whole()));
  const auto root = document.child("testsuites");
  EXPECT_EQ(root.attribute("errors").as_int(), 3);
  EXPECT_EQ(root.child("testsuite").attribute("errors").as_int(), 2);
  const auto blocked = root.last_child().child("testcase").child("error");
  EXPECT_STREQ(blocked.attribute("message").value(), "blocked: its kernel did not build");
  EXPECT_STREQ(blocked.attribute("type").value(), "blocked");
}

/// What the usual schema (Jenkins' junit-10.xsd) allows of what can be here: attributes and
/// children.
struct Allowed {
  std::set<std::string> attributes, required, children;
};
const std::map<std::string, Allowed> usual = {
    {"testsuites", {{"name", "time", "tests", "failures", "errors"}, {}, {"testsuite"}}},
    {"testsuite",
     {{"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname",
       "id", "package", "file", "log", "url"},
      {"name", "tests", "failures", "errors"},
      {"testsuite", "properties", "testcase", "system-out", "system-err"}}},
    {"testcase",
     {{"name", "time", "classname", "group"},
      {"name"},
      {"skipped", "error", "failure", "system-out", "system-err"}}},
    {"skipped", {{"type", "message"}, {}, {}}},
    {"failure", {{"type", "message"}, {}, {}}},
    {"error", {{"type", "message"}, {}, {}}},
    {"system-err", {}}};

void expect_valid(const pugi::xml_node& node) {
  const auto known = usual.find(node.name());
  ASSERT_NE(known, usual.end()) << node.name();
  const auto& allowed = known->second;
  for (const auto& attribute : node.attributes()) {
    EXPECT_EQ(allowed.attributes.count(attribute.name()), 1U) << node.name() << attribute.name();
    if (std::string(attribute.name()) == "time") {
      EXPECT_EQ(std::string(attribute.value()).find_first_not_of("0123456789."), std::string::npos);
    }
  }
  for (const auto& name : allowed.required)
    EXPECT_FALSE(node.attribute(name.c_str()).empty()) << node.name() << name;
  for (const auto& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    EXPECT_EQ(allowed.children.count(child.name()), 1U) << node.name() << child.name();
    expect_valid(child);
  }
}

TEST(Junit, IsValidAgainstTheUsualSchema) {
  for (const auto& run : {bad_run().whole(), quickstart().whole()})
    expect_valid(parsed(junit_xml(run)).child("testsuites"));
}

TEST(Junit, ACellWithoutCasesIsSeen) {
  RunBuilder run;
  run.cell("base", "x", "infra_error", "libvirt is away");
  const auto document = parsed(junit_xml(run.whole()));
  const auto test = document.child("testsuites").child("testsuite").child("testcase");
  EXPECT_STREQ(test.attribute("name").value(), "x");
  EXPECT_STREQ(test.child("error").attribute("message").value(), "infra_error: libvirt is away");
}

TEST(Junit, HasNoCharacterThatXmlForbids) {
  auto run = bad_run();
  run.whole().cases[0].name = std::string("<&\">\x01\x1b \xEF\xBF\xBF \xFF\0", 13);
  const std::string xml = junit_xml(run.whole());
  for (const char byte : xml) EXPECT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20);
  std::string references = xml;
  for (std::size_t at = 0; (at = references.find("&#10;", at)) != std::string::npos;)
    references.erase(at, 5);  // a newline is the one control character that may be there
  EXPECT_EQ(references.find("&#"), std::string::npos) << xml;
  const auto document = parsed(xml);
  EXPECT_EQ(document.child("testsuites").child("testsuite").child("system-err").text().get(),
            std::string("cfi: CFI failure at caller (target: callee)\n"
                        "CFI failure \\x01\nCall trace:\n"));
}

}  // namespace
}  // namespace kmatrix::report
