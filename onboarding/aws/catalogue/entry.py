"""What an entry of the catalogue of failures says, and which failure it is about."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn
from onboarding.aws.errors import AwsError, Denied, Layer

NOTHING = "You need do nothing. Our support team has been told and looks into it."
AGAIN = "{again}"

_WRITES = re.compile("(Create|Attach|Put|Update|Set|Tag|Enable|Request|Start|Subscribe)[A-Z].*")


@dataclass(frozen=True)
class Look:
    """Where a person sees it for themselves: a command, a page of the AWS console, or both."""

    command: str = ""
    link: Callable[[str], str] | None = None
    """Given the Region."""
    label: str = ""


@dataclass(frozen=True)
class Entry:
    """Causes and steps of one kind of failure. What a condition leaves empty it leaves open.

    Texts may name `{action}`, `{service}`, `{account}`, `{region}`, `{role}`, `{policy}` (the one
    that denies, in brackets, where AWS names it), `{who}` (as whom the call was made), `{code}`,
    `{said}` (AWS's own text), `{again}` (how to have it tried once more) and `{wait}` (the same,
    of what passes by itself).
    """

    causes: tuple[str, ...]
    """Likeliest first, a sentence each."""
    steps: tuple[str, ...]
    turn: Turn | None = None
    """None: whose turn the error says."""
    look: Look | None = None
    """None: the call itself, made by hand, where there is such a command."""

    # Which failure it is about
    codes: tuple[str, ...] = ()
    """AWS's, or the class of the failure where AWS did not answer."""
    kinds: tuple[str, ...] = ()
    """Classes of `AwsError`; their subclasses count."""
    services: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    explicit: bool | None = None
    identities: tuple[Identity, ...] = ()
    says: str = ""
    """A pattern in AWS's text, in whatever letter case."""
    writes: bool | None = None
    """Whether the call changes something."""

    def fits(self, error: AwsError) -> bool:
        service = error.action.partition(":")[0]
        return (
            _within(error.code, self.codes)
            and _within(service, self.services)
            and _within(error.identity, self.identities)
            and (not self.kinds or not _names_of(error).isdisjoint(self.kinds))
            and self._fits_denial(error)
            and (self.writes is None or self.writes == changes_something(error.action))
            and (not self.says or re.search(self.says, error.message, re.IGNORECASE) is not None)
        )

    def _fits_denial(self, error: AwsError) -> bool:
        if not isinstance(error, Denied):
            return not self.layers
        wanted = self.explicit is None or self.explicit == error.is_explicit
        return wanted and _within(error.layer, self.layers)


def changes_something(action: str) -> bool:
    return _WRITES.fullmatch(action.partition(":")[2]) is not None


def _within(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _names_of(error: AwsError) -> set[str]:
    return {each.__name__ for each in type(error).__mro__}
