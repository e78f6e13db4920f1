"""The evidence of one version: what was proposed, approved, sent, answered and when, in a chain.

Entries stand in the order of time, and each carries the digest of the one before it: nothing can be
changed, left out or put in between without changing every digest after it. A pack made later
begins with the entries of one made earlier, so that two packs hold each other to their word; only
the address of somebody who deleted their account is taken out of both notice and digest.

The digest of an entry is SHA-256 over its canonical JSON without `sha256`: keys sorted, no white
space, ASCII. `manage.py verify_evidence FILE` checks a pack, and so can ten lines in any language.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from onboarding.models import Notice, PolicyVersion, User
from onboarding.policy.document import Edition

FORMAT = "astro-policy-evidence/1"
HOW = (
    "The sha256 of an entry is SHA-256 over the entry without its sha256, as JSON with sorted keys, "
    "without white space, in ASCII. Each entry names its predecessor's as previous; the first has "
    "an empty one. The sha256 of a wording is over its subject, text and html, joined by line feeds."
)
Entry = dict[str, Any]


def pack(version: PolicyVersion, *, by: User) -> dict[str, Any]:
    """Everything about `version`, to hand to whoever asks. The database's clock dates it."""
    entries = chained(_facts(version))
    now = PolicyVersion.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=version.pk)
    return {
        "format": FORMAT,
        "version": version.number,
        "state": version.state,
        "exported_at": _time(now),
        "exported_by": by.email,
        "how_to_verify": HOW,
        "entries": entries,
        "head": entries[-1]["sha256"],
    }


def chained(facts: Iterable[tuple[datetime, str, dict[str, Any]]]) -> list[Entry]:
    """The facts in the order of time, each bound to the one before."""
    entries: list[Entry] = []
    previous = ""
    for at, kind, data in sorted(facts, key=_order):
        entry = {"at": _time(at), "kind": kind, "data": data, "previous": previous}
        previous = digest(entry)
        entries.append(entry | {"sha256": previous})
    return entries


def digest(entry: Entry) -> str:
    plain = {name: value for name, value in entry.items() if name != "sha256"}
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def problems(found: dict[str, Any]) -> list[str]:
    """What is wrong with a pack, in sentences; nothing when it is whole."""
    if found.get("format") != FORMAT or not found.get("entries"):
        return ["This is not an evidence pack of a version of the permissions."]
    return [*_broken_links(found), *_broken_contents(found["entries"])]


def _broken_links(found: dict[str, Any]) -> Iterator[str]:
    previous = ""
    for number, entry in enumerate(found["entries"], start=1):
        if entry.get("previous") != previous:
            yield f"Entry {number} does not follow the one before it."
        if entry.get("sha256") != digest(entry):
            yield f"Entry {number} ({entry.get('kind')}) was changed."
        previous = str(entry.get("sha256"))
    if found.get("head") != previous:
        yield "The pack does not end where it says."


def _broken_contents(entries: list[Entry]) -> Iterator[str]:
    wordings = set()
    for entry in entries:
        data = entry["data"]
        if entry["kind"] == "proposed":
            if Edition(data["number"], data["source"]).checksum != data["checksum"]:
                yield "The checksum is not that of the document."
        elif entry["kind"] == "wording":
            wordings.add(data["sha256"])
            joined = "\n".join((data["subject"], data["text"], data["html"]))
            if hashlib.sha256(joined.encode()).hexdigest() != data["sha256"]:
                yield "A wording is not what its checksum says."
        elif entry["kind"] == "notice" and data["wording"] not in wordings:
            yield f"Notice {data['notice']} was sent in words that are not in the pack."


def _facts(version: PolicyVersion) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    yield from _decisions(version)
    for wording in version.texts.all():
        values = {name: getattr(wording, name) for name in ("sha256", "subject", "text", "html")}
        yield wording.created_at, "wording", values
    notices = version.notices.select_related("organization", "wording").order_by("pk")
    for notice in notices.iterator(chunk_size=1000):
        yield from _of_notice(notice)


def _decisions(version: PolicyVersion) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    names = ("number", "checksum", "what", "why", "expands", "differences", "source")
    document = {name: getattr(version, name) for name in names}
    yield version.proposed_at, "proposed", document | {"by": _person(version.proposed_by)}
    for verb in ("approved", "withdrawn", "effective"):
        at = getattr(version, f"{verb}_at")
        if at is not None:
            yield at, verb, {"by": _person(getattr(version, f"{verb}_by"))}


def _of_notice(notice: Notice) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    key = {"notice": str(notice.pk)}
    yield (
        notice.created_at,
        "notice",
        key
        | {
            "organization": str(notice.organization_id),
            "organization_name": notice.organization.name,
            "owner": notice.owner_id,
            "address": notice.address,
            "wording": notice.wording.sha256,
            "mail": str(notice.mail_id or ""),
        },
    )
    if notice.accepted_at:
        yield notice.accepted_at, "accepted", key | {"reply": notice.accepted_reply}
    if notice.bounced_at:
        yield notice.bounced_at, "came_back", key | {"reply": notice.bounced_reply}
    if notice.acknowledged_at:
        yield notice.acknowledged_at, "acknowledged", key


def _order(fact: tuple[datetime, str, dict[str, Any]]) -> tuple[datetime, bool, str, str]:
    """By time; of one moment, the words before the notices in them."""
    at, kind, data = fact
    return at, kind != "wording", kind, str(data.get("notice", ""))


def _person(user: User | None) -> str:
    return user.email if user else ""


def _time(moment: datetime) -> str:
    return moment.isoformat()
