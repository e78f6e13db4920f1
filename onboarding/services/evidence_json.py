"""The evidence pack of an installation as JSON, in a stream, with a digest over its content.

    {"content": {…}, "format": "astro-installation-evidence/1", "how_to_verify": "…", "sha256": "…"}

The content is written in canonical form (keys sorted, no white space, ASCII), so that its digest is
known when its last byte is sent, and so that whoever parses it can write the same bytes again.
A later format keeps the meaning of what an earlier one has, or takes the next number.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from onboarding.models import Installation, User
from onboarding.services import evidence

FORMAT = "astro-installation-evidence/1"
HOW = (
    "sha256 is SHA-256 over content, as JSON with sorted keys, without white space, in ASCII. Times "
    "are UTC. request_ids and request_id are AWS's own and stand in your CloudTrail."
)
_A_PIECE = 500


def stream(installation: Installation, *, by: User) -> Iterator[str]:
    """The whole pack in pieces. What is not the calls is read before the first of them."""
    digest = hashlib.sha256()
    sections: dict[str, Iterator[str]] = {
        name: iter([_canonical(value)])
        for name, value in evidence.content(installation, by=by).items()
    }
    sections["aws_calls"] = _listed(evidence.calls(installation))
    yield '{"content":'
    for piece in _object(sections):
        digest.update(piece.encode("ascii"))
        yield piece
    rest = {"format": FORMAT, "how_to_verify": HOW, "sha256": digest.hexdigest()}
    yield f",{_canonical(rest)[1:]}\n"


def problems(found: dict[str, Any]) -> list[str]:
    """What is wrong with a pack, in sentences; nothing when it is whole."""
    if found.get("format") != FORMAT or "content" not in found:
        return ["This is not an evidence pack of an installation."]
    if hashlib.sha256(_canonical(found["content"]).encode("ascii")).hexdigest() != found["sha256"]:
        return ["The content is not what its digest says."]
    return []


def _object(sections: dict[str, Iterator[str]]) -> Iterator[str]:
    before = "{"
    for name in sorted(sections):
        yield f"{before}{_canonical(name)}:"
        yield from sections[name]
        before = ","
    yield "}"


def _listed(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    rest = iter(rows)
    before = "["
    while piece := [_canonical(row) for row in islice(rest, _A_PIECE)]:
        yield before + ",".join(piece)
        before = ","
    yield "]" if before == "," else "[]"


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
