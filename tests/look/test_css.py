"""The stylesheets: readable in both schemes, in order, small, and enough for every class used."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.look.tokens import SCHEMES, STYLESHEETS, colours, contrast

TEMPLATES = STYLESHEETS.parents[1] / "templates"
LARGEST_FIRST_LOAD = 60 * 1024

READ = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-2", "brand", "brand-2")
        for ground in ("paper", "paper-2")
    ],
    *[("ink", f"{tone}-soft") for tone in ("brand", "ok", "warn", "bad")],
    *[("ink-2", f"{tone}-soft") for tone in ("brand", "ok", "warn", "bad")],
    *[(tone, f"{tone}-soft") for tone in ("brand", "ok", "warn", "bad")],
    *[("brand", f"{tone}-soft") for tone in ("ok", "warn", "bad")],
    *[(tone, "paper") for tone in ("ok", "warn", "bad")],
    ("warn", "paper-2"),
    ("paper", "ok"),
    ("on-brand", "brand"),
    ("on-brand", "brand-2"),
]
"""Text and what it is written on: 4.5 to 1 (WCAG 2.2, 1.4.3)."""

SEEN = [
    *[
        (line, ground)
        for line in ("edge", "focus", "brand", "bad")
        for ground in ("paper", "paper-2")
    ],
    *[("focus", f"{tone}-soft") for tone in ("brand", "ok", "warn", "bad")],
    ("focus", "brand-soft"),
]
"""Edges of fields, focus and marks of state: 3 to 1 (WCAG 2.2, 1.4.11)."""


def stylesheets() -> list[Path]:
    return sorted(STYLESHEETS.glob("*.css"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read(scheme: str) -> None:
    found = colours(scheme)
    faint = {pair: round(contrast(found[pair[0]], found[pair[1]]), 2) for pair in READ}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_and_focus_can_be_seen(scheme: str) -> None:
    found = colours(scheme)
    faint = {pair: round(contrast(found[pair[0]], found[pair[1]]), 2) for pair in SEEN}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_has_a_dark_twin() -> None:
    tokens = (STYLESHEETS / "tokens.css").read_text()
    assert len(colours("light")) == len(re.findall(r"--[\w-]+: (?:#|light-dark\(#)", tokens))
    for sheet in stylesheets():
        if sheet.name != "tokens.css":
            # White behind another's page, and the admin's one button that sits on red.
            rest = re.sub(r"background: #fff;|light-dark\([^)]*\)", "", sheet.read_text())
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;,) ])", rest) == [], sheet.name


def test_every_variable_used_is_defined() -> None:
    text = "".join(sheet.read_text() for sheet in stylesheets())
    defined = set(re.findall(r"(--[\w-]+):", text))
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) - defined == set()


def test_stylesheets_keep_their_budget() -> None:
    assert [s.name for s in stylesheets() if len(s.read_text().splitlines()) > 300] == []


def test_every_class_in_the_templates_has_a_style() -> None:
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(s.read_text() for s in stylesheets())))
    bare = {}
    for template in TEMPLATES.rglob("*.html"):
        if {"emails", "admin"} & set(template.parts):
            continue  # mails carry their styles; the admin's classes are mostly Django's
        text = re.sub(r"{%.*?%}|{{.*?}}", " ", template.read_text())
        used = {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()}
        if used - styled:
            bare[template.name] = used - styled
    assert bare == {}


@pytest.mark.django_db
def test_the_first_page_is_small(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    page = client.get(reverse("account_login")).content
    linked = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())
    files = {name: Path(str(finders.find(name))).read_bytes() for name in linked}
    sizes = {name: len(gzip.compress(content)) for name, content in files.items()}
    assert {"css/tokens.css", "js/portal.js", "django_htmx/htmx-2.min.js"} <= set(sizes)
    assert sum(sizes.values()) + len(gzip.compress(page)) <= LARGEST_FIRST_LOAD, sizes
