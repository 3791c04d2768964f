#!/usr/bin/env python3
"""Runs the scenario of scenario.lua in Neovim without a screen, on a seeded copy of the example.

Reads ATLAS_LS_BIN, E2E_PROJECT and E2E_OUT, which `cargo xtask test --only neovim` sets.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
import project  # noqa: E402

with tempfile.TemporaryDirectory(prefix="atlas-ls-nvim-") as temporary:
    folder = os.path.join(os.path.realpath(temporary), "blog")
    project.make(folder)
    database = os.path.join(folder, "app.db")
    before = project.query(database, "SELECT email, name FROM users ORDER BY id")
    environment = dict(os.environ, E2E_FOLDER=folder, HOME=temporary, XDG_CONFIG_HOME=temporary,
                       XDG_DATA_HOME=temporary, XDG_STATE_HOME=temporary, XDG_CACHE_HOME=temporary)
    done = subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-n", "-i", "NONE", "-c", f"luafile {here / 'scenario.lua'}"],
        env=environment, cwd=folder, stdin=subprocess.DEVNULL, timeout=300)
    if done.returncode != 0:
        for log in pathlib.Path(temporary).rglob("lsp.log"):
            print(log.read_text()[-4000:])
        sys.exit(f"neovim left with {done.returncode}")
    columns = project.columns(database, "users")
    if "nickname" not in columns:
        sys.exit(f"the column was not added: {columns}")
    if project.query(database, "SELECT email, name FROM users ORDER BY id") != before:
        sys.exit("the rows of the table did not survive")
    print("the database has the column and its rows")
