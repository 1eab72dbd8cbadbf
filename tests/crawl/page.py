"""One page as the crawler sees it: where it leads, what its buttons do, and what has no place in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

LEADS = ("href", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "action", "formaction")
FOLLOWED = ("href", "hx-get")
ELSEWHERE = ("mailto:", "tel:", "sms:", "https://wa.me/")
DATA_SCRIPTS = ("application/json", "importmap", "speculationrules")


@dataclass(frozen=True)
class Lead:
    """An address on a page, and by which attribute it is reached."""

    by: str
    address: str

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def method(self) -> str:
        return self.by.removeprefix("hx-").upper() if self.by.startswith("hx-") else "GET"


@dataclass
class Page(HTMLParser):
    """Reads a page; `wrong` are things that a page of the house never holds."""

    address: str
    leads: set[Lead] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    title: str = ""
    is_whole: bool = False
    _in_title: bool = False

    @classmethod
    def read(cls, address: str, html: str) -> Page:
        page = cls(address)
        HTMLParser.__init__(page)
        page.feed(html)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.is_whole |= tag == "html"
        self._in_title = tag == "title" and not self.title  # drawings have titles of their own
        if tag == "style":
            self.wrong.append("an inline style sheet")
        if tag == "script" and "src" not in given and given.get("type") not in DATA_SCRIPTS:
            self.wrong.append("an inline script")
        for name, value in given.items():
            if name == "style" or (name.startswith("on") and name.isalpha()):
                self.wrong.append(f'the attribute {name}="{value[:60]}" on <{tag}>')
            if name in LEADS or (name.startswith("data-") and value.startswith("/")):
                self._lead(name, value)
        if tag == "form" and given.get("method", "get").lower() == "get" and not given.get("action"):
            self._lead("href", self.address)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def _lead(self, by: str, value: str) -> None:
        if value.startswith(("#", *ELSEWHERE)):
            return
        if value.lower().startswith("javascript:"):
            self.wrong.append(f"a link that is a script: {value[:60]}")
            return
        whole = urlsplit(urljoin(self.address, value))
        if whole.netloc:
            self.wrong.append(f"a link that leaves the house: {value[:80]}")
        elif not whole.path.startswith("/static/"):
            self.leads.add(Lead(by, whole.path + (f"?{whole.query}" if whole.query else "")))
