# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the scripts here: where we are, and how we say what we do.
set -euo pipefail
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
say() { printf '==> %s\n' "$*" >&2; }
jobs=$(nproc)
