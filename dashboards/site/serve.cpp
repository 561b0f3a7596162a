// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/serve.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <mutex>

#include "site/frame.h"

namespace kmatrix::site {

namespace {

const char* type_of(const std::string& path) {
  if (path.ends_with(".css")) return "text/css; charset=utf-8";
  if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (path.ends_with(".svg")) return "image/svg+xml";
  return "text/html; charset=utf-8";
}

/// Answers requests, one at a time: a site is for one thread.
class Answers {
 public:
  Answers(Site& site, std::vector<SitePage> files, bool only_local)
      : site_(site), files_(std::move(files)), only_local_(only_local) {}

  void answer(const httplib::Request& request, httplib::Response& response) {
    add_headers(response);
    if (only_local_ && !is_local_host(request.get_header_value("Host")))
      return refuse(response, 403, "kmatrix serve answers to 127.0.0.1 and localhost alone\n");
    const std::string path = request.path == "/" ? "index.html" : request.path.substr(1);
    const auto file = std::find_if(files_.begin(), files_.end(),
                                   [&](const auto& each) { return each.path == path; });
    if (file != files_.end()) return response.set_content(file->text, type_of(path));
    const std::lock_guard lock(one_at_a_time_);
    if (path == "version") return answer_version(response);
    Values query;
    for (const auto& [key, value] : request.params) query.emplace(key, value);
    const auto page = site_.page(path, query);
    if (!page) return refuse(response, 500, to_string(page.error()) + "\n");
    if (!*page) return refuse(response, 404, "there is no such page\n");
    response.set_content(**page, type_of(path));
  }

 private:
  static void add_headers(httplib::Response& response) {
    response.set_header("Content-Security-Policy",
                        std::string(policy(true)) + "; frame-ancestors 'none'");
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cross-Origin-Resource-Policy", "same-origin");
    response.set_header("Cache-Control", "no-store");
  }
  static void refuse(httplib::Response& response, int status, const std::string& why) {
    response.status = status;
    response.set_content(why, "text/plain; charset=utf-8");
  }
  void answer_version(httplib::Response& response) {
    const auto version = site_.version();
    if (!version) return refuse(response, 500, to_string(version.error()) + "\n");
    response.set_content(std::to_string(*version), "text/plain; charset=utf-8");
  }

  Site& site_;
  std::vector<SitePage> files_;
  bool only_local_;
  std::mutex one_at_a_time_;
};

}  // namespace

bool is_local_host(const std::string& header) {
  auto name = header;
  if (const auto colon = name.rfind(':'); colon != std::string::npos && !name.ends_with("]"))
    name.resize(colon);
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

Status serve(Site& site, const Assets& assets, const ServeOptions& options, std::stop_token stop,
             const std::function<void(int port)>& ready) {
  auto files = read_assets(assets);
  if (!files) return files.error();
  httplib::Server server;
  const bool only_local = is_local_host(options.address) || options.address == "::1";
  Answers answers(site, std::move(*files), only_local);
  server.Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
    answers.answer(request, response);
  });
  // A browser keeps connections open; a few threads suffice for one user.
  server.new_task_queue = [] { return new httplib::ThreadPool(4); };
  server.set_keep_alive_timeout(2);
  const int port = options.port == 0 ? server.bind_to_any_port(options.address.c_str())
                   : server.bind_to_port(options.address.c_str(), options.port) ? options.port
                                                                                : -1;
  if (port < 0)
    return support::infrastructure_error(
        fmt::format("cannot listen on {} port {}", options.address, options.port),
        "--port 0 takes any port that is free");
  ready(port);
  const std::stop_callback stopping(stop, [&] { server.stop(); });
  if (!stop.stop_requested()) server.listen_after_bind();
  return {};
}

}  // namespace kmatrix::site
