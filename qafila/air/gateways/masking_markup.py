"""What is recognised by its place: elements and attributes of XML, fields of JSON, by their names and what they are in.
A scanner, no parser: what is cut off or broken is read as far as it goes, and doubt hides rather than shows.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from qafila.air.gateways import masking_words

MASK = "***"

# Names without case, dashes and underscores; what contains one of the first or is one of the second is not kept.
_PARTS = (
    "password", "passwd", "secret", "securitytoken", "accesstoken", "clientkey", "authorization", "apikey",
    "cardnumber", "creditcardno", "creditcardaccount", "phone", "email", "birth", "bornon", "passport",
    "membershipnumber", "frequentflyernumber", "securitycode", "cardholder", "nationalid",
)  # fmt: skip
_NAMES = {
    "nonce", "username", "sessionid", "token", "cvv", "cvc", "cvv2", "cvc2", "cvdata", "cardid", "pan", "ccnumber",
    "accountnumber", "structuredaddress", "binarydata", "expirymonth", "expiryyear", "expiredate", "loyaltynumber",
    "threedsecuresessionid", "ftnumber", "docid", "fax", "mobile", "dob", "addressline1", "addressline2",
    "addresspostalcode",
}  # fmt: skip
_CARDS = ("creditcard", "paymentcard", "cardinfo", "carddetails", "ccinfo", "carddata", "formofpayment", "fop")
_PERSONAL_JSON = ("identitydocument", "loyaltyprogrammeaccount", "card")
_OPEN_JSON = {"type", "issuing_country_code", "airline_iata_code", "id", "brand", "live_mode"}
# A PNR's elements and special services that are contact data, passports, addresses, births or frequent flyers.
_SEGMENTS = re.compile(r"AP[A-Z]?|AM[A-Z]?|AB[A-Z]?|CT[A-Z]+")
_SERVICES = re.compile(r"DOC[SOA]|FOID|CTC[A-Z]|PCTC|CHLD|INFT|FQT[A-Z]|CLID|PSPT")
_STRUCTURE = {
    "qualifier", "segmentname", "linenumber", "subjectqualifier", "textsubjectqualifier", "type", "status", "quantity",
    "companyid", "boardpoint", "offpoint", "indicator", "citycode", "action", "processingstatus",
}  # fmt: skip
_ATTRIBUTE = re.compile(r"(?P<name>[\w.:-]{1,80})(?P<is>\s{0,4}=\s{0,4})(?P<quote>[\"'])(?P<value>[^\"'<>]*)(?P=quote)")
_GROUPS = {"dataelementsindiv", "servicerequest", "ssr"}
_AHEAD = 400  # tokens looked ahead for what kind of element this is


def hidden(text: str) -> str:
    """The text without what stands in such places; other text is returned as it is."""
    found = re.search(r"[<{\[]", text)
    if not found:
        return text
    return _markup(text) if found[0] == "<" else _fields(text)


@lru_cache(maxsize=2048)
def sensitive(name: str) -> bool:
    """Whether an element or field of this name holds what must not be kept."""
    bare = name.rpartition(":")[2].lower().replace("_", "").replace("-", "")
    return bare in _NAMES or any(part in bare for part in _PARTS)


# -- XML --------------------------------------------------------------------------------------------------------------


# Text, a comment, CDATA, a tag; each whatever is missing at its end. Together they are the whole.
_TOKENS = re.compile(r"[^<]+|<!(?=--)(?:.*?-->|.*)|<!\[CDATA\[(?:.*?\]\]>|.*)|<[^<>]*>?", re.DOTALL)


@lru_cache(maxsize=2048)
def _name(token: str) -> str:
    """The local name of a tag, in lower case; empty for what is none."""
    found = re.match(r"</?\s*(?:[^\s:/>]{1,80}:)?([^\s/>!?]{1,120})", token)
    return found[1].lower() if found else ""


@dataclass
class _Place:
    """Where in a document the scanner stands, as far as its tags tell."""

    names: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=lambda: [""])  # at each depth: "", "all" or "texts" or "card"
    open: dict[str, int] = field(default_factory=dict)  # how many of each name

    @property
    def mark(self) -> str:
        return self.marks[-1]

    def enter(self, name: str, mark: str) -> None:
        self.names.append(name)
        inherited = self.marks[-1]
        self.marks.append("all" if mark == "all" or inherited == "all" else mark or inherited)
        self.open[name] = self.open.get(name, 0) + 1

    def leave(self, name: str) -> None:
        if not self.open.get(name):
            return
        while True:
            last = self.names.pop()
            self.marks.pop()
            self.open[last] -= 1
            if last == name:
                return


def _markup(text: str) -> str:
    tokens = _TOKENS.findall(text)
    place = _Place()
    for at, token in enumerate(tokens):
        if token[0] != "<":
            if place.marks[-1] or "&" in token:
                tokens[at] = _content(token, place)
        elif token[1:2] == "/":
            place.leave(_name(token))
        elif token.startswith("<![CDATA["):
            tokens[at] = _content(token, place)
        elif token.startswith("<!--"):
            tokens[at] = f"<!--{MASK}-->"
        elif name := _name(token):
            mark = _mark_of_name(name) or (_kind_of_group(name, tokens, at) if name in _GROUPS else "")
            if "=" in token:
                tokens[at] = _tag(token, hide=mark == "all" or place.mark == "all")
            if token[-1] == ">" and token[-2] != "/":
                place.enter(name, mark)
    return "".join(tokens)


@lru_cache(maxsize=2048)
def _mark_of_name(name: str) -> str:
    if sensitive(name):
        return "all"
    return "card" if name.startswith(_CARDS) or "creditcard" in name else ""


def _kind_of_group(group: str, tokens: list[str], at: int) -> str:
    """Whether a PNR element is one of those whose texts are not kept, from its segment name or service type."""
    previous = ""
    for token in tokens[at + 1 : at + _AHEAD]:
        if token.startswith("</"):
            if _name(token) == group:
                break
            previous = ""
        elif token.startswith("<"):
            previous = _name(token)
            if previous == group:
                break
        else:
            word = token.strip().upper()
            if previous == "segmentname" and _SEGMENTS.fullmatch(word):
                return "texts"
            if previous == "segmentname" and word == "FP":
                return "card"
            if previous in {"type", "code", "ssrcode"} and _SERVICES.fullmatch(word):
                return "texts"
    return ""


def _content(token: str, place: _Place) -> str:
    bare = token.strip()
    if not bare or not place.mark:
        return _spelled_out(token) if "&" in token else token
    name, parent = place.names[-1], place.names[-2] if len(place.names) > 1 else ""
    if place.mark == "card":  # a bank's own reference may be as long as a card's number
        return token if "reference" in name else masking_words.numbers_hidden(token)
    structural = (name in _STRUCTURE and len(bare) <= 9) or (name == "number" and parent == "reference")
    if place.mark == "texts" and structural:
        return token
    return token.replace(bare, MASK)


def _spelled_out(token: str) -> str:
    """Text with references in it: a secret may hide behind one."""
    plain = html.unescape(token)
    clean = masking_words.hidden(plain)
    return token if clean == plain else html.escape(clean, quote=False)


def _tag(token: str, *, hide: bool) -> str:
    def value(found: re.Match[str]) -> str:
        name = found["name"]
        if name.startswith(("xmlns", "xml:", "xsi:")) or not (
            sensitive(name) or (hide and not name.lower().endswith(("type", "id")))
        ):
            return found[0]
        return f"{name}{found['is']}{found['quote']}{MASK}{found['quote']}"

    return _ATTRIBUTE.sub(value, token)


# -- JSON -------------------------------------------------------------------------------------------------------------

_STRING = r"\"[^\"\\]*(?:\\.[^\"\\]*)*"
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_JSON = re.compile(rf"(?P<key>{_STRING}\")(?=\s{{0,100}}:)|{_STRING}\"?|[{{}}\[\],:]|\s+|[^\s\"{{}}\[\],:]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Container:
    """An object or a list we are in: the key it stands under, and what that and those around it say of its values."""

    key: str
    secret: bool
    personal: bool


def _fields(text: str) -> str:
    out: list[str] = []
    inside: list[_Container] = []
    outside = _Container("", secret=False, personal=False)
    key = ""
    plain = cache(_plain)  # a list of offers has the same few keys a thousand times
    for found in _JSON.finditer(text):
        word = found[0]
        if found.lastgroup:
            key = plain(word)
        elif word in "{[":
            around = inside[-1] if inside else outside
            inside.append(_entered(key or around.key, around))
            key = ""
        elif word in "}]":
            if inside:
                inside.pop()
            key = ""
        elif word == ",":
            key = ""
        elif word != ":" and not word.isspace():
            word = _value(word, key, inside[-1] if inside else outside)
        out.append(word)
    return "".join(out)


def _entered(key: str, around: _Container) -> _Container:
    bare = key.lower().replace("_", "")
    personal = any(part in bare for part in _PERSONAL_JSON)
    return _Container(key, around.secret or sensitive(key), around.personal or personal)


def _value(token: str, key: str, inside: _Container) -> str:
    if token in {"null", "true", "false"}:
        return token
    open_to_all = key in _OPEN_JSON or key.endswith("_types") or inside.key.endswith("_types")
    if inside.secret or sensitive(key) or (inside.personal and not open_to_all):
        return f'"{MASK}"'
    return _unescaped(token) if "\\" in token else token


def _plain(token: str) -> str:
    """What a string stands for, cut off or not; where its escapes are none of JSON's, what stands behind each. It is
    always shorter than the string, so that looking into it comes to an end.
    """
    for whole in (token, token + '"'):
        try:
            return str(json.loads(whole, strict=False))
        except ValueError:
            continue
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], token).strip('"')


def _unescaped(token: str) -> str:
    """A string with escapes in it: a secret may hide behind one."""
    plain = _plain(token)
    clean = masking_words.hidden(hidden(plain))
    return token if plain in {clean, token} else json.dumps(clean, ensure_ascii=False)
