// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "site/publish.h"
#include "site/site.h"

namespace kmatrix::site {

struct ServeOptions {
  std::string address = "127.0.0.1";
  int port = 0;  ///< 0: any that is free
};

/// Is the name in a Host header one of this machine's own? Other pages in a browser may have a name
/// lead to 127.0.0.1 and then read what is served there; their name gives them away.
bool is_local_host(const std::string& header);

/// Serves the pages of a live site until it is stopped. `ready` is told the port. Infrastructure
/// error: the address cannot be had.
Status serve(Site& site, const Assets& assets, const ServeOptions& options, std::stop_token stop,
             const std::function<void(int port)>& ready);

}  // namespace kmatrix::site
