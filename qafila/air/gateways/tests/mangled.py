"""What a line, a proxy or a new version does to a reply: cut, reordered, doubled, renamed, filled with the unknown."""

from __future__ import annotations

from random import Random

from lxml import etree

ENTITY = '<!DOCTYPE soap [<!ENTITY file SYSTEM "file://{path}">]>'
TEXTS = ("", "X", "O", "N", "EC", "ERR", "0", "-1", "99999999999999999999", "31022O99", "Ünïcödé", "\u2028", "A" * 5000)


def truncated(body: bytes, draw: Random) -> bytes:
    return body[: draw.randrange(len(body))]


def flipped(body: bytes, draw: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(draw.randint(1, 8)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def dropped(body: bytes, draw: Random) -> bytes:
    root, chosen = _chosen(body, draw)
    parent = chosen.getparent()
    assert parent is not None
    parent.remove(chosen)
    return etree.tostring(root)


def reordered(body: bytes, draw: Random) -> bytes:
    root, chosen = _chosen(body, draw)
    parent = chosen.getparent()
    assert parent is not None
    children = list(parent)
    draw.shuffle(children)
    parent[:] = children
    return etree.tostring(root)


def doubled(body: bytes, draw: Random) -> bytes:
    root, chosen = _chosen(body, draw)
    chosen.addnext(etree.fromstring(etree.tostring(chosen, with_tail=False)))
    return etree.tostring(root)


def renamed(body: bytes, draw: Random) -> bytes:
    root, chosen = _chosen(body, draw)
    chosen.tag = "{urn:nobody}unheardOf"
    return etree.tostring(root)


def unknown(body: bytes, draw: Random) -> bytes:
    root, chosen = _chosen(body, draw)
    chosen.addprevious(etree.fromstring('<n:new xmlns:n="urn:nobody"><n:status>X</n:status>1A<n:code/></n:new>'))
    return etree.tostring(root)


def retold(body: bytes, draw: Random) -> bytes:
    root, chosen = _chosen(body, draw)
    chosen.text = draw.choice(TEXTS)
    return etree.tostring(root)


def with_entity(body: bytes, draw: Random, path: str = "/etc/hostname") -> bytes:
    root, chosen = _chosen(body, draw)
    chosen.text = "ENTITY"
    return ENTITY.format(path=path).encode() + etree.tostring(root).replace(b"ENTITY", b"&file;")


WAYS = (truncated, flipped, dropped, reordered, doubled, renamed, unknown, retold, with_entity)


def _chosen(body: bytes, draw: Random) -> tuple[etree._Element, etree._Element]:
    """The root, and one element below it that is no header of the conversation."""
    root = etree.fromstring(body)
    message = root.find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
    below = [
        each for each in (root if message is None else message).iter("*") if each is not root and each is not message
    ]
    return root, draw.choice(below)
