-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO config_request (digest, text) VALUES (:digest, :text)
ON CONFLICT (digest) DO NOTHING
