"""What a worker found is on the page soon, without a reload."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from portal.demo.people import FRESH_OWNER
from tests.harness.demo import Demo
from tests.journey import steps
from tests.journey.cloud import CustomerAccount

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

FIRST_SEEN = """() => {
  window.firstSeen = {};
  const look = () => {
    for (const row of document.querySelectorAll('[id^="result-"]')) {
      const passed = row.querySelector('.tag')?.textContent === 'Passed';
      if (passed && !(row.id in window.firstSeen)) window.firstSeen[row.id] = Date.now();
    }
    requestAnimationFrame(look);
  };
  look();
}"""
"""Notes when each row first says that it has passed."""


def written(demo: Demo, address: str) -> dict[str, float]:
    """When the worker wrote each result, in seconds since 1970."""
    database: Path = demo.folder / "portal.sqlite3"
    query = "SELECT code, checked_at FROM onboarding_checkresult WHERE installation_id = ?"
    key = address.rstrip("/").rsplit("/", 1)[1].replace("-", "")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute(query, [key]).fetchall()
    return {code: datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() for code, at in rows}


def test_a_proof_is_on_the_page_soon_after_it_is_written_and_then_the_page_rests(
    page: Page, demo: Demo, account: CustomerAccount, cluster: str
) -> None:
    steps.sign_in(page, FRESH_OWNER.email)
    address = steps.answer_three_steps(page, account.account_id, cluster)
    steps.have_it_created(page, account.credentials())
    page.evaluate(FIRST_SEEN)
    steps.watch_the_proofs(page)
    seen = {
        code.removeprefix("result-"): at / 1000
        for code, at in page.evaluate("() => window.firstSeen").items()
    }
    then = written(demo, address)
    # The first look shows "role_exists" early; a later one writes it again, with a newer time.
    last = "role_refuses_wrong"
    after = seen[last] - then[last]
    print(f"On the page {after:.2f} s after it was written.")  # noqa: T201  (the figure is the point)
    assert set(then) >= set(steps.PROOFS)
    assert after > -0.1, "The page showed the proof before it was written."
    steps.watch_until_at_rest(page)
