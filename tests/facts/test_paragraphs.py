"""A text of several lines: what is stored of what was typed or pasted."""

import pytest

from onboarding.facts.text import paragraphs


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  One.\r\nTwo.\rThree.  ", "One.\nTwo.\nThree."),
        ("One.\n\n\n\n\nTwo.", "One.\n\nTwo."),
        ("a\u00a0b\u2003c\td", "a b c d"),
        ("soft\u00adhyphen\u200b and\ufeff mark", "softhyphen and mark"),
        ("line  \nend", "line\nend"),
        ("separated\u2028lines\u2029here", "separated\nlines\nhere"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
        ("<b>&amp;", "<b>&amp;"),
        ("x" * 20, "x" * 20),
    ],
)
def test_it_is_kept_as_it_was_meant(typed: str, stored: str) -> None:
    assert paragraphs(typed, 20 + len(stored)) == stored
    assert paragraphs(stored, 20 + len(stored)) == stored


@pytest.mark.parametrize("odd", [*"\u202a\u202e\u2066\u2069\u200e\u200f\x00\x07\x1b\x7f\ud800"])
def test_what_turns_the_direction_or_is_no_text_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="hidden character"):
        paragraphs(f"pay{odd}me", 100)


@pytest.mark.parametrize("empty", ["", " \t\r\n", "\u200b\u00a0", "\u00a0"])
def test_nothing_is_not_a_message(empty: str) -> None:
    with pytest.raises(ValueError, match="Write something first"):
        paragraphs(empty, 100)


def test_the_limit_counts_what_is_stored() -> None:
    assert paragraphs("\r\n".join("ab"), 3) == "a\nb"
    with pytest.raises(ValueError, match="at most 3 characters"):
        paragraphs("abcd", 3)
