// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <libvirt/libvirt.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "support/result.h"

namespace kmatrix::machine {

struct CloseConnection {
  void operator()(virConnectPtr connection) const { virConnectClose(connection); }
};
struct FreeDomain {
  void operator()(virDomainPtr domain) const { virDomainFree(domain); }
};
struct FreeStream {
  void operator()(virStreamPtr stream) const { virStreamFree(stream); }
};
struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

using ConnectionPtr = std::unique_ptr<virConnect, CloseConnection>;
using DomainPtr = std::unique_ptr<virDomain, FreeDomain>;
using StreamPtr = std::unique_ptr<virStream, FreeStream>;
using TextPtr = std::unique_ptr<char, FreeText>;

/// An infrastructure Error with the last error of libvirt on this thread: "WHAT: libvirt's words".
Error libvirt_error(const std::string& what, std::string hint = {});

}  // namespace kmatrix::machine
