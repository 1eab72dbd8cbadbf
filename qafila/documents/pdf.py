"""PDFs by typst: templates are files of the rooms, what they say comes as data and is never read as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from qafila.kernel.audit import plain

PACKAGE = Path(__file__).resolve().parent.parent
FONTS = PACKAGE / "documents" / "fonts"
TEMPLATE = re.compile(r"^[a-z_]+/[a-z_]+$")
HOUSE = """#import "/documents/templates/typst/base.typ": house
#show: house
#include "/{room}/templates/typst/{name}.typ"
"""


@cache
def fonts() -> typst.Fonts:
    """Our own faces only, read once a process, so that a page looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def compiled(template: str, data: Mapping[str, Any]) -> bytes:
    """`template` is `<room>/<name>` for `qafila/<room>/templates/typst/<name>.typ`."""
    if not TEMPLATE.match(template):
        raise ValueError(f"{template} does not name a template as room/name")
    room, name = template.split("/")
    if not (PACKAGE / room / "templates" / "typst" / f"{name}.typ").exists():
        raise ValueError(f"There is no template {template}")
    compiler = typst.Compiler(
        input=HOUSE.format(room=room, name=name).encode(),
        root=str(PACKAGE),
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(plain(data))},
    )
    made = compiler.compile()
    assert isinstance(made, bytes), "a PDF is one file, whatever its pages"
    return made
