#!/usr/bin/env python3
"""Runs the scenarios beside this file in Neovim without a screen, each on a copy of an example, with the settings that
docs/editors.md tells users to paste.

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



def main():
    with tempfile.TemporaryDirectory(prefix="atlas-ls-nvim-") as temporary:
        temporary = os.path.realpath(temporary)
        write_settings(temporary)
        blog = os.path.join(temporary, "blog")
        project.make(blog)
        database = os.path.join(blog, "app.db")
        before = project.query(database, "SELECT email, name FROM users ORDER BY id")
        run("scenario.lua", temporary, blog)
        columns = project.columns(database, "users")
        if "nickname" not in columns:
            sys.exit(f"the column was not added: {columns}")
        if project.query(database, "SELECT email, name FROM users ORDER BY id") != before:
            sys.exit("the rows of the table did not survive")
        print("the database has the column and its rows", flush=True)

        notes = os.path.join(temporary, "notes")
        project.migrations(notes)
        run("migrations.lua", temporary, notes)
        columns = project.columns(os.path.join(notes, "app.db"), "notes")
        if "mood" in columns or "pinned" in columns:
            sys.exit(f"not the migrations up to the file: {columns}")
        project.atlas("migrate", "validate", "--env", "local", cwd=notes)
        print("the database has run the file, and atlas.sum is right")


def write_settings(temporary):
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
    os.environ["PATH"] = project.on_path(os.path.join(temporary, "bin"))
    print(f"{version} with the settings of docs/editors.md", flush=True)


def run(scenario, temporary, folder):
    environment = dict(os.environ, E2E_FOLDER=folder, E2E_SITTING=str(here / "sitting.lua"), HOME=temporary,
                       XDG_CONFIG_HOME=temporary, XDG_DATA_HOME=temporary, XDG_STATE_HOME=temporary, XDG_CACHE_HOME=temporary)
    done = subprocess.run(
        ["nvim", "--headless", "-u", os.path.join(temporary, "init.lua"), "-n", "-i", "NONE", "-c", f"luafile {here / scenario}"],
        env=environment, cwd=folder, stdin=subprocess.DEVNULL, timeout=300)
    if done.returncode != 0:
        for log in pathlib.Path(temporary).rglob("lsp.log"):
            print(log.read_text()[-4000:])
        sys.exit(f"neovim left with {done.returncode} in {scenario}")


main()
