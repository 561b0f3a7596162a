-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO kernel_config (digest, text) VALUES (:digest, :text)
ON CONFLICT (digest) DO NOTHING
