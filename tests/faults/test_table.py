"""The tables of faults: long enough, without doubles, and every kind of fault told apart."""

from collections import Counter

from onboarding.aws.check import Status, Turn
from tests.faults import creation, looking

NAMES = [row.name for row in creation.ROWS] + [row.name for row in looking.ROWS]
FEWEST = 40


def test_there_are_at_least_forty_faults_and_none_twice() -> None:
    assert len(NAMES) >= FEWEST
    for rows in (creation.ROWS, looking.ROWS):
        assert [
            name for name, count in Counter(row.name for row in rows).items() if count > 1
        ] == []


def test_faults_of_different_kinds_are_told_apart() -> None:
    """At least forty explanations, each of one family alone."""
    told = {(row.family, row.cause) for row in creation.ROWS}
    told |= {(row.family, row.words) for row in looking.ROWS}

    for rows, words in ((creation.ROWS, "cause"), (looking.ROWS, "words")):
        families: dict[str, set[str]] = {}
        for row in rows:
            families.setdefault(getattr(row, words), set()).add(row.family)
        assert {text: one for text, one in families.items() if len(one) > 1} == {}
    assert len({text for _, text in told}) >= FEWEST


def test_a_family_is_named_after_a_row_of_its_own() -> None:
    for rows in (creation.ROWS, looking.ROWS):
        assert {row.like for row in rows if row.like} <= {row.name for row in rows}


def test_every_turn_and_every_status_comes_up() -> None:
    assert {row.turn for row in creation.ROWS} >= {Turn.CUSTOMER, Turn.AWS, Turn.SUPPORT}
    assert {row.status for row in looking.ROWS} >= set(Status) - {Status.WARNING}
