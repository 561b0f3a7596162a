// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::build {

/// Kconfig's three values; a bool is never `module`. Ordered as Kconfig orders them.
enum class Tristate { no, module, yes };
Tristate tristate_of(std::string_view value);

/// The value of an expression as Kconfig prints it, "A [=y] && (!B [=m] || C [=16]>=12)".
Tristate evaluate(std::string_view expression);

/// The symbols of an expression that keep it below `wanted`: of an && those operands that are too
/// low, of an || that is too low all. Empty if the expression is high enough, or what keeps it low
/// is a negation or a comparison. Each once, in order.
std::vector<std::string> blockers(std::string_view expression, Tristate wanted);

}  // namespace kmatrix::build
