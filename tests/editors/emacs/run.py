#!/usr/bin/env python3
"""Runs the scenario of scenario.el in Emacs without a screen, on a seeded copy of the example, with the settings
that docs/editors.md tells users to paste.

Reads ATLAS_LS_BIN, E2E_PROJECT and E2E_OUT, which `cargo xtask test --only emacs` sets.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
import project  # noqa: E402

with tempfile.TemporaryDirectory(prefix="atlas-ls-emacs-") as temporary:
    folder = os.path.join(os.path.realpath(temporary), "blog")
    project.make(folder)
    init = os.path.join(temporary, "init.el")
    with open(init, "w", encoding="utf-8") as file:
        file.write("(require 'package)\n(package-initialize)\n" + "\n".join(project.settings("Emacs", "elisp")))
    done = subprocess.run(
        ["emacs", "--batch", "-l", init, "-l", str(here / "scenario.el")], cwd=folder, stdin=subprocess.DEVNULL, timeout=300,
        env=dict(os.environ, E2E_FOLDER=folder, HOME=temporary,
                 PATH=project.on_path(os.path.join(temporary, "bin"))))
    if done.returncode != 0:
        sys.exit(f"emacs left with {done.returncode}")
