"""Filter patterns as AWS reads them: the alarm of the portal stands on this."""

import pytest

from portal.demo.simulator.log_patterns import LONGEST, matches
from tests.demo.simulator.log_pattern_rows import MALFORMED, ROWS, Row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.pattern} {row.selected}")
def test_selects_what_aws_selects(row: Row) -> None:
    assert matches(row.pattern, row.event) is row.selected, row.why


@pytest.mark.parametrize("pattern", [one for one, _ in MALFORMED], ids=lambda one: one[:40])
def test_refuses_what_aws_refuses(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        matches(pattern, {})


def test_the_longest_pattern_is_still_taken() -> None:
    pattern = '{ $.a = "%s" }' % ("x" * (LONGEST - len('{ $.a = "" }')))
    assert len(pattern) == LONGEST
    assert not matches(pattern, {"a": "y"})
