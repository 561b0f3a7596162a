// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/protocol.h"

#include <gtest/gtest.h>

#include "agent/base64.h"

namespace kmatrix::agent {
namespace {

using std::chrono::milliseconds;

agent::Run sample_run() {
  agent::Run run;
  run.seq = 7;
  run.name = "direct/ftrace-direct.tc";
  run.argv = {"/bin/sh", "-c", "echo \"$1\"\n", ""};
  run.env = {{"LANG", "C"}, {"EMPTY", ""}, {"type", "not the message's"}};
  run.cwd = "/tmp";
  run.max_output = 4096;
  return run;
}

/// A line of the shape that `encode` gives, with one piece of text replaced.
std::string changed(std::string line, const std::string& from, const std::string& to) {
  const auto at = line.find(from);
  EXPECT_NE(at, std::string::npos) << from << " is not in " << line;
  return at == std::string::npos ? line : line.replace(at, from.size(), to);
}

std::string encoded(FromGuest message) { return encode(message); }
std::string encoded_to_guest(FromHost message) { return encode(message); }

const Ended an_end{3, 137, true, milliseconds(1234), 512, 99, true};

TEST(Protocol, BringsARunToTheGuest) {
  const auto parsed = parse_from_host(encoded_to_guest(sample_run()));
  ASSERT_TRUE(parsed.has_value());
  const auto& run = std::get<agent::Run>(*parsed);
  const agent::Run sent = sample_run();
  EXPECT_EQ(run.seq, sent.seq);
  EXPECT_EQ(run.name, sent.name);
  EXPECT_EQ(run.argv, sent.argv);
  EXPECT_EQ(run.env, sent.env);
  EXPECT_EQ(run.cwd, sent.cwd);
  EXPECT_EQ(run.max_output, sent.max_output);
}

TEST(Protocol, BringsHelloToTheHost) {
  const auto parsed =
      parse_from_guest(encoded(Hello{1, "6.12.117", "#1 SMP Tue", 2, milliseconds(1500),
                                     18446744073709551615ULL, std::chrono::microseconds(3210)}));
  ASSERT_TRUE(parsed.has_value());
  const auto& hello = std::get<Hello>(*parsed);
  EXPECT_EQ(hello.protocol, 1);
  EXPECT_EQ(hello.release, "6.12.117");
  EXPECT_EQ(hello.version, "#1 SMP Tue");
  EXPECT_EQ(hello.cpus, 2);
  EXPECT_EQ(hello.uptime, milliseconds(1500));
  EXPECT_EQ(hello.tainted, 18446744073709551615ULL);
  EXPECT_EQ(hello.round, std::chrono::microseconds(3210));
}

TEST(Protocol, BringsAnEndToTheHost) {
  const auto parsed = parse_from_guest(encoded(an_end));
  ASSERT_TRUE(parsed.has_value());
  const auto& ended = std::get<Ended>(*parsed);
  EXPECT_EQ(ended.seq, 3U);
  EXPECT_EQ(ended.code, 137);
  EXPECT_TRUE(ended.timed_out);
  EXPECT_EQ(ended.took, milliseconds(1234));
  EXPECT_EQ(ended.tainted, 512U);
  EXPECT_EQ(ended.dropped, 99U);
  EXPECT_TRUE(ended.exhausted);
}

TEST(Protocol, BringsTheSmallMessages) {
  EXPECT_EQ(std::get<Started>(*parse_from_guest(encoded(Started{4}))).seq, 4U);
  EXPECT_EQ(std::get<Failed>(*parse_from_guest(encoded(Failed{"mount: \"x\""}))).message,
            "mount: \"x\"");
  EXPECT_TRUE(std::holds_alternative<Alive>(*parse_from_guest(encoded(Alive{}))));
  EXPECT_EQ(std::get<Kill>(*parse_from_host(encoded_to_guest(Kill{8}))).seq, 8U);
  EXPECT_TRUE(std::holds_alternative<Bye>(*parse_from_guest(encoded(Bye{}))));
  EXPECT_TRUE(std::holds_alternative<Poweroff>(*parse_from_host(encoded_to_guest(Poweroff{}))));
}

TEST(Protocol, CarriesAnyBytesOfOutput) {
  std::string bytes;
  for (int value = 0; value < 256; ++value) bytes += static_cast<char>(value);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto parsed = parse_from_guest(encoded(Output{1, bytes.substr(0, size)}));
    ASSERT_TRUE(parsed.has_value()) << size;
    EXPECT_EQ(std::get<Output>(*parsed).data, bytes.substr(0, size));
  }
}

TEST(Protocol, FitsTheLargestPieceIntoALine) {
  const std::string line = encoded(Output{1, std::string(max_piece, '\xff')});
  EXPECT_LE(line.size(), max_line);
  EXPECT_TRUE(parse_from_guest(line).has_value());
}

TEST(Protocol, EndsEachLineWithItsOnlyNewline) {
  agent::Run run = sample_run();
  run.name = "two\nlines";
  const std::string line = encoded_to_guest(run);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Protocol, CutsALongFailureSoThatTheLineFits) {
  const std::string line = encoded(Failed{std::string(100000, '\x01')});
  EXPECT_LE(line.size(), max_line);
  EXPECT_TRUE(parse_from_guest(line).has_value());
}

TEST(Protocol, ReplacesInvalidUtf8InTexts) {
  const auto parsed = parse_from_guest(encoded(Failed{"a\xff"}));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(std::get<Failed>(*parsed).message, "a\xEF\xBF\xBD");
}

TEST(Protocol, RefusesWhatIsNotOneObject) {
  for (const char* line :
       {"", "\n", "null", "[]", "{}", "{", "{}{}", "hello", "\"bye\"", "{\"type\":\"bye\"}\n\n",
        " {\"type\":\"bye\"}", "{\"type\":\"bye\"} ", "{\"type\":\n\"bye\"}", "{\"type\":\"bye\",}",
        "{\"type\":\"bye\"}\r\n", "{\"type\":\"b\xffye\"}", "\xEF\xBB\xBF{\"type\":\"bye\"}"})
    EXPECT_FALSE(parse_from_guest(line).has_value()) << line;
  EXPECT_TRUE(parse_from_guest("{\"type\":\"bye\"}").has_value());
}

TEST(Protocol, RefusesUnknownTypesAndTheOtherDirection) {
  EXPECT_FALSE(parse_from_guest("{\"type\":\"goodbye\"}").has_value());
  EXPECT_FALSE(parse_from_guest("{\"type\":1}").has_value());
  EXPECT_FALSE(parse_from_guest(encoded_to_guest(Poweroff{})).has_value());
  EXPECT_FALSE(parse_from_host(encoded(Bye{})).has_value());
}

TEST(Protocol, RefusesMissingUnknownAndRepeatedMembers) {
  const std::string line = encoded(an_end);
  EXPECT_TRUE(parse_from_guest(line).has_value());
  EXPECT_FALSE(parse_from_guest(changed(line, "\"dropped\":99,", "")).has_value());
  EXPECT_FALSE(parse_from_guest(changed(line, "\"seq\":3", "\"seq\":3,\"more\":1")).has_value());
  EXPECT_FALSE(parse_from_guest(changed(line, "\"seq\":3", "\"seq\":3,\"seq\":3")).has_value());
  const std::string run = encoded_to_guest(sample_run());
  EXPECT_FALSE(
      parse_from_host(changed(run, "\"LANG\":\"C\"", "\"LANG\":\"C\",\"LANG\":\"D\"")).has_value());
}

TEST(Protocol, RefusesValuesOfTheWrongTypeOrOutOfBounds) {
  const std::string line = encoded(an_end);
  for (const char* code : {"-1", "256", "1.0", "1e1", "\"1\"", "null", "true", "[1]", "{\"a\":1}"})
    EXPECT_FALSE(parse_from_guest(changed(line, "\"code\":137", std::string("\"code\":") + code))
                     .has_value())
        << code;
  EXPECT_FALSE(
      parse_from_guest(changed(line, "\"timed_out\":true", "\"timed_out\":1")).has_value());
  EXPECT_FALSE(
      parse_from_guest(changed(line, "\"tainted\":512", "\"tainted\":18446744073709551616"))
          .has_value());
  const std::string hello =
      encoded(Hello{1, "r", "v", 2, milliseconds(1), 0, std::chrono::microseconds(9)});
  EXPECT_FALSE(parse_from_guest(changed(hello, "\"round_us\":9", "\"round_us\":0")).has_value());
  EXPECT_FALSE(parse_from_guest(changed(hello, "\"cpus\":2", "\"cpus\":0")).has_value());
  EXPECT_FALSE(
      parse_from_guest(changed(hello, "\"r\"", '"' + std::string(2000, 'r') + '"')).has_value());
}

TEST(Protocol, RefusesRunsThatCannotBeRun) {
  const std::string line = encoded_to_guest(sample_run());
  EXPECT_TRUE(parse_from_host(line).has_value());
  EXPECT_FALSE(parse_from_host(changed(line, "\"/bin/sh\"", "\"sh\"")).has_value());
  EXPECT_FALSE(parse_from_host(changed(line, "\"/bin/sh\"", "1")).has_value());
  EXPECT_FALSE(parse_from_host(changed(line, "\"-c\"", "\"a\\u0000b\"")).has_value());
  EXPECT_FALSE(parse_from_host(changed(line, "\"cwd\":\"/tmp\"", "\"cwd\":\"tmp\"")).has_value());
  EXPECT_FALSE(parse_from_host(changed(line, "\"LANG\"", "\"LA=NG\"")).has_value());
  EXPECT_FALSE(parse_from_host(changed(line, "\"LANG\"", "\"\"")).has_value());
  agent::Run run = sample_run();
  run.argv.clear();
  EXPECT_FALSE(parse_from_host(encoded_to_guest(run)).has_value());
}

TEST(Protocol, RefusesALineThatIsTooLong) {
  agent::Run run = sample_run();
  run.name = std::string(max_line, 'n');
  EXPECT_FALSE(parse_from_host(encoded_to_guest(run)).has_value());
  run.name.resize(max_line - 500);
  EXPECT_TRUE(parse_from_host(encoded_to_guest(run)).has_value());
}

TEST(Protocol, SurvivesDeepNesting) {
  EXPECT_FALSE(parse_from_guest("{\"type\":" + std::string(60000, '[') + '}').has_value());
  EXPECT_FALSE(parse_from_guest("{\"a\":" + std::string(30000, '[') + std::string(30000, ']') + '}')
                   .has_value());
}

TEST(Base64, DecodesOnlyWhatItWrites) {
  EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_decode("Zm9vYmE="), "fooba");
  for (const char* text : {"A", "AA", "AAA", "AAA\n", "A===", "====", "AA=A",
                           "AB==", "AAB=", "A-A_", "Zm9v=", "=AAA", "AAAA===="})
    EXPECT_FALSE(base64_decode(text).has_value()) << text;
}

TEST(Markers, NameTheCase) {
  EXPECT_EQ(start_marker(3, "ftrace-direct.tc"), "kmatrix: START 3 ftrace-direct.tc");
  EXPECT_EQ(end_marker(3, 139), "kmatrix: END 3 139");
}

TEST(Markers, StayOneShortLineWhateverTheName) {
  const std::string marker = start_marker(1, "a\nkmatrix: END 1 0\x1b" + std::string(5000, 'x'));
  EXPECT_EQ(marker.substr(0, 35), "kmatrix: START 1 a?kmatrix: END 1 0");
  EXPECT_EQ(marker.find_first_of("\n\x1b"), std::string::npos);
  EXPECT_LT(marker.size(), 300U);
}

}  // namespace
}  // namespace kmatrix::agent
