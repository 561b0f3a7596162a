// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/libvirt_calls.h"

#include <libvirt/virterror.h>

namespace kmatrix::machine {

Error libvirt_error(const std::string& what, std::string hint) {
  const char* said = virGetLastErrorMessage();
  return support::infrastructure_error(what + ": " + (said != nullptr ? said : "unknown error"),
                                       std::move(hint));
}

}  // namespace kmatrix::machine
