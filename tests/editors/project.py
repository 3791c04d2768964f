#!/usr/bin/env python3
"""The project that every editor's scenario works on: a copy of an example with its database seeded and up to date.

usage: project.py make FOLDER        copies $E2E_PROJECT, seeds app.db, applies the schema with $ATLAS_LS_BIN
       project.py migrations FOLDER  copies examples/sqlite-migrations and does as `migrate`
       project.py migrate FOLDER     makes app.db with all migrations but the last, and rows
       project.py hash FOLDER        writes atlas.sum for the files as they are
       project.py validate FOLDER    what is wrong with atlas.sum; nothing when it is right
       project.py columns DB TABLE   the columns of a table, one a line, as SQLite itself sees them
       project.py query DB SQL       the rows of a query as JSON

Not a model of what the product should do: it only looks at the file that the product changed.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys


def make(folder):
    """Copies the example; afterwards the database and the schema agree, so that a plan shows one edit only."""
    shutil.copytree(os.environ["E2E_PROJECT"], folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("app.db*"))
    seed(folder)
    atlas("schema", "apply", "--env", "local", "--auto-approve", cwd=folder)


def migrations(folder):
    example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/sqlite-migrations")
    shutil.copytree(example, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("app.db*"))
    migrate(folder)


def migrate(folder):
    """Afterwards one migration is pending, and the rows are such that its check passes."""
    files = [name for name in os.listdir(os.path.join(folder, "migrations")) if name.endswith(".sql")]
    atlas("migrate", "apply", str(len(files) - 1), "--env", "local", cwd=folder)
    connection = sqlite3.connect(os.path.join(folder, "app.db"))
    connection.executescript("""
        INSERT INTO users (email) VALUES ('ada@example.com'), ('grace@example.com');
        INSERT INTO notes (user_id, title) VALUES (1, 'Weave'), (2, 'Moth');
        INSERT INTO tags VALUES (2, 'bugs');
    """)
    connection.close()


def atlas(*arguments, cwd):
    done = subprocess.run([os.environ["ATLAS_LS_BIN"], *arguments], cwd=cwd, text=True, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"atlas-ls {' '.join(arguments)} left with {done.returncode}:\n{done.stdout}{done.stderr}")


def settings(heading, language):
    """The code blocks of one language under a heading of docs/editors.md: what a user would paste is what is tested."""
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/editors.md")
    with open(page, encoding="utf-8") as file:
        section = file.read().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    blocks = [block.split("\n```", 1)[0] for block in section.split(f"```{language}\n")[1:]]
    if not blocks:
        sys.exit(f"docs/editors.md has no {language} under {heading}")
    return blocks


def on_path(folder):
    """PATH with the binary under its own name in front, as the settings of docs/editors.md expect it."""
    os.makedirs(folder, exist_ok=True)
    os.symlink(os.environ["ATLAS_LS_BIN"], os.path.join(folder, "atlas-ls"))
    return folder + os.pathsep + os.environ["PATH"]


def seed(folder):
    database = os.path.join(folder, "app.db")
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(database + suffix):
            os.remove(database + suffix)
    with open(os.path.join(folder, "seed.sql"), encoding="utf-8") as file:
        script = file.read()
    connection = sqlite3.connect(database)
    connection.executescript(script)
    connection.close()


def query(database, sql):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def columns(database, table):
    return [name for (name,) in query(database, f"SELECT name FROM pragma_table_info('{table}')")]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder]:
            make(folder)
        case ["migrations", folder]:
            migrations(folder)
        case ["seed", folder]:
            seed(folder)
        case ["migrate", folder]:
            migrate(folder)
        case ["hash", folder]:
            atlas("migrate", "hash", "--env", "local", cwd=folder)
        case ["validate", folder]:
            done = subprocess.run([os.environ["ATLAS_LS_BIN"], "migrate", "validate", "--env", "local"],
                                  cwd=folder, text=True, capture_output=True, stdin=subprocess.DEVNULL)
            print(done.stderr or (f"left with {done.returncode}" if done.returncode else ""))
        case ["columns", database, table]:
            print("\n".join(columns(database, table)))
        case ["query", database, sql]:
            print(json.dumps(query(database, sql)))
        case _:
            sys.exit(__doc__)
