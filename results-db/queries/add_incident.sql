-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO incident (
  cell, case_name, kind, title, text, boot, first_line, cfi_caller, cfi_target, cfi_expected_type,
  ignored)
VALUES (
  :cell, :case_name, :kind, :title, :text, :boot, :first_line, :cfi_caller, :cfi_target,
  :cfi_expected_type, :ignored)
RETURNING id
