// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/debian.h"

#include <fmt/format.h>
#include <stdlib.h>

#include "source/package_memo.h"
#include "source/test_sources.h"
#include "source/tree_store.h"

namespace kmatrix::source {
namespace {

namespace fs = std::filesystem;

/// Real apt and dpkg-deb, on a Debian archive in a temporary folder and with a machine's
/// configuration of our own (APT_CONFIG), so that no network is needed.
class DebianTest : public testing::SourceTest {
 protected:
  DebianTest() {
    write("apt.conf", fmt::format(R"(Dir::Etc::parts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::sourcelist "{0}/sources.list";
Dir::State "{0}/machine";
Dir::State::status "{0}/machine/status";
Dir::Cache "{0}/machine-cache";
APT::Architecture "amd64";
APT::Architectures {{ "amd64"; }};
APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "true";
Acquire::AllowInsecureRepositories "true";
)",
                                  folder_.string()));
    write("machine/status", "");
    write("sources.list",
          fmt::format("deb [trusted=yes] copy:{}/debian here main\n", folder_.string()));
    setenv("APT_CONFIG", (folder_ / "apt.conf").c_str(), 1);
    make_package("linux-source-9.9", "9.9.1-1", "/usr/src/linux-source-9.9.tar.gz");
    make_package("linux-source-9.9", "9.9.2-1~deb12u1", "/usr/src/linux-source-9.9.tar.gz");
    make_package("hello", "1", "/usr/src/hello.tar.gz");
    publish("here");
  }
  ~DebianTest() override { unsetenv("APT_CONFIG"); }

  void run(std::vector<std::string> argv) {
    support::Command command;
    command.argv = std::move(argv);
    const auto output = support::run_checked(runner_, command);
    EXPECT_TRUE(output) << support::to_string(output.error());
  }
  void update_machine() { run({"apt-get", "-q", "update"}); }

  void make_package(const std::string& name, const std::string& version, const std::string& tar) {
    const fs::path root = folder_ / "root";
    fs::remove_all(root);
    fs::create_directories((root.string() + tar).substr(0, (root.string() + tar).rfind('/')));
    testing::TarWriter(root.string() + tar).kernel("linux-source-" + version).close();
    const std::string control = fmt::format(
        "Package: {}\nVersion: {}\nArchitecture: all\nMaintainer: kmatrix developers "
        "<kmatrix@example.org>\nDescription: kernel source\n",
        name, version);
    write("root/DEBIAN/control", control);
    const std::string file = fmt::format("pool/{}_{}_all.deb", name, version);
    fs::create_directories(folder_ / "debian/pool");
    run({"dpkg-deb", "--root-owner-group", "--build", root.string(),
         (folder_ / "debian" / file).string()});
    index_ += control + fmt::format("Filename: {}\nSize: {}\nSHA256: {}\n\n", file,
                                    fs::file_size(folder_ / "debian" / file),
                                    support::digest_file(folder_ / "debian" / file)->hex);
  }
  void publish(const std::string& suite) {
    write("debian/dists/" + suite + "/main/binary-amd64/Packages", index_);
    write(
        "debian/dists/" + suite + "/Release",
        fmt::format("Origin: Debian\nLabel: Debian\nSuite: {0}\nCodename: {0}\nDate: Thu, 01 Jan "
                    "2026 00:00:00 UTC\nArchitectures: amd64\nComponents: main\nSHA256:\n {1} {2} "
                    "main/binary-amd64/Packages\n",
                    suite, support::digest_of(index_).hex, index_.size()));
  }
  Result<DebianPackage> resolve(const spec::DebianOrigin& origin, bool refresh = false) {
    return DebianArchive(cache_, runner_, say_, {}).resolve(origin, {"x.yaml", 3, 7}, refresh);
  }
  void expect_input_error(const spec::DebianOrigin& origin, const std::string& message,
                          const std::string& hint) {
    const auto package = resolve(origin);
    ASSERT_FALSE(package);
    EXPECT_EQ(package.error().kind, ErrorKind::input) << support::to_string(package.error());
    EXPECT_EQ(package.error().at, (Location{"x.yaml", 3, 7}));
    EXPECT_EQ(package.error().message, message);
    EXPECT_NE(package.error().hint.find(hint), std::string::npos) << package.error().hint;
  }

  fs::path cache_ = folder_ / "cache";
  support::BoostProcessRunner runner_;
  std::vector<std::string> said_;
  std::function<void(std::string)> say_ = [this](std::string line) { said_.push_back(line); };
  std::string index_;
};

TEST_F(DebianTest, AsksTheMachinesOwnIndex) {
  update_machine();
  const auto newest = resolve({"linux-source-9.9", "", ""});
  ASSERT_TRUE(newest) << support::to_string(newest.error());
  EXPECT_EQ(newest->version, "9.9.2-1~deb12u1");
  EXPECT_EQ(
      newest->sha256.hex,
      support::digest_file(folder_ / "debian/pool/linux-source-9.9_9.9.2-1~deb12u1_all.deb")->hex);
  EXPECT_EQ(resolve({"linux-source-9.9", "", "9.9.1-1"})->version, "9.9.1-1");
  EXPECT_TRUE(said_.empty()) << "no index had to be fetched";
}

TEST_F(DebianTest, FetchesAnIndexOfItsOwnIfTheMachinesIsEmpty) {
  const auto package = resolve({"linux-source-9.9", "", ""});
  ASSERT_TRUE(package) << support::to_string(package.error());
  EXPECT_EQ(said_,
            std::vector<std::string>{"fetching the package index of the machine's apt sources"});
  EXPECT_FALSE(fs::exists(folder_ / "machine/lists")) << "the machine's state was changed";
  EXPECT_FALSE(fs::exists(folder_ / "machine-cache"));
}

TEST_F(DebianTest, ARefreshFindsWhatTheMachinesIndexDoesNotKnowYet) {
  update_machine();
  make_package("linux-source-9.9", "9.9.3-1", "/usr/src/linux-source-9.9.tar.gz");
  publish("here");
  EXPECT_EQ(resolve({"linux-source-9.9", "", ""})->version, "9.9.2-1~deb12u1");
  EXPECT_EQ(resolve({"linux-source-9.9", "", ""}, true)->version, "9.9.3-1");
}

TEST_F(DebianTest, TakesAnotherSuiteFromTheMachinesMirror) {
  update_machine();
  make_package("linux-source-10.1", "10.1.1-1~bpo1", "/usr/src/linux-source-10.1.tar.gz");
  publish("there-backports");
  const auto package = resolve({"linux-source-10.1", "there-backports", ""});
  ASSERT_TRUE(package) << support::to_string(package.error());
  EXPECT_EQ(package->version, "10.1.1-1~bpo1");
  EXPECT_FALSE(resolve({"linux-source-10.1", "", ""}));
}

TEST_F(DebianTest, FindsTheMirrorWithoutTheMachinesIndex) {
  publish("there");
  EXPECT_TRUE(resolve({"linux-source-9.9", "there", ""}));
}

TEST_F(DebianTest, SuggestsAPackageVersionOrSuite) {
  update_machine();
  expect_input_error({"linux-sorce-9.9", "", ""},
                     "no package 'linux-sorce-9.9' in the machine's apt sources",
                     "did you mean 'linux-source-9.9'?");
  expect_input_error({"linux-source-9.9", "", "9.9.7"},
                     "no version '9.9.7' of linux-source-9.9 in the machine's apt sources",
                     "there are: 9.9.2-1~deb12u1, 9.9.1-1");
  expect_input_error({"linux-source-9.9", "nowhere", ""},
                     fmt::format("there is no suite nowhere of copy:{}/debian/", folder_.string()),
                     "does not have a Release file");
}

TEST_F(DebianTest, RefusesNamesThatAptWouldReadAsSomethingElse) {
  expect_input_error({"-o=x", "", ""}, "'-o=x' is not the name of a Debian package", "");
  expect_input_error({"a/b", "", ""}, "'a/b' is not the name of a Debian package", "");
  expect_input_error({"a", "x\ndeb evil", ""}, "'x\ndeb evil' is not the name of a Debian suite",
                     "");
  expect_input_error({"a", "../x", ""}, "'../x' is not the name of a Debian suite", "");
  expect_input_error({"a", "", "1 2"}, "'1 2' is not a Debian version", "");
}

TEST_F(DebianTest, AnUnreachableMirrorIsAFailureOfOurs) {
  update_machine();
  write("sources.list", "deb [trusted=yes] http://127.0.0.1:9/debian here main\n");
  write("apt.conf", content(folder_ / "apt.conf") + "Acquire::Retries \"0\";\n");
  const auto package = resolve({"linux-source-9.9", "there", ""});
  ASSERT_FALSE(package);
  EXPECT_EQ(package.error().kind, ErrorKind::infrastructure);
  EXPECT_NE(package.error().message.find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(package.error().hint, "check the network, and apt's proxy settings");
}

TEST_F(DebianTest, APackageBecomesATreeAndStaysWhatItWas) {
  update_machine();
  const spec::Tree tree{"v9", spec::DebianOrigin{"linux-source-9.9", "", ""}, {"x.yaml", 3, 7}};
  TreeStore store(cache_, runner_, say_, {});
  EXPECT_FALSE(store.identify_cheaply(tree));
  const auto identity = store.identify(tree);
  ASSERT_TRUE(identity) << support::to_string(identity.error());
  EXPECT_EQ(identity->description, "linux-source-9.9 9.9.2-1~deb12u1");
  const auto folder = store.pristine(tree, *identity);
  ASSERT_TRUE(folder) << support::to_string(folder.error());
  EXPECT_EQ(content(*folder / "kernel/exit.c"), "int exit;\n");
  EXPECT_TRUE(names_in(cache_ / "tmp").empty());

  make_package("linux-source-9.9", "9.9.3-1", "/usr/src/linux-source-9.9.tar.gz");
  publish("here");
  update_machine();
  EXPECT_EQ(store.identify_cheaply(tree), *identity);
  EXPECT_EQ(store.identify(tree).value(), *identity);
  EXPECT_EQ(store.identify(tree, true)->description, "linux-source-9.9 9.9.3-1");
  EXPECT_TRUE(store.pristine(tree, *identity)) << "the old one is still known by its digest";
}

TEST_F(DebianTest, ADamagedDownloadIsNotUsed) {
  update_machine();
  auto package = resolve({"linux-source-9.9", "", "9.9.1-1"});
  write("debian/pool/linux-source-9.9_9.9.1-1_all.deb", "broken");
  DebianArchive archive(cache_, runner_, say_, {});
  const auto damaged = archive.download(*package, folder_);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().kind, ErrorKind::infrastructure);
  fs::remove(folder_ / "debian/pool/linux-source-9.9_9.9.1-1_all.deb");
  EXPECT_EQ(archive.download(*package, folder_).error().kind, ErrorKind::infrastructure);
}

TEST_F(DebianTest, RefusesAPackageWithoutAKernelSource) {
  update_machine();
  const spec::Tree tree{"h", spec::DebianOrigin{"hello", "", ""}, {"x.yaml", 3, 7}};
  TreeStore store(cache_, runner_, say_, {});
  const auto folder = store.pristine(tree, store.identify(tree).value());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::input);
  EXPECT_EQ(folder.error().at, tree.at);
}

TEST(ParsePrintUris, ReadsWhatAptPrints) {
  const auto package = parse_print_uris(
      "W: something\n"
      "'http://mirror/pool/linux-source-7.2_7.2.12-1%7ebpo13%2b1_all.deb' "
      "linux-source-7.2_1%3a7.2.12-1~bpo13+1_all.deb 164744800 SHA256:" +
      std::string(64, 'b') + "\n");
  ASSERT_TRUE(package);
  EXPECT_EQ(package->package, "linux-source-7.2");
  EXPECT_EQ(package->version, "1:7.2.12-1~bpo13+1");
  EXPECT_EQ(package->size, 164744800U);
  EXPECT_EQ(package->uri, "http://mirror/pool/linux-source-7.2_7.2.12-1%7ebpo13%2b1_all.deb");
}

TEST(ParsePrintUris, RefusesALineWithoutASha256) {
  EXPECT_FALSE(parse_print_uris("'http://m/x' x_1_all.deb 12 MD5Sum:00\n"));
  EXPECT_FALSE(parse_print_uris("'http://m/x' x_1_all.deb\n'unfinished\n"));
  EXPECT_FALSE(parse_print_uris(""));
}

TEST_F(DebianTest, TheDigestOfAPackagesTreeHasAGoldenValue) {
  DebianPackage package;
  package.sha256.hex = std::string(64, 'a');
  EXPECT_EQ(tree_digest(package).hex,
            "c3f647e2759ffe8b944a881e6c8329698395ae3e0b8499b1a68ed2e8db7e78b9");
}

TEST_F(DebianTest, ADamagedMemoCountsAsAbsent) {
  const PackageMemo memo(cache_);
  const spec::DebianOrigin origin{"linux-source-9.9", "s", ""};
  const DebianPackage package{"linux-source-9.9", "1", "http://m/x", 3, {std::string(64, 'c')}};
  ASSERT_TRUE(memo.remember(origin, package));
  EXPECT_EQ(memo.find(origin), package);
  EXPECT_FALSE(memo.find(spec::DebianOrigin{"linux-source-9.9", "", ""}));
  for (const auto& name : names_in(cache_ / "resolved")) write("cache/resolved/" + name, "{\"pac");
  EXPECT_FALSE(memo.find(origin));
  EXPECT_FALSE(memo.find(tree_digest(package)));
}

}  // namespace
}  // namespace kmatrix::source
