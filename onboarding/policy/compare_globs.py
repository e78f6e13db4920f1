"""Patterns with `*` and `?` as sets of texts: whether one set lies within others, decided exactly.

A pattern is run as an automaton, all patterns of a question in step with each other, so that an
answer speaks of every text there is and not of samples. A policy variable such as
`${aws:PrincipalAccount}` counts as one letter of its own, equal only to itself and matched by `*`
(never by `?`: its value may have any length). What is contained so, is contained whatever value the
variable has. Source: IAM User Guide, "IAM policy elements: Variables and tags".
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

MOST_STATES = 50_000
"""Patterns can be made whose automaton grows without end. Beyond this nothing is proved."""

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_FREE = "xyzabcdefghijklmnopqrstuvw0123456789~"


class TooComplex(Exception):
    """Not decided: the automaton has more than `MOST_STATES` states."""


class Wild(Enum):
    STAR = "*"
    ONE = "?"


@dataclass(frozen=True)
class Variable:
    name: str


Token = frozenset[str] | Wild | Variable
"""The letters that may stand here, a wildcard, or the value of a variable."""

Pattern = tuple[Token, ...]
ANYTHING: Pattern = (Wild.STAR,)

Letter = str | Variable
_Place = tuple[int, int]
"""A pattern's index, and how many of its tokens are matched."""


def pattern(
    text: str, *, wild: bool = True, variables: bool = True, ignore_case: bool = False
) -> Pattern:
    """`text` as IAM reads it. `${*}`, `${?}` and `${$}` are the letters themselves."""
    tokens: list[Token] = []
    for index, piece in enumerate(_VARIABLE.split(text) if variables else [text]):
        if index % 2 == 0:
            tokens += (_token(letter, wild, ignore_case) for letter in piece)
        elif piece in ("*", "?", "$"):
            tokens.append(frozenset(piece))
        else:
            tokens.append(Variable(_lower(piece.strip())))
    return _without_doubled_stars(tokens)


def loose(one: Pattern) -> Pattern:
    """The pattern with anything in place of each variable: it matches more, never less."""
    return _without_doubled_stars(
        [Wild.STAR if isinstance(token, Variable) else token for token in one]
    )


def contained(inner: Pattern, outers: Sequence[Pattern]) -> bool:
    """Whether every text that `inner` matches is matched by one of `outers`. Raises TooComplex."""
    if inner in outers or ANYTHING in outers:
        return True
    return all(matched for matched, _ in walk(inner, outers))


def disjoint(one: Pattern, other: Pattern) -> bool:
    """Whether no text matches both, whatever the variables' values. Raises TooComplex."""
    return not any(matched for matched, _ in walk(loose(one), [loose(other)]))


def walk(inner: Pattern, outers: Sequence[Pattern]) -> Iterator[tuple[frozenset[int], str]]:
    """Each way in which texts of `inner` are matched by `outers`, by a shortest such text first.

    Gives the indexes of the outers that match, and the text. The same way may come twice.
    """
    patterns = (inner, *outers)
    start = frozenset(
        place for index in range(len(patterns)) for place in _rests(patterns, index, 0)
    )
    seen = {start}
    queue = deque([(start, "")])
    while queue:
        state, text = queue.popleft()
        done = {index for index, matched in state if matched == len(patterns[index])}
        if 0 in done:
            yield frozenset(index - 1 for index in done if index), text
        for letter, shown in _letters(patterns, state):
            following = _step(patterns, state, letter)
            if following not in seen and any(index == 0 for index, _ in following):
                seen.add(following)
                queue.append((following, text + shown))
        if len(seen) > MOST_STATES:
            raise TooComplex


def _token(letter: str, wild: bool, ignore_case: bool) -> Token:
    if wild and letter in "*?":
        return Wild(letter)
    return frozenset((letter.lower(), letter.upper())) if ignore_case else frozenset(letter)


def _without_doubled_stars(tokens: Sequence[Token]) -> Pattern:
    return tuple(
        token
        for index, token in enumerate(tokens)
        if token is not Wild.STAR or index == 0 or tokens[index - 1] is not Wild.STAR
    )


def _rests(patterns: Sequence[Pattern], index: int, matched: int) -> Iterator[_Place]:
    """The place itself, and the one behind a `*` that matches nothing."""
    yield index, matched
    if matched < len(patterns[index]) and patterns[index][matched] is Wild.STAR:
        yield index, matched + 1


def _letters(patterns: Sequence[Pattern], state: frozenset[_Place]) -> Iterator[tuple[Letter, str]]:
    """Every letter that makes a difference here, and one more that stands for all the others."""
    letters: set[str] = set()
    variables: set[Variable] = set()
    for index, matched in state:
        if matched == len(patterns[index]):
            continue
        token = patterns[index][matched]
        if isinstance(token, frozenset):
            letters |= token
        elif isinstance(token, Variable) and index == 0:
            variables.add(token)
    yield from ((letter, letter) for letter in sorted(letters))
    yield from ((one, f"${{{one.name}}}") for one in sorted(variables, key=lambda v: v.name))
    yield "", next((letter for letter in _FREE if letter not in letters), "")


def _step(
    patterns: Sequence[Pattern], state: frozenset[_Place], letter: Letter
) -> frozenset[_Place]:
    places: set[_Place] = set()
    for index, matched in state:
        if matched == len(patterns[index]):
            continue
        token = patterns[index][matched]
        if token is Wild.STAR:
            places.update(_rests(patterns, index, matched))
        elif _takes(token, letter):
            places.update(_rests(patterns, index, matched + 1))
    return frozenset(places)


def _takes(token: Token, letter: Letter) -> bool:
    if isinstance(token, Variable):
        return token == letter
    if token is Wild.ONE:
        return isinstance(letter, str)
    return isinstance(token, frozenset) and letter in token


def _lower(name: str) -> str:
    return name.lower() if name.isascii() else name
