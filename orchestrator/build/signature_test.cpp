// SPDX-License-Identifier: GPL-2.0-or-later
// With the compiler of this machine, whose files are what the signature is about.
#include "build/signature.h"

#include <gtest/gtest.h>

#include "support/file.h"
#include "support/process.h"

namespace kmatrix::build {
namespace {

namespace fs = std::filesystem;

class SignatureTest : public testing::Test {
 protected:
  SignatureTest() : folder_(*support::TempFolder::create(testing::TempDir(), "signature")) {}

  fs::path compile(const std::string& source, std::vector<std::string> options) {
    const fs::path file = folder_.path() / "source.c",
                   out = folder_.path() / std::to_string(++files_);
    EXPECT_TRUE(support::write_file(file, source));
    std::vector<std::string> argv{"gcc", "-O1", file.string(), "-o", out.string()};
    argv.insert(argv.end(), options.begin(), options.end());
    const auto done = support::run_checked(runner_, {.argv = argv});
    EXPECT_TRUE(done) << to_string(done.error());
    return out;
  }
  std::string object(const std::string& source, std::vector<std::string> options = {}) {
    options.emplace_back("-c");
    return elf_signature(compile(source, std::move(options))).value().hex;
  }
  std::string program(const std::string& source, std::vector<std::string> options = {}) {
    options.insert(options.end(), {"-nostdlib", "-static", "-Wl,--build-id"});
    return elf_signature(compile(source, std::move(options))).value().hex;
  }

  support::TempFolder folder_;
  support::BoostProcessRunner runner_;
  int files_ = 0;
};

constexpr const char* calls_one = "int one(int), two(int);\nint f(int x) { return one(x) + 1; }\n";

TEST_F(SignatureTest, DoesNotDependOnDebugInformation) {
  EXPECT_EQ(object(calls_one), object(calls_one, {"-g3"}));
}

TEST_F(SignatureTest, TellsCallsOfDifferentFunctionsApart) {
  // The code has the same bytes: only the relocation differs.
  EXPECT_NE(object(calls_one),
            object("int one(int), two(int);\nint f(int x) { return two(x) + 1; }\n"));
}

TEST_F(SignatureTest, TellsCodeDataAndSizesApart) {
  EXPECT_NE(object("int x = 1;"), object("int x = 2;"));
  EXPECT_NE(object("int f(void) { return 1; }"), object("int f(void) { return 2; }"));
  EXPECT_NE(object("char x[8];"), object("char x[16];"));
  EXPECT_NE(object("const char x[] = \"a\";"), object("const char x[] = \"b\";"));
}

TEST_F(SignatureTest, DoesNotDependOnTheBuildId) {
  const std::string text = "void _start(void) { for (;;) ; }\n";
  const auto plain = compile(text, {"-nostdlib", "-static", "-Wl,--build-id=0x1234"});
  const auto other = compile(text, {"-nostdlib", "-static", "-Wl,--build-id=0x5678"});
  ASSERT_NE(support::digest_file(plain).value(), support::digest_file(other).value());
  EXPECT_EQ(elf_signature(plain).value(), elf_signature(other).value());
  EXPECT_EQ(program(text), program(text, {"-g"}));
}

TEST_F(SignatureTest, SymbolsCountByNameAndPlaceWithoutThoseOfDebugInformation) {
  const auto symbols = [&](const std::string& source, std::vector<std::string> options = {}) {
    options.emplace_back("-c");
    return symbols_digest(*support::read_file(compile(source, options))).hex;
  };
  EXPECT_EQ(symbols(calls_one), symbols(calls_one, {"-g3"}));
  EXPECT_NE(symbols("int x;"), symbols("int y;"));
  EXPECT_NE(symbols("int x;"), symbols("static int x; int *f(void) { return &x; }"));
  EXPECT_NE(symbols("int x, y;"), symbols("int y, x;")) << "other places";
  EXPECT_TRUE(symbols_digest("#!/bin/sh").empty());
}

TEST_F(SignatureTest, SizesOfCodeCountWhereInstructionsHaveOneSize) {
  const auto sizes = [&](const std::string& text, const char* target) {
    const fs::path file = folder_.path() / "source.c", object = folder_.path() / "source.o";
    EXPECT_TRUE(support::write_file(file, text));
    EXPECT_TRUE(support::run_checked(
        runner_, {.argv = {"clang-19", target, "-O1", "-g", "-c", "-o", object, file}}));
    return code_sizes_digest(*support::read_file(object)).hex;
  };
  const char* const arm64 = "--target=aarch64-linux-gnu";
  const std::string short_code = "int f(int x) { return x + 1; }\n";
  EXPECT_EQ(sizes(short_code, arm64), sizes("int y;\n\nint f(int x) { return x - 2; }\n", arm64));
  EXPECT_NE(sizes(short_code, arm64), sizes("int f(int x) { return x * 3 + x % 7; }\n", arm64));
  EXPECT_TRUE(sizes(short_code, "--target=x86_64-linux-gnu").empty());
  EXPECT_TRUE(code_sizes_digest("#!/bin/sh").empty());
}

TEST_F(SignatureTest, RefusesWhatIsNoWholeElfFile) {
  const auto file = compile(calls_one, {"-c"});
  const auto whole = *support::read_file(file);
  for (const std::size_t size :
       {std::size_t(0), std::size_t(10), std::size_t(64), whole.size() / 2, whole.size() - 1}) {
    ASSERT_TRUE(support::write_file(file, std::string_view(whole).substr(0, size)));
    EXPECT_FALSE(elf_signature(file)) << size;
  }
  ASSERT_TRUE(support::write_file(file, "#!/bin/sh\n"));
  EXPECT_FALSE(elf_signature(file));
  EXPECT_FALSE(elf_signature(folder_.path() / "missing"));
}

}  // namespace
}  // namespace kmatrix::build
