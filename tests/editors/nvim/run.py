#!/usr/bin/env python3
"""Runs the scenario of scenario.lua in Neovim without a screen, on a seeded copy of the example, with the settings
that docs/editors.md tells users to paste.

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
    version = subprocess.run(["nvim", "--version"], text=True, capture_output=True, check=True).stdout.split("\n")[0]
    modern = tuple(int(part) for part in version.split(" v")[1].split("-")[0].split(".")[:2]) >= (0, 11)
    blocks = project.settings("Neovim", "lua")
    new = next(block for block in blocks if "vim.lsp.config(" in block)
    old = next(block for block in blocks if "nvim_create_autocmd('FileType'" in block)
    commands = next(block for block in blocks if "AtlasApply" in block)
    # Older versions take the file types from the same block and the client from another.
    init = [new] if modern else ["vim.g.do_filetype_lua = 1", new.split("vim.lsp.config(")[0], old]
    with open(os.path.join(temporary, "init.lua"), "w", encoding="utf-8") as file:
        file.write("\n".join([*init, commands]))
    print(f"{version} with the settings of docs/editors.md", flush=True)
    environment = dict(os.environ, E2E_FOLDER=folder, PATH=project.on_path(os.path.join(temporary, "bin")), HOME=temporary, XDG_CONFIG_HOME=temporary,
                       XDG_DATA_HOME=temporary, XDG_STATE_HOME=temporary, XDG_CACHE_HOME=temporary)
    done = subprocess.run(
        ["nvim", "--headless", "-u", os.path.join(temporary, "init.lua"), "-n", "-i", "NONE", "-c", f"luafile {here / 'scenario.lua'}"],
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
