"""What every screen promises: amounts and dates as the trade writes them, nothing unescaped, nothing from elsewhere."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Conflict, Invalid, MissingRight, NotFound, Refusal, TooManyRequests
from qafila.kernel.pagination import Page
from qafila.kernel.states import MACHINES, Machine, Move
from qafila.kernel.tests.gallery import ACTOR, LISTING, frame, pages, request, rows
from qafila.kernel.ui import charts, formats, tables
from qafila.kernel.urls import language

PROJECT = Path(__file__).resolve().parents[2]
STATIC = PROJECT / "kernel/static/qafila"
TEMPLATES = sorted(PROJECT.glob("*/templates/**/*.html"))
NASTY = """<img src=x onerror='x()'>"&"""


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def page(template: str, made_for: HttpRequest | None = None, actor: Actor | None = ACTOR, **context: object) -> str:
    return render_to_string(template, {**frame("/sales/bookings", actor), **context}, made_for or request())


# ---- amounts and dates


@pytest.mark.parametrize(
    ("amount", "currency", "digits"),
    [
        (Decimal("1234567.5"), "INR", "12,34,567.50"),
        (Decimal("1234567.5"), "SAR", "1,234,567.50"),
        (Decimal("1234.5"), "KWD", "1,234.500"),
        (Decimal(1234567), "JPY", "1,234,567"),
        (Decimal("-48500"), "INR", "−48,500.00"),
        (0, "INR", "0.00"),
    ],
)
def test_an_amount_is_grouped_and_rounded_as_its_currency_is(amount: object, currency: str, digits: str) -> None:
    assert shown("{{ a|money:c }}", a=amount, c=currency) == (
        f'<span class="money"><span class="cur">{currency}</span>{digits}</span>'
    )


def test_a_statement_puts_negative_amounts_in_brackets() -> None:
    assert "(48,500.00)" in shown("{{ a|statement:'INR' }}", a=Decimal(-48500))
    assert "(" not in shown("{{ a|statement:'INR' }}", a=Decimal(48500))


def test_an_amount_that_is_not_there_is_a_dash() -> None:
    assert [shown("{{ a|money:'INR' }}", a=a) for a in (None, "", "n/a")] == ["–"] * 3


def test_a_date_is_written_out_and_does_not_break() -> None:
    assert shown("{{ d|day }}", d=date(2027, 1, 18)) == "18\u00a0Jan\u00a02027"
    assert shown("{{ d|day:'D j M' }}", d="2027-01-18") == "Mon\u00a018\u00a0Jan"
    assert shown("{{ d|day }}", d="soon") == "–"


def test_the_hijri_date_stands_beside_the_gregorian_one() -> None:
    assert formats.hijri(date(2024, 7, 7)) == "1\u00a0Muharram\u00a01446"
    assert shown("{% hijri d %}", d=date(1800, 1, 1)) == ""
    with translation.override("ur"):
        assert formats.hijri(date(2024, 7, 7)) == "1\u00a0محرم\u00a01446"


def test_an_instant_carries_utc_for_the_script_and_for_readers_without_one() -> None:
    html = shown("{{ t|moment }}", t=datetime(2027, 1, 18, 19, 25, tzinfo=UTC))
    assert 'datetime="2027-01-18T19:25:00+00:00"' in html
    assert "19:25\u00a0UTC" in html


def test_a_route_is_a_chain_with_its_turn() -> None:
    html = shown("{{ r|route }}", r="SXR-DEL-JED · JED -> DEL -> SXR")
    assert re.sub(r"<svg.*?</svg>", ">", html).count(">") > 4
    assert html.count("#arrow-right") == 4
    assert 'class="turn"' in html


# ---- states


def test_a_state_takes_its_words_and_colour_from_its_lifecycle() -> None:
    Machine(
        "gallery_kettle",
        {"kettle_on": ("On the fire", "amber"), "kettle_off": ("Cold", "grey")},
        [Move("", "light", "kettle_on", None)],
    )
    try:
        assert 'pill-amber">On the fire<' in shown("{% pill 'kettle_on' %}")
        assert 'pill-grey">Cold<' in shown("{% pill 'kettle_off' machine='gallery_kettle' %}")
        assert 'pill-red pill-lg">Boiled over<' in shown("{% pill 'kettle_on' 'Boiled over' tone='red' large=True %}")
    finally:
        del MACHINES["gallery_kettle"]


def test_a_state_nobody_declared_is_grey_words() -> None:
    assert 'pill-grey">Name update pending<' in shown("{% pill 'NAME_UPDATE_PENDING' %}")


# ---- nothing gets through unescaped


@pytest.mark.parametrize(
    "source",
    [
        "{{ x|mono }}", "{% code x %}", "{% kv x x %}", "{% fact x %}{{ x }}{% endfact %}",
        "{% kpi x x sub=x href=x %}",
        "{% pill x %}", "{% count x %}", "{% nothing 'plane' x x x x %}", "{% note x %}", "{% icon 'plane' label=x %}",
        "{% bars items x %}", "{% donut items x x %}", "{% capacity x x %}", "{{ x|route }}", "{{ x|words }}",
        "{% field 'a' x value=x help=x error=x placeholder=x %}", "{% field 'a' x value=x type='textarea' %}",
        "{% select 'a' x items value=x empty=x %}", "{% typeahead 'a' x x value=x text=x %}",
        "{% money_field 'a' x value=x currency=x %}", "{% check 'a' x help=x %}",
        "{% button x href=x %}", "{% dialog 'd' x %}{{ x }}{% enddialog %}", "{{ x|money:x }}", "{{ x|initials }}",
    ],
)  # fmt: skip
def test_what_people_typed_cannot_become_markup(source: str) -> None:
    html = shown(source, x=NASTY, items=[(NASTY, 3), ("b", 4)])
    assert "<img" not in html
    assert "'x()'>\"" not in html


def test_a_cell_of_a_list_cannot_become_markup() -> None:
    row = rows()[0]
    row.customer = NASTY
    assert "<img" not in tables.table_row(LISTING, row)


# ---- fields


def test_a_field_ties_its_label_help_and_error_to_the_input() -> None:
    html = shown("{% field 'passengers[0].first_name' 'First name' required=True help='As printed' maxlength='40' %}")
    assert '<label class="form-label" for="f-passengers-0--first-name">' in html
    assert 'aria-describedby="f-passengers-0--first-name-help f-passengers-0--first-name-error"' in html
    assert 'data-error-for="passengers[0].first_name"' in html
    assert " required" in html
    assert 'maxlength="40"' in html


def test_a_form_that_comes_back_keeps_what_was_typed_and_says_what_was_wrong() -> None:
    html = shown(
        "{% field 'pnr' 'PNR' upper=True %}", values={"pnr": "k7"}, errors={"pnr": "A PNR has 5 to 8 letters."}
    )
    assert 'value="k7"' in html
    assert 'aria-invalid="true"' in html
    assert "A PNR has 5 to 8 letters." in html


def test_a_select_marks_the_choice_by_its_text_whatever_its_type() -> None:
    html = shown("{% select 'n' 'Number' choices value=2 empty='Choose' %}", choices=[(1, "One"), (2, "Two")])
    assert '<option value="2" selected>Two' in html
    assert html.count("selected") == 1


def test_every_opened_form_has_a_key_of_its_own() -> None:
    assert shown("{% form_key %}") != shown("{% form_key %}")


def test_numbers_in_attributes_stay_plain_in_every_language() -> None:
    with translation.override("ar"):
        assert 'width="87.5"' in shown("{% capacity 42 48 %}")
        assert 'value="1234.50"' in shown("{% field 'n' 'N' value=v %}", v=Decimal("1234.5"))


# ---- lists


def many(number: int = 2) -> Page[object]:
    return Page(rows(), number, 50, 312)


def test_a_column_head_sorts_and_sorts_back() -> None:
    assert "sort=-number" in page("ui/list.html", request(sort="number"), listing=LISTING, page=many(), query={})
    html = page("ui/list.html", request(sort="-number"), listing=LISTING, page=many(), query={})
    assert 'aria-sort="descending"' in html
    assert 'href="?sort=number"' in html


def test_the_pages_offered_are_the_first_the_last_and_those_near() -> None:
    assert tables.page_window(Page([], 6, 10, 200)) == [1, None, 4, 5, 6, 7, 8, None, 20]
    assert tables.page_window(Page([], 1, 10, 5)) == [1]


def test_a_list_offers_its_action_and_its_exports_only_to_those_who_may() -> None:
    nobody = Actor(user_id=2, name="Viewer", kind="staff")
    offered = page("ui/list.html", listing=LISTING, page=many(), query={})
    bare = page("ui/list.html", actor=nobody, listing=LISTING, page=many(), query={})
    assert "/sales/bookings/new" in offered
    assert "format=xlsx" in offered
    assert "/sales/bookings/new" not in bare
    assert "format=xlsx" not in bare


def test_an_empty_list_says_what_to_do_next_and_a_filtered_one_how_to_widen() -> None:
    none: Page[object] = Page([], 1, 50, 0)
    assert "Sell the first place" in page("ui/list.html", listing=LISTING, page=none, query={})
    assert "Nothing matches" in page("ui/list.html", listing=LISTING, page=none, query={"q": "zzz"})


def test_odd_query_strings_do_not_break_a_list() -> None:
    odd = RequestFactory().get("/sales/bookings", {"items": "x", "q": NASTY, "sort": NASTY, "tab": NASTY})
    odd.user = None  # type: ignore[assignment]
    html = page("ui/list.html", odd, listing=LISTING, page=many(), query=odd.GET)
    assert "<img" not in html


def test_a_bar_that_is_full_is_sand_and_one_oversold_red() -> None:
    assert [charts.filled(n, 48)["tone"] for n in (47, 48, 49)] == ["brand", "sand", "red"]
    assert charts.filled(3, 0)["share"] == 0


# ---- the frame


def test_the_thumb_reaches_at_most_four_places_one_may_open() -> None:
    html = page("kernel/shell.html")
    thumb = html[html.index('class="thumb"') :]
    assert re.findall(r'<a href="([^"]+)"', thumb) == ["/app", "/sales/bookings", "/groups", "/tickets"]


@pytest.mark.parametrize(
    ("refusal", "next_step"),
    [
        (MissingRight("finance.view"), "give you this right"),
        (NotFound("No booking BK-1."), "may have been deleted"),
        (Conflict("Taken."), "decide again"),
        (Invalid("Bad."), "correct what is named"),
        (TooManyRequests("Slow.", retry_after=3), "Wait a moment"),
    ],
)
def test_a_refusal_page_says_what_why_and_what_next(refusal: Refusal, next_step: str) -> None:
    for actor in (ACTOR, None):
        html = page("kernel/error.html", actor=actor, refusal=refusal)
        assert refusal.code in html
        assert refusal.detail in html
        assert next_step in html


def test_a_crash_page_needs_nothing_from_the_request() -> None:
    html = render_to_string("kernel/error.html", {"status": 500, "code": "INTERNAL_ERROR"})
    assert "a fault of ours" in html
    assert "INTERNAL_ERROR" in html


def test_the_page_mirrors_under_a_right_to_left_language() -> None:
    with translation.override("ar"):
        html = page("kernel/shell.html")
    assert '<html lang="ar" dir="rtl">' in html
    assert "tabler.rtl.css" in html


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_choosing_a_language_remembers_it_and_leads_back_into_the_house_only() -> None:
    def choose(then: str) -> Any:
        asked: Any = RequestFactory().post("/language", {"language": "ar", "next": then})
        asked.signed_in = None
        return language(asked)

    answer = choose("/groups")
    assert (answer.status_code, answer["Location"]) == (302, "/groups")
    assert answer.cookies["django_language"].value == "ar"
    assert choose("https://elsewhere.example/")["Location"] == "/"


# ---- guards over every template and every asset


def test_no_template_holds_what_the_content_policy_would_drop() -> None:
    wrong = []
    for path in TEMPLATES:
        source = path.read_text()
        found = re.findall(r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style|<script(?![^>]*\bsrc=)", source)
        wrong += [f"{path.relative_to(PROJECT)}: {what.strip()}" for what in found]
    assert not wrong, wrong


def test_no_template_or_asset_of_ours_fetches_from_elsewhere() -> None:
    ours = [*TEMPLATES, *STATIC.glob("*.css"), *STATIC.glob("js/*.js")]
    elsewhere = re.compile(r"""(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?//""")
    assert [p.name for p in ours if elsewhere.search(p.read_text())] == []


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'symbol id="([^"]+)"', (STATIC / "vendor/icons.svg").read_text()))
    naming = re.compile(r"""\{% (?:icon|nothing) "([\w-]+)"|\bicon="([\w-]+)\"""")
    named = {(p.name, a or b) for p in TEMPLATES for a, b in naming.findall(p.read_text())}
    assert {(where, icon) for where, icon in named if icon not in sprite} == set()


def test_every_class_a_template_uses_is_styled_or_used_by_a_script() -> None:
    """A class that is nowhere: add it to tools/vendor/classes.txt (Tabler's) or to our CSS, or take it away."""
    styles = "".join(p.read_text() for p in STATIC.rglob("*.css"))
    scripts = "".join(p.read_text() for p in STATIC.glob("js/*.js"))
    known = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", styles)) | set(re.findall(r"[\w-]+", scripts))
    wrong = []
    for path in TEMPLATES:
        plain = re.sub(r"(\{%.*?%\}|\{\{.*?\}\})", lambda m: " " if m[0].startswith("{%") else "\0", path.read_text())
        for names in re.findall(r'class="([^"]*)"', plain):
            wrong += [f"{path.name}: {n}" for n in names.split() if "\0" not in n and n not in known]
    assert not wrong, sorted(set(wrong))


def weight(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 9))


def test_a_page_with_its_styles_and_a_first_visit_keep_to_their_weight() -> None:
    html = max(len(gzip.compress(p.encode(), 9)) for p in pages().values())
    styles = sum(weight(p) for p in [STATIC / "vendor/tabler.rtl.css", *STATIC.glob("*.css")])
    rest = [*STATIC.glob("js/*.js"), STATIC / "vendor/htmx.js", STATIC / "vendor/alpine.csp.js"]
    rest += [STATIC / "vendor/icons.svg", STATIC / "vendor/fonts/inter-latin.woff2", STATIC / "img/icon.svg"]
    assert html + styles <= 100 * 1024
    assert html + styles + sum(weight(p) for p in rest) <= 220 * 1024


def test_every_vendored_file_is_listed_with_its_licence() -> None:
    vendor = STATIC / "vendor"
    listed = re.findall(r"^\| (\S+) \|.*?\]\((licences/\S+?)\)", (vendor / "VENDORED.md").read_text(), re.MULTILINE)
    assert {name for name, _ in listed} == {
        str(p.relative_to(vendor)) for p in vendor.rglob("*") if p.suffix in {".css", ".js", ".svg", ".woff2"}
    }
    assert all((vendor / licence).stat().st_size > 200 for _, licence in listed)


def tokens() -> dict[str, tuple[str, str]]:
    source = (STATIC / "qafila.css").read_text()
    pairs = re.findall(r"--q-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", source)
    return {name: (light, dark) for name, light, dark in pairs} | {"white": ("#ffffff", "#ffffff")}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


INKS = ("ink", "ink-2", "muted", "brand-ink")
GROUNDS = ("surface", "canvas", "sunken", "hover", "selected", "raised")
TONES = ("grey", "blue", "amber", "green", "red", "violet")


@pytest.mark.parametrize(
    ("letters", "ground"),
    [(ink, ground) for ink in INKS for ground in GROUNDS]
    + [(tone, ground) for tone in TONES for ground in (f"{tone}-tint", "surface", "selected")]
    + [("sand-ink", "sand-tint"), ("white", "brand"), ("white", "bar")],
)
def test_letters_stand_out_from_their_ground_in_light_and_dark(letters: str, ground: str) -> None:
    known = tokens()
    for theme in (0, 1):
        assert contrast(known[letters][theme], known[ground][theme]) >= 4.5, ("light", "dark")[theme]
