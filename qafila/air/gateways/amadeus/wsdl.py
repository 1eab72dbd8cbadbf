"""Which endpoint, actions and namespaces a customer was given, read from the WSDL that Amadeus delivers to him: one
file, or one that imports others beside it. Nothing is fetched. Source: suppliers.md 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qafila.air.gateways.amadeus.versions import ACTIONS, DEFAULTS, NEEDED, check, root_of
from qafila.air.gateways.amadeus.xml import Element, every, first, name, parse
from qafila.air.gateways.errors import Misconfigured, Unreadable
from qafila.air.gateways.settings import AmadeusSettings, Version

_MESSAGES = {root_of(message): message for message in DEFAULTS}
_FILES = 500  # a WSDL of a whole customer has some hundred


@dataclass(frozen=True, slots=True)
class Wsdl:
    """What the WSDL says. `versions` by the names of messages; `missing`: messages we know and it does not."""

    endpoint: str
    versions: dict[str, Version]
    missing: tuple[str, ...]


def read(path: Path) -> Wsdl:
    """Raises: Misconfigured (no such file, no WSDL, an import that is not beside it, no or two endpoints, no message
    that is sent here), its sentence naming what is wrong.
    """
    documents = _documents(path)
    versions = _versions(documents)
    if not versions:
        raise Misconfigured(f"{path.name} speaks none of the messages that are sent here.")
    missing = tuple(message for message in DEFAULTS if message not in versions)
    return Wsdl(_endpoint(documents, path), versions, missing)


def settings_from(path: Path, **given: Any) -> AmadeusSettings:
    """Settings with the endpoint and versions of a WSDL and everything else as given (user, password, office …).
    Raises: Misconfigured, naming each message without which nothing can be sold, or the setting that is not given.
    """
    found = read(path)
    lacking = [message for message in NEEDED if message in found.missing]
    if lacking:
        raise Misconfigured(f"{path.name} does not speak {', '.join(lacking)}.")
    for setting in ("user", "password", "office"):
        if not given.get(setting):
            raise Misconfigured(f"The setting {setting} is missing.")
    settings = AmadeusSettings(endpoint=found.endpoint, versions=MappingProxyType(found.versions), **given)
    check(settings)
    return settings


def _documents(path: Path) -> list[Element]:
    """The file and every WSDL it imports, each once."""
    folder = path.resolve().parent
    waiting, seen, documents = [path.resolve()], set(), []
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        if len(seen) > _FILES:
            raise Misconfigured(f"{path.name} imports more than {_FILES} files.")
        document = _document(file)
        if name(document) != "definitions":
            raise Misconfigured(f"{file.name} is no WSDL.")
        documents.append(document)
        waiting += [_beside(file.parent, folder, each) for each in every(document, "import")]
    return documents


def _document(file: Path) -> Element:
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise Misconfigured(f"{file.name} cannot be read ({type(error).__name__}).") from error
    except Unreadable as error:
        raise Misconfigured(f"{file.name} is no readable XML.") from error


def _beside(here: Path, folder: Path, imported: Element) -> Path:
    """The local file that an import names: beside the WSDL or below it, never elsewhere on this machine."""
    location = imported.get("location", "")
    if not location or "://" in location:
        raise Misconfigured(f"An import of {location or 'nothing'} is no file beside the WSDL.")
    file = (here / location).resolve()
    if not file.is_relative_to(folder):
        raise Misconfigured(f"The import of {location} leads out of the folder of the WSDL.")
    return file


def _endpoint(documents: list[Element], path: Path) -> str:
    """The one address of the SOAP ports."""
    found = {
        address.get("location", "").strip()
        for document in documents
        for address in every(document, "service/port/address")
    } - {""}
    if len(found) != 1:
        raise Misconfigured(f"{path.name} names {len(found) or 'no'} endpoints; one is needed.")
    return found.pop()


def _versions(documents: list[Element]) -> dict[str, Version]:
    """By binding operation: the SOAPAction's last part, and the namespace of the element that its input begins with."""
    elements = dict(_elements(documents))
    inputs = dict(_inputs(documents))
    versions: dict[str, Version] = {}
    for binding in (each for document in documents for each in every(document, "binding")):
        port = _local(binding.get("type", ""))
        for operation in every(binding, "operation"):
            action = first(operation, "operation")
            given = action.get("soapAction", "") if action is not None else ""
            taken = inputs.get((port, operation.get("name", "")), "")
            namespace, local = elements.get(taken, ("", ""))
            message = _MESSAGES.get(local)
            if message and namespace and given.startswith(ACTIONS):
                version = Version(given.removeprefix(ACTIONS), namespace)
                if message not in versions or _age(versions[message]) < _age(version):  # of two versions, the newer
                    versions[message] = version
    return versions


def _age(version: Version) -> list[int]:
    """PNRADD_9_2 is older than PNRADD_17_1, which no order of letters says."""
    return [int(figure) for figure in re.findall("[0-9]{1,6}", version.action)]


def _local(qualified: str) -> str:
    return qualified.rpartition(":")[2]


def _elements(documents: list[Element]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each WSDL message's name, and namespace and name of its body element. Header parts (Session …) are left out."""
    for document in documents:
        for message in every(document, "message"):
            for part in every(message, "part"):
                prefix, _, local = part.get("element", "").rpartition(":")
                if local in _MESSAGES:
                    yield message.get("name", ""), (part.nsmap.get(prefix or None) or "", local)


def _inputs(documents: list[Element]) -> Iterator[tuple[tuple[str, str], str]]:
    """Each operation's port type and name, and the WSDL message it takes."""
    for port in (each for document in documents for each in every(document, "portType")):
        for operation in every(port, "operation"):
            taken = first(operation, "input")
            if taken is not None:
                yield (port.get("name", ""), operation.get("name", "")), _local(taken.get("message", ""))
