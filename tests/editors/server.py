#!/usr/bin/env python3
"""The project of a scenario with a database server: a copy of an example, with a database of its own that is up to date.

usage: server.py make   PRODUCT FOLDER NAME   copies the example, creates the database NAME, applies the schema
       server.py migrations PRODUCT FOLDER NAME   a project with a migration that has run, one that is pending, and a
                                              schema in SQL that has a column more
       server.py query  PRODUCT NAME SQL      the rows of a query as the server's own client prints them, tabs between
       server.py drop   PRODUCT NAME          drops the database (and NAME_dev)

PRODUCT is postgres, mysql or mariadb; the server is $ATLAS_TEST_POSTGRES_URL, $ATLAS_TEST_MYSQL_URL or
$ATLAS_TEST_MARIADB_URL. Like project.py, it only looks at what the product changed, through the clients psql and mariadb.
"""

import json
import os
import shutil
import subprocess
import sys
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit


def run(arguments, **options):
    done = subprocess.run(arguments, text=True, capture_output=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        sys.exit(f"{os.path.basename(arguments[0])} left with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Postgres:
    variable = "ATLAS_TEST_POSTGRES_URL"
    example = "postgres-hcl"

    def __init__(self, url):
        self.url = urlsplit(url)

    def at(self, name, **parameters):
        query = {**dict(parse_qsl(self.url.query)), **parameters}
        return urlunsplit(self.url._replace(path=f"/{name}", query=urlencode(query)))

    def query(self, name, sql):
        url = self.at(name) if name else urlunsplit(self.url)
        return run(["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--field-separator=\t",
                    "--set=ON_ERROR_STOP=1", "--quiet", "--command", sql, url])

    def create(self, name):
        self.drop(name)
        self.query(None, f'CREATE DATABASE "{name}"')
        self.query(name, "CREATE SCHEMA shop")
        return {"url": self.at(name, search_path="shop")}

    def create_two(self, name):
        self.drop(name)
        for database in (name, f"{name}_dev"):
            self.query(None, f'CREATE DATABASE "{database}"')
        return {"url": self.at(name, search_path="public"), "dev": self.at(f"{name}_dev", search_path="public")}

    def drop(self, name):
        for database in (name, f"{name}_dev"):
            self.query(None, f'DROP DATABASE IF EXISTS "{database}"')


class Mariadb:
    variable = "ATLAS_TEST_MARIADB_URL"
    example = "mariadb-sql"
    scheme = "maria"

    def __init__(self, url):
        self.url = urlsplit(url)

    def at(self, name):
        return urlunsplit(self.url._replace(scheme=self.scheme, path=f"/{name}"))

    def query(self, name, sql):
        client = shutil.which("mariadb") or shutil.which("mysql")
        if client is None:
            sys.exit("no mariadb client: apt-get install mariadb-client")
        arguments = [client, "--no-defaults", "--protocol=tcp", "--host", self.url.hostname,
                     "--port", str(self.url.port or 3306), "--user", unquote(self.url.username or "root"),
                     "--batch", "--skip-column-names", "--execute", sql]
        environment = dict(os.environ, MYSQL_PWD=unquote(self.url.password or ""))
        return run(arguments + ([name] if name else []), env=environment)

    def create(self, name):
        self.drop(name)
        for database in (name, f"{name}_dev"):
            self.query(None, f"CREATE DATABASE `{database}`")
        return {"url": self.at(name), "dev": self.at(f"{name}_dev")}

    create_two = create

    def drop(self, name):
        for database in (name, f"{name}_dev"):
            self.query(None, f"DROP DATABASE IF EXISTS `{database}`")


class Mysql(Mariadb):
    variable = "ATLAS_TEST_MYSQL_URL"
    scheme = "mysql"


PRODUCTS = {"postgres": Postgres, "mysql": Mysql, "mariadb": Mariadb}


def make(server, folder, name):
    """Afterwards the database and the schema agree, and the project's settings name the database."""
    example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples", server.example)
    shutil.copytree(example, folder, dirs_exist_ok=True)
    variables = server.create(name)
    flags = settings(folder, variables)
    run([os.environ["ATLAS_LS_BIN"], "schema", "apply", "--env", "local", "--auto-approve", *flags], cwd=folder)


def settings(folder, variables):
    """Names the databases in the project's settings; returns the flags that do on the command line."""
    os.makedirs(os.path.join(folder, ".vscode"))
    with open(os.path.join(folder, ".vscode/settings.json"), "w", encoding="utf-8") as file:
        json.dump({"atlas.variables": variables}, file, indent=2)
    return [flag for key, value in variables.items() for flag in ("--var", f"{key}={value}")]


def migrations(server, folder, name):
    """Afterwards the first of two migrations has run, there are two rows, and the schema is ahead of the files."""
    flags = settings(folder, server.create_two(name))
    os.makedirs(os.path.join(folder, "migrations"))
    books = "CREATE TABLE books (\n  id int NOT NULL,\n  title varchar(80) NOT NULL,\n  pages int{},\n{}  PRIMARY KEY (id)\n);\n"
    files = {
        "atlas.hcl": """variable "url" {
  type = string
}
variable "dev" {
  type = string
}
env "local" {
  url = var.url
  dev = var.dev
  src = "file://schema.sql"
  migration {
    dir = "file://migrations"
  }
}
""",
        "schema.sql": books.format("", "  shelf varchar(20),\n  year_out int,\n"),
        "migrations/20250101000000_books.sql": books.format("", ""),
        "migrations/20250201000000_shelves.sql": "-- Where a book stands.\nALTER TABLE books ADD COLUMN shelf varchar(20);\n",
    }
    for path, text in files.items():
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)
    atlas = os.environ["ATLAS_LS_BIN"]
    run([atlas, "migrate", "hash", "--env", "local", *flags], cwd=folder)
    run([atlas, "migrate", "apply", "1", "--env", "local", *flags], cwd=folder)
    server.query(name, "INSERT INTO books (id, title, pages) VALUES (1, 'Weave', 80), (2, 'Moth', NULL)")


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[2] not in PRODUCTS:
        sys.exit(__doc__)
    product = PRODUCTS[sys.argv[2]]
    server = product(os.environ[product.variable])
    match sys.argv[1:]:
        case ["make", _, folder, name]:
            make(server, folder, name)
        case ["migrations", _, folder, name]:
            migrations(server, folder, name)
        case ["query", _, name, sql]:
            print(server.query(name, sql), end="")
        case ["drop", _, name]:
            server.drop(name)
        case _:
            sys.exit(__doc__)
