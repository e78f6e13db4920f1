"""Policy documents as text: reading them safely, showing them without an external ID."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

HIDDEN = "…"
ANOTHER = "another value"


def parsed(document: Mapping[str, Any] | str) -> Any:
    """The document as data, or None when it is no JSON or gives one key twice."""
    if not isinstance(document, str):
        return document
    text = unquote(document) if document.lstrip().startswith("%") else document
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except ValueError:
        return None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


def masked(document: Any, *external_ids: str) -> Any:
    """`document` with every external ID left out: ours as …, any other as "another value".

    Of a pattern the wildcards are kept: they are what is wrong with it.
    """
    if isinstance(document, Mapping):
        return {
            key: _masked_ids(value, external_ids)
            if str(key).lower() == "sts:externalid"
            else masked(value, *external_ids)
            for key, value in document.items()
        }
    if isinstance(document, list):
        return [masked(value, *external_ids) for value in document]
    if isinstance(document, str):
        for external_id in filter(None, external_ids):
            document = document.replace(external_id, HIDDEN)
    return document


def _masked_ids(value: Any, external_ids: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_masked_ids(item, external_ids) for item in value]
    if not isinstance(value, str) or value in external_ids:
        return HIDDEN if isinstance(value, str) else ANOTHER
    if value in ("true", "false"):  # what Null asks
        return value
    if "*" in value or "?" in value:
        return re.sub(r"[^*?]+", HIDDEN, value)
    return ANOTHER


def fragment(part: Any, *external_ids: str) -> str:
    """One line of JSON to show; a single element without the braces around it."""
    text = json.dumps(masked(part, *external_ids), ensure_ascii=False)
    return text[1:-1] if isinstance(part, Mapping) and len(part) == 1 else text
