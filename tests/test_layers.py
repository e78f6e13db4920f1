"""What the code promises about itself: budgets, layers, and lists that leave nothing out."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.template import engines
from django.template.utils import get_app_template_dirs

ROOT = Path(__file__).resolve().parents[1]
MOST_MODULE, MOST_FUNCTION, MOST_TEMPLATE, MOST_STYLESHEET = 300, 40, 200, 300

EXCEPTIONS: dict[str, str] = {}
"""What may be longer, by path or `path:function`, each with its reason."""

INLINE = re.compile(
    r"\sstyle\s*=|<style\b|<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=|\shx-on\b|javascript:",
    re.IGNORECASE,
)


def python_files(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def templates() -> list[Path]:
    kinds = ("*.html", "*.txt")
    return sorted(path for kind in kinds for path in (ROOT / "templates").rglob(kind))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def too_long(files: Iterable[Path], most: int) -> list[str]:
    lengths = {relative(path): len(path.read_text().splitlines()) for path in files}
    return [f"{path}: {n}" for path, n in lengths.items() if n > most and path not in EXCEPTIONS]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{relative(path)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_modules_keep_their_budget() -> None:
    assert too_long(python_files("onboarding", "portal", "tests"), MOST_MODULE) == []


def test_functions_keep_their_budget() -> None:
    all_of_them = [f for p in python_files("onboarding", "portal", "tests") for f in functions(p)]
    long = {name: n for name, n in all_of_them if n > MOST_FUNCTION and name not in EXCEPTIONS}
    assert long == {}


def test_templates_and_stylesheets_keep_their_budgets() -> None:
    assert too_long(templates(), MOST_TEMPLATE) == []
    assert too_long((ROOT / "static/css").glob("*.css"), MOST_STYLESHEET) == []


def test_every_exception_is_still_needed() -> None:
    files = python_files("onboarding", "portal", "tests")
    long = {relative(path) for path in files if len(path.read_text().splitlines()) > MOST_MODULE}
    long |= {name for path in files for name, lines in functions(path) if lines > MOST_FUNCTION}
    assert set(EXCEPTIONS) <= long


def test_imports_keep_to_the_layers() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    linted = subprocess.run(
        [sys.executable, linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_template_parses() -> None:
    engine = engines["django"]
    folders = [ROOT / "templates", *get_app_template_dirs("templates")]
    ours = [
        Path(folder)
        for folder in folders
        if ROOT in (f := Path(folder)).parents and ".venv" not in f.parts
    ]
    names = [p.relative_to(folder).as_posix() for folder in ours for p in folder.rglob("*.*")]
    assert names
    for name in names:
        engine.get_template(name)


@pytest.mark.parametrize("text", ['<p style="x">', "<script>", '<a onclick="x">', "<b hx-on::x>"])
def test_inline_code_is_recognised(text: str) -> None:
    assert INLINE.search(text)


def test_no_page_carries_inline_style_or_script() -> None:
    # Mail has no stylesheet to link to.
    pages = [path for path in templates() if "emails" not in path.parts]
    found = {relative(path): INLINE.findall(path.read_text()) for path in pages}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    ("package", "listed", "item"),
    [("onboarding.wizard.steps", "STEPS", "STEP"), ("onboarding.aws.checks", "CHECKS", "CHECK")],
)
def test_every_step_and_check_is_listed_once(package: str, listed: str, item: str) -> None:
    folder = ROOT / package.replace(".", "/")
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    items = [getattr(import_module(f"{package}.{name}"), item) for name in sorted(modules)]
    in_list = getattr(import_module(package), listed)
    assert len(in_list) == len(items)
    assert all(each in in_list for each in items)


def test_every_setting_stands_in_the_example() -> None:
    source = (ROOT / "portal/settings.py").read_text()
    read = set(re.findall(r"(?:env(?:\.\w+)?|required)\(\s*\"([A-Z_]+)\"", source))
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {"SECRET_KEY", "DATABASE_URL", "LOG_LEVEL"} <= read
    assert read - explained == set()


def test_locks_carry_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pinned = re.findall(r"(?m)^\S+==.* \\\n    --hash=sha256:", text)
        assert len(pinned) == len(re.findall(r"(?m)^\S", text))
