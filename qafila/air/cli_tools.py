"""`qafila air suppliers`, `log`, `sales-report`, `read`, `wsdl`: looking, without changing anything."""

from __future__ import annotations

import json
import pprint
import re
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter

from qafila.air import shown, typed
from qafila.air.cli import air, as_json, at_the_counter, supplier_option
from qafila.air.counter import Counter, as_data
from qafila.air.counter import typed as refusing
from qafila.air.gateways.errors import Unsupported
from qafila.air.gateways.values import Money, total_of
from qafila.kernel import clock

existing = click.Path(exists=True, dir_okay=False, path_type=Path)


@air.command()
@as_json
@at_the_counter
def suppliers(desk: Counter, in_json: bool) -> None:
    """Which suppliers are set up, what each can do, and whose money it is."""
    verbs = ("search", "hold", "void", "refund", "partial_refund", "cancel", "price_guarantee")
    found = [(code, supplier.capabilities) for code, supplier in desk.suppliers.items()]
    if in_json:
        click.echo(json.dumps({code: as_data(can) for code, can in found}, indent=2))
        return
    rows = [
        (code, can.world.upper(), ", ".join(verb.replace("_", " ") for verb in verbs if getattr(can, verb)),
         "typed by a person" if can.typed else "")
        for code, can in found
    ]  # fmt: skip
    click.echo(shown.table(("Supplier", "World", "Can", ""), rows))


@air.command()
@click.option(
    "--last", default=10, show_default=True, type=click.IntRange(1, 10_000), help="How many, the newest last."
)
@click.option("--key", default="", help="Only those of this attempt.")
@as_json
@at_the_counter
def log(desk: Counter, last: int, key: str, in_json: bool) -> None:
    """The last exchanges with suppliers, masked: no card, passport, contact or secret is in them."""
    for told in desk.log.exchanges(last=last, key=key):
        click.echo(json.dumps(as_data(told), ensure_ascii=False) if in_json else shown.exchange(told) + "\n")


@air.command("sales-report")
@click.argument("date")
@supplier_option
@as_json
@at_the_counter
def sales_report(desk: Counter, date: str, supplier_code: str | None, in_json: bool) -> None:
    """What the office sold on DATE by the supplier's own count: the second witness of an issue."""
    with refusing("DATE"):
        day = typed.day(date, today=clock.today().replace(month=1, day=1))
    supplier = desk.supplier(supplier_code)
    report_of = getattr(supplier, "sales_report", None)
    if report_of is None:
        raise Unsupported(f"{supplier.code} has no sales report.", supplier=supplier.code)
    report = report_of(day)
    if in_json:
        click.echo(_json(report))
        return
    head = ("Document", "Code", "Status", "Kind", "Locator", "Traveller", "Total")
    rows = [(s.number, s.code, s.status, s.kind, s.locator, s.passenger, str(s.total or "")) for s in report.lines]
    click.echo(f"{supplier.code}, office {report.office}, {day:%d %b %Y}: {len(rows)} document{'s' * (len(rows) != 1)}")
    if rows:
        click.echo("\n" + shown.table(head, rows))
    sums: dict[tuple[str, str], list[Money]] = {}
    for line in report.lines:
        if line.total:
            sums.setdefault((line.code or line.kind, line.total.currency), []).append(line.total)
    if sums:  # each for itself: what was voided or given back is no sale
        told = ", ".join(f"{code} {len(amounts)}: {total_of(amounts)}" for (code, _), amounts in sums.items())
        click.echo(f"\nTogether {told}")


@air.command()
@click.argument("file", type=existing)
@as_json
@at_the_counter
def read(desk: Counter, file: Path, in_json: bool) -> None:
    """What a recorded reply says (Amadeus XML, bare or in its envelope; Duffel JSON): its value, or its named error."""
    from qafila.air.gateways.reading import read as reading

    value = reading(file.read_bytes())
    if in_json:
        click.echo(_json(value))
    else:
        click.echo(pprint.pformat(value, width=118, sort_dicts=False))


@air.command()
@click.argument("file", type=existing)
@click.option("--name", default="amadeus", show_default=True, help="What the supplier is called in suppliers.toml.")
@at_the_counter
def wsdl(desk: Counter, file: Path, name: str) -> None:
    """The endpoint and message versions of a customer's WSDL, as suppliers.toml takes them."""
    from qafila.air.gateways.amadeus import wsdl as wsdls

    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", name):
        raise click.BadParameter("small letters, digits, - and _, a letter first.", param_hint="--name")
    found = wsdls.read(file)
    lines = [f"[amadeus.{name}]", f"endpoint = {json.dumps(found.endpoint)}", "", f"[amadeus.{name}.versions]"]
    for message, version in sorted(found.versions.items()):
        action, namespace = json.dumps(version.action), json.dumps(version.namespace)
        lines.append(f"{message} = {{ action = {action}, namespace = {namespace} }}")
    click.echo("\n".join(lines))
    if found.missing:
        click.echo(f"Not in this WSDL, so the defaults stay: {', '.join(found.missing)}", err=True)


def _json(value: Any) -> str:
    anything: Any = type(value)
    return TypeAdapter(anything).dump_json(value, indent=2).decode()
