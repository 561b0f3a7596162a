-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO experiment (digest, name, file, text)
VALUES (:digest, :name, :file, :text)
ON CONFLICT (digest, name, file) DO NOTHING
