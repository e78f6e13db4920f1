"""From an older version of the permissions to another: what is known of the role, and the order."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onboarding import facts
from onboarding.policy.document import Edition, ManagedPolicy

Grants = frozenset[tuple[str, str]]
"""An action, and where and when it is allowed."""


@dataclass(frozen=True)
class UpdateSpec:
    role_name: str
    policies: tuple[tuple[str, dict[str, Any]], ...] = field(repr=False)
    """Name and document of each managed policy, in the order in which they are to be changed."""
    known: Mapping[str, tuple[dict[str, Any], ...]] = field(repr=False)
    """Every document that was ever published, by the policy's name."""
    tags: Mapping[str, str]
    descriptions: Mapping[str, str] = field(repr=False)
    """Of each policy, by name."""


def update_spec(edition: Edition, known: Sequence[Edition]) -> UpdateSpec:
    """What makes a role of any of the `known` versions one of `edition`.

    Of versions newer than it nothing is taken: they are not in effect.
    """
    policies = in_order(edition, known)
    return UpdateSpec(
        role_name=facts.ROLE_NAME,
        policies=tuple((each.name, each.document) for each in policies),
        known=published(edition, known),
        tags=edition.tags,
        descriptions={each.name: each.description for each in policies},
    )


def published(edition: Edition, known: Sequence[Edition]) -> dict[str, tuple[dict[str, Any], ...]]:
    """Every document of `edition` and the older ones by the policy's name, each once."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in (edition, *_older(edition, known)):
        for each in one.policies:
            documents = found.setdefault(each.name, [])
            if each.document not in documents:
                documents.append(each.document)
    return {name: tuple(documents) for name, documents in found.items()}


def _older(edition: Edition, known: Sequence[Edition]) -> list[Edition]:
    return [each for each in known if each.number < edition.number]


def in_order(edition: Edition, known: Sequence[Edition]) -> tuple[ManagedPolicy, ...]:
    """The policies, those first that gain what another one loses.

    So the role keeps a permission that moves from one policy to another all the while. Of two that
    swap permissions one has to be the first.
    """
    former = _older(edition, known)
    left = list(edition.policies)
    changes = {each.name: _changes(each, former) for each in left}
    ordered = []
    while left:
        chosen = next((each for each in left if _may_go(each, left, changes)), left[0])
        left.remove(chosen)
        ordered.append(chosen)
    return tuple(ordered)


Changes = tuple[Grants, Grants]
"""What a policy gains and what it loses, whichever version it comes from."""


def _may_go(policy: ManagedPolicy, left: list[ManagedPolicy], changes: dict[str, Changes]) -> bool:
    _, loses = changes[policy.name]
    return not any(loses & changes[each.name][0] for each in left if each is not policy)


def _changes(policy: ManagedPolicy, former: Sequence[Edition]) -> Changes:
    now = frozenset(_grants(policy.document))
    gains: Grants = frozenset()
    loses: Grants = frozenset()
    for edition in former:
        documents = (each.document for each in edition.policies if each.name == policy.name)
        before = frozenset(grant for document in documents for grant in _grants(document))
        gains |= now - before
        loses |= before - now
    return gains, loses


def _grants(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for statement in document["Statement"]:
        if statement["Effect"] == "Allow":
            limits = json.dumps(
                [statement["Resource"], statement.get("Condition", {})], sort_keys=True
            )
            yield from ((action, limits) for action in statement["Action"])
