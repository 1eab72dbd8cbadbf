"""The command `qafila`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from qafila.config import database
from qafila.config.trouble import Trouble

P = ParamSpec("P")
DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def say(text: str) -> None:
    """Progress, for a person: standard error, so that standard output stays clean."""
    click.echo(text, err=True)


@contextmanager
def house() -> Iterator[None]:
    """Opens the database of this command and sets Django up on it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    with database.opened(database.data_dir(None, say), say):
        import django

        django.setup()
        yield


def with_house(command: Callable[P, None]) -> Callable[P, None]:
    """A command that works on the database."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with house():
            command(*args, **kwargs)

    return run


def room(module: str, name: str) -> Any:
    """A verb or query of a room, looked up when it is needed: `--help` must not wait for the whole house."""
    return getattr(importlib.import_module(f"qafila.{module}"), name)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="qafila", prog_name="qafila")
def cli() -> None:
    """Qafila, the operating system of a travel agency.

    \b
    qafila up --demo      the whole house with a demo agency: database, web server, job worker
    qafila verify         proves that books, seats and stock agree

    Every command works on the database that DATABASE_URL names (PostgreSQL 15 or newer; DATABASE_OWNER_URL for the role
    that owns the tables, if it is another). Without it, on the embedded PostgreSQL in QAFILA_DATA_DIR (default: var/ in
    the checkout), which is started if it does not run and shared if it does. docs/operations.md lists every setting.
    """


@cli.command()
@click.option("--host", envvar="QAFILA_HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="QAFILA_PORT", default=8000, type=int, show_default=True, help="Port to listen on.")
@click.option("--data-dir", metavar="DIR", help="Database, files, mails, logs.  [default: $QAFILA_DATA_DIR or var/]")
@click.option(
    "--demo/--no-demo", default=False, show_default=True, help="Load the demo agency, once, and show its log-ins."
)
@click.option(
    "--workers", envvar="QAFILA_WORKERS", type=click.IntRange(1, 64), help="Web processes.  [default: one a core]"
)
@click.option(
    "--simulator-port",
    envvar="QAFILA_SIMULATOR_PORT",
    default=0,
    type=click.IntRange(0, 65535),
    help="With --demo: where the supplier simulator listens.  [default: any free port]",
)
def up(host: str, port: int, data_dir: str | None, demo: bool, workers: int | None, simulator_port: int) -> None:
    """Start everything and keep it running until Ctrl-C.

    Starts the database (unless DATABASE_URL names one), brings its tables up to date, starts web server and job worker
    (with --demo the supplier simulator too), waits until they answer and prints the address. What dies is started
    again. Ctrl-C or SIGTERM stops all of it in order; a second one does not wait.
    """
    from qafila.config.up import House

    place = database.data_dir(data_dir, say)
    cores = len(os.sched_getaffinity(0))
    House(say, place, host, port, workers or max(2, min(cores, 8)), demo, simulator_port).run()


@cli.command()
def migrate() -> None:
    """Bring the tables up to date, as their owner, and grant the application what it may."""
    from qafila.config import migrate as migration

    with database.opened(database.data_dir(None, say), say):
        os.environ.setdefault("QAFILA_VERBOSITY", "1")
        migration.main()


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write database, documents and signing key into FILE (tar), while people go on working."""
    from qafila.config.backup import save

    place = database.data_dir(None, say)
    with database.opened(place, say):
        save(file, place, say)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Restore a backup FILE into an empty database and data directory."""
    from qafila.config.backup import load

    place = database.data_dir(None, say)
    with database.opened(place, say):
        load(file, place, say)


@cli.group()
def demo() -> None:
    """The demo agency."""


@demo.command("load")
@with_house
def demo_load() -> None:
    """Load the demo agency through the product's own actions, once; print its log-ins (role, e-mail, password).

    A second call finds what is there. Never run it on the database of a real agency.
    """
    logins = room("config.demo", "load")(say)
    widths = [max((len(str(row[column])) for row in logins), default=0) for column in range(3)]
    for row in logins:
        click.echo("  " + "  ".join(str(value).ljust(width) for value, width in zip(row, widths, strict=True)).rstrip())


@cli.command()
@with_house
def verify() -> None:
    """Prove that balances, seats, stock and sub-ledgers agree with the rows they come from.

    Prints one line for each difference and ends with exit code 1 if there is any.
    """
    told(room("reports.verify", "verify_all")())


@cli.group()
def ledger() -> None:
    """The books."""


@ledger.command("verify")
@with_house
def ledger_verify() -> None:
    """Recompute every balance from the journal lines and compare; exit code 1 if one differs."""
    told(room("ledger.verify", "verify")())


def told(differences: list[str]) -> None:
    """Prints what differs; nothing is good news."""
    for line in differences:
        click.echo(line)
    if differences:
        raise Trouble(f"{len(differences)} difference{'s' if len(differences) > 1 else ''}.")
    say("Clean: nothing differs.")


@cli.group()
def agency() -> None:
    """The agency that this database is of."""


@agency.command("setup")
@click.option("--name", required=True, help="The agency's name, as papers show it.")
@click.option(
    "--branch", "places", multiple=True, required=True, metavar="CODE:NAME", help="E.g. SXR:Srinagar; repeat."
)
@click.option("--currency", default="INR", show_default=True, help="The currency the books are kept in, for good.")
@click.option("--country", default="IN", show_default=True)
@click.option("--state", "state_code", default="", help="GST state code, e.g. 01.")
@click.option("--gstin", default="")
@click.option("--pan", default="")
@click.option("--fiscal-year", default="04-01", show_default=True, metavar="MM-DD", help="Its first day.")
@with_house
def agency_setup(
    name: str,
    places: tuple[str, ...],
    currency: str,
    country: str,
    state_code: str,
    gstin: str,
    pan: str,
    fiscal_year: str,
) -> None:
    """Write the agency's own data, open its branches, accounts and periods. Run again, it changes only the data."""
    from qafila.kernel.actor import SYSTEM

    month, _, day = fiscal_year.partition("-")
    if not (month.isdecimal() and day.isdecimal()):
        raise Trouble(f"{fiscal_year} is not a month and day like 04-01.")
    branches = [{"code": code, "name": label or code} for code, _, label in (place.partition(":") for place in places)]
    room("identity.actions.setup_agency", "setup_agency")(
        actor=SYSTEM,
        name=name,
        base_currency=currency,
        country=country,
        state_code=state_code,
        gstin=gstin,
        pan=pan,
        fiscal_year=(int(month), int(day)),
        branches=[{**branch, "state_code": state_code} for branch in branches],
    )
    room("ledger.actions.setup_books", "setup_books")(actor=SYSTEM)
    click.echo(f"{name} is set up: its books are open. Next: qafila user create.")


class LaterGroup(click.Group):
    """A group of commands that another room owns, loaded when one of them is asked for: --help must not wait."""

    def __init__(self, *args: Any, modules: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def loaded(self) -> click.Group:
        """The room's own group, with what its other modules add."""
        rooms = [importlib.import_module(f"qafila.{module}") for module in self.modules]
        group: click.Group = getattr(rooms[0], str(self.name))
        return group

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.loaded().commands)  # in the order of the work, not of the alphabet

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self.loaded().get_command(ctx, cmd_name)


AIR = ("air.cli", "air.cli_undoing", "air.cli_tools")


@cli.group(cls=LaterGroup, modules=AIR, epilog="ORDER: amadeus:ABC123, or ABC123, or nothing for the last one.")
@click.pass_context
def air(ctx: click.Context) -> None:
    """Flights of the world's airlines through a supplier: search, hold, price, issue, undo.

    \b
    qafila air search SXR JED 2027-01-18 --adults 2
    qafila air hold 1 --demo-travellers
    qafila air price, then issue, then retrieve

    Needs no database. Exit code 0: done; 1: refused, with the supplier's words; 2: typed wrong; 3: not known yet, the
    airline's record will tell. Every exchange is kept, masked: qafila air log.
    """
    place = database.data_dir(None, say)
    os.environ["QAFILA_DATA_DIR"] = str(place)
    ctx.obj = place


@cli.group()
def token() -> None:
    """Bearer tokens for the API."""


@token.command("create")
@click.option("--user", "email", required=True, metavar="EMAIL", help="Whose rights the token has.")
@click.option("--name", default="command line", show_default=True, help="What it is for; shown in the list of tokens.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="When it expires.")
@with_house
def token_create(email: str, name: str, days: int) -> None:
    """Make an API token and print it, once, as the last line. Only its hash is kept."""
    from qafila.identity.models import User
    from qafila.kernel.actor import SYSTEM

    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise Trouble(f"Nobody logs in with the e-mail address {email}.")
    create_token = room("identity.actions.create_token", "create_token")
    click.echo(create_token(actor=SYSTEM, user_id=user.pk, name=name, days=days))


@cli.group()
def user() -> None:
    """People who log in."""


@user.command("create")
@click.option("--email", required=True, help="The log-in name.")
@click.option("--name", required=True, help="As colleagues know them.")
@click.option(
    "--role", "roles", multiple=True, required=True, help="A role's code (CEO, ACCOUNTANT, …); may be repeated."
)
@click.option(
    "--password", envvar="QAFILA_NEW_PASSWORD", help="Asked for when left out; 'generate' makes and prints one."
)
@with_house
def user_create(email: str, name: str, roles: tuple[str, ...], password: str | None) -> None:
    """Make a log-in for somebody of the staff: the first CEO of a new agency, for instance."""
    import secrets

    from qafila.kernel.actor import SYSTEM

    given = password or click.prompt("Password (empty: make one)", hide_input=True, default="", show_default=False)
    generated = given in {"", "generate"}
    secret = secrets.token_urlsafe(12) if generated else given
    create_user = room("identity.actions.create_user", "create_user")
    create_user(actor=SYSTEM, email=email, name=name, roles=[role.upper() for role in roles], password=secret)
    click.echo(f"{email} may log in{f', password: {secret}' if generated else ''}")


@cli.command()
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 32), help="Jobs at the same time.")
@with_house
def worker(concurrency: int) -> None:
    """Run the jobs (mails, webhooks, documents, nightly house-keeping) until SIGTERM. `qafila up` starts one."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from qafila.config.children import end_when_orphaned

    end_when_orphaned(grace=10)
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(concurrency=concurrency, shutdown_graceful_timeout=10, install_signal_handlers=True)


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure the product against PostgreSQL's own limit on this machine (benchmarks/, `make bench`)."""
    checkout = DOCS.parent
    if not (checkout / "benchmarks").is_dir():
        raise Trouble("The benchmarks are part of the checkout and are not installed here.")
    os.chdir(checkout)
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *arguments])  # noqa: S606 - our own module


def with_code(command: Callable[P, None]) -> Callable[P, None]:
    """A command that reads the code and needs no database."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
        os.environ.setdefault("QAFILA_SECRET_KEY", "these commands sign nothing")
        django.setup()
        command(*args, **kwargs)

    return run


@cli.command()
@with_code
def openapi() -> None:
    """Print the OpenAPI 3.1 document of the JSON API."""
    import json

    from django.core.serializers.json import DjangoJSONEncoder

    from qafila.config.api import api

    click.echo(json.dumps(api.get_openapi_schema(), cls=DjangoJSONEncoder, indent=2))


def export(group: str, title: str, module: str, name: str, file: str) -> None:
    """Adds `qafila <group> export`: prints a document that is generated from the code and kept in docs/."""

    @cli.group(group, help=f"{title} (docs/{file}).")
    def exporting() -> None:
        pass

    @exporting.command("export", help=f"Print docs/{file} as the code now says it.")
    @with_code
    def printing() -> None:
        click.echo(room(module, name)().rstrip("\n"))


export("rights", "Who may do what", "identity.registry", "document", "rights.md")
export("facts", "What the rooms tell each other", "kernel.facts", "document", "facts.md")
export("states", "The lifecycles", "kernel.states", "document", "lifecycles.md")


def main() -> None:
    """Runs the command; trouble that the operator can put right is one sentence and exit code 1."""
    os.umask(0o077)
    try:
        status = cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sentence = in_one_sentence(error)
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(1)
    sys.exit(status or 0)


def in_one_sentence(error: BaseException | None) -> str | None:
    """What the operator should know; None for what is a bug and deserves its traceback."""
    import errno

    import psycopg

    if isinstance(error, Trouble):
        return str(error)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full: free some space and try again ({error.filename or 'no file named'})."
    if isinstance(error, SystemExit) and isinstance(error.code, str):
        return error.code
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, psycopg.OperationalError) or {"OperationalError", "DatabaseError"} <= kinds:
        return f"The database does not answer: {str(error).strip().splitlines()[0]}"
    if "Refusal" in kinds:
        return str(error)
    return None


if __name__ == "__main__":
    main()
