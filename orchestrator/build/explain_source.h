// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace kmatrix::build {

/// A C program that is linked with the tree's own Kconfig objects. It reads the Kconfig files
/// (argv[1]) and .config, and writes what Kconfig's menu shows of each symbol to argv[2]. The four
/// functions that it calls are the same from Linux 4.x to 7.x.
inline constexpr std::string_view explain_program = R"c(
#include <stdio.h>
#include "lkc.h"

int main(int argc, char **argv)
{
	struct symbol **all, *one[2] = { NULL, NULL };
	FILE *out = argc == 3 ? fopen(argv[2], "w") : NULL;

	if (!out)
		return 1;
	conf_parse(argv[1]);
	conf_read(NULL);
	for (all = sym_re_search("."); all && *all; all++) {
		struct gstr text;

		if ((*all)->type == S_UNKNOWN)
			continue;
		one[0] = *all;
		text = get_relations_str(one, NULL);
		fputs(str_get(&text), out);
		str_free(&text);
	}
	return fclose(out) ? 1 : 0;
}
)c";

/// Read by every make through MAKEFILES. The top-level Makefile hands each target called *config to
/// scripts/kconfig, with the environment that Kconfig's own compiler tests need; there this adds
/// the target kmatrixconfig.
inline constexpr std::string_view explain_makefile = R"mk(
ifeq ($(obj),scripts/kconfig)
kmatrix-others := $(addprefix $(obj)/,conf.o mconf.o nconf.o nconf.gui.o gconf.o qconf.o)
kmatrixconfig: $(obj)/conf
	$(HOSTCC) -o $(obj)/kmatrix-explain -I $(srctree)/scripts/kconfig -I $(srctree)/scripts/include \
		/build/kmatrix-explain.c $(filter-out $(kmatrix-others),$(wildcard $(obj)/*.o))
	$(obj)/kmatrix-explain $(Kconfig) /build/kmatrix.relations
endif
)mk";

}  // namespace kmatrix::build
