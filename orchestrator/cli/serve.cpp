// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/serve.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/dashboards.h"
#include "cli/exit_code.h"

namespace kmatrix::cli {

namespace {

struct ServeCommandOptions {
  site::ServeOptions listen{"127.0.0.1", 8399};
  std::vector<std::filesystem::path> folders;
  std::int64_t runs = 30;
};

int serve(const CommandLine& line, const ServeCommandOptions& options) {
  auto site = open_site(line.global, options.folders, options.runs, true);
  if (!site) return fail(site.error());
  const auto& address = options.listen.address;
  const auto ready = [&](int port) {
    const bool v6 = address.find(':') != std::string::npos;
    fmt::print("http://{}:{}/\n", v6 ? "[" + address + "]" : address, port);
    std::fflush(stdout);
    fmt::print(stderr, "Ctrl-C ends it\n");
    if (!site::is_local_host(address) && address != "::1")
      fmt::print(stderr, "whoever reaches this address can read all results and logs\n");
  };
  const auto served = site::serve(*site, assets_of(line.global), options.listen, line.stop, ready);
  return served ? exit_good : fail(served.error());
}

}  // namespace

void add_serve(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<ServeCommandOptions>();
  auto* command = add_command(app, line, "serve", "Show the results as web pages, live",
                              "kmatrix serve --port 8399", options, serve);
  command->add_option("--port", options->listen.port, "Port; 0: any that is free")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  command->add_option("--address", options->listen.address, "Address to listen on")
      ->capture_default_str();
  command->add_option("--runs", options->runs, "The newest so many runs; 0: all")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  command->add_option("--dashboards", options->folders,
                      "Another folder with dashboards; may be repeated");
}

}  // namespace kmatrix::cli
