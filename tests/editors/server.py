#!/usr/bin/env python3
"""The project of a scenario with a database server: a copy of an example, with a database of its own that is up to date.

usage: server.py make   PRODUCT FOLDER NAME   copies the example, creates the database NAME, applies the schema
       server.py query  PRODUCT NAME SQL      the rows of a query as the server's own client prints them, tabs between
       server.py drop   PRODUCT NAME          drops the database (for MariaDB NAME_dev as well)

PRODUCT is postgres or mariadb; the server is $ATLAS_TEST_POSTGRES_URL or $ATLAS_TEST_MARIADB_URL. Like project.py, it
only looks at what the product changed, through the clients psql and mariadb.
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

    def drop(self, name):
        self.query(None, f'DROP DATABASE IF EXISTS "{name}"')


class Mariadb:
    variable = "ATLAS_TEST_MARIADB_URL"
    example = "mariadb-sql"

    def __init__(self, url):
        self.url = urlsplit(url)

    def at(self, name):
        return urlunsplit(self.url._replace(scheme="maria", path=f"/{name}"))

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

    def drop(self, name):
        for database in (name, f"{name}_dev"):
            self.query(None, f"DROP DATABASE IF EXISTS `{database}`")


PRODUCTS = {"postgres": Postgres, "mariadb": Mariadb}


def make(server, folder, name):
    """Afterwards the database and the schema agree, and the project's settings name the database."""
    example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples", server.example)
    shutil.copytree(example, folder, dirs_exist_ok=True)
    variables = server.create(name)
    os.makedirs(os.path.join(folder, ".vscode"))
    with open(os.path.join(folder, ".vscode/settings.json"), "w", encoding="utf-8") as file:
        json.dump({"atlas.variables": variables}, file, indent=2)
    flags = [flag for key, value in variables.items() for flag in ("--var", f"{key}={value}")]
    run([os.environ["ATLAS_LS_BIN"], "schema", "apply", "--env", "local", "--auto-approve", *flags], cwd=folder)


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[2] not in PRODUCTS:
        sys.exit(__doc__)
    product = PRODUCTS[sys.argv[2]]
    server = product(os.environ[product.variable])
    match sys.argv[1:]:
        case ["make", _, folder, name]:
            make(server, folder, name)
        case ["query", _, name, sql]:
            print(server.query(name, sql), end="")
        case ["drop", _, name]:
            server.drop(name)
        case _:
            sys.exit(__doc__)
