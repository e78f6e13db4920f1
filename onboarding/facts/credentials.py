"""Temporary AWS credentials, as a customer pastes them.

The sentences never repeat what was typed: it may be a secret, in whichever field it stands.
"""

import json
import re
from typing import Any

from onboarding.facts.text import trimmed

ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN = NAMES = (
    "access_key_id",
    "secret_access_key",
    "session_token",
)
_KEY_ID = r"ASIA[A-Z0-9]{16}"
_LONG_TERM = r"AKIA[A-Z0-9]{16}"
_FORTY = r"[A-Za-z0-9+/]{40}"
_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
LONG_TERM_REFUSED = (
    "This is a long-term access key. Those are never accepted here: use temporary credentials, "
    "whose key ID begins with ASIA."
)


def access_key_id(typed: str) -> str:
    """`ASIA` and 16 capital letters or digits: a temporary key.

    Long-term keys (`AKIA`) are refused with their own sentence (IAM User Guide, "Unique ID
    prefixes").
    """
    text = trimmed(typed)
    if not text:
        raise ValueError("Paste the access key ID. It begins with ASIA.")
    _refuse_pasted_line(text)
    if re.match(_LONG_TERM, text):
        raise ValueError(LONG_TERM_REFUSED)
    if re.fullmatch(_FORTY, text):
        raise ValueError("This looks like the secret access key. It belongs in the field below.")
    if len(text) >= 100 and re.fullmatch(_BASE64, text):
        raise ValueError("This looks like the session token. It belongs in its own field below.")
    if not re.fullmatch(_KEY_ID, text):
        raise ValueError(
            "A temporary access key ID is ASIA and 16 capital letters or digits. Paste it again."
        )
    return text


def secret_access_key(typed: str) -> str:
    """40 characters of the base64 alphabet."""
    text = trimmed(typed)
    if not text:
        raise ValueError("Paste the secret access key. It has 40 characters.")
    _refuse_pasted_line(text)
    if re.fullmatch(r"A(?:SI|KI)A[A-Z0-9]{16}", text):
        raise ValueError("This looks like the access key ID. It belongs in the field above.")
    if len(text) >= 100 and re.fullmatch(_BASE64, text):
        raise ValueError("This looks like the session token. It belongs in the field below.")
    if not re.fullmatch(_FORTY, text):
        raise ValueError(
            "A secret access key has 40 letters, digits, + or /, without spaces or line breaks. "
            "Paste it again."
        )
    return text


def session_token(typed: str) -> str:
    """100–8192 characters of base64."""
    text = trimmed(typed)
    if not text:
        raise ValueError("Paste the session token. Temporary credentials always have one.")
    _refuse_pasted_line(text)
    if re.fullmatch(r"A(?:SI|KI)A[A-Z0-9]{16}", text):
        raise ValueError("This looks like the access key ID. It belongs in its own field above.")
    if re.fullmatch(_FORTY, text):
        raise ValueError("This looks like the secret access key. It belongs in the field above.")
    if not re.fullmatch(_BASE64, text):
        raise ValueError(
            "A session token has letters, digits, +, / and = only. Paste it again, as one line."
        )
    if not 100 <= len(text) <= 8192:
        raise ValueError("A session token has 100 to 8192 characters. Paste the whole of it.")
    return text


JUDGES = {
    ACCESS_KEY_ID: access_key_id,
    SECRET_ACCESS_KEY: secret_access_key,
    SESSION_TOKEN: session_token,
}


def _refuse_pasted_line(text: str) -> None:
    if re.match(r"(?:export |set |\$env:)?\s*aws_[a-z_]+\s*=", text, re.IGNORECASE):
        raise ValueError(
            "This is a whole line. Paste only what stands after the = sign, without quotes, or "
            "use the field for the whole block."
        )
    if text.startswith("{"):
        raise ValueError("This is the whole answer. Paste it in the field for the whole block.")
    if text[0] in "\"'":
        raise ValueError("Paste it without the quotes around it.")


def parse_block(typed: str) -> dict[str, str]:
    """The three values, by name, from a block pasted whole: each judged, none repeated.

    Taken are shell lines (`export`, `set`, `$env:`), the lines of a credentials file, and the
    JSON that `aws sts` and IAM Identity Center answer. Raises `ValueError`.
    """
    text = trimmed(typed)
    found = _from_json(text) if text.startswith("{") else _from_lines(text)
    missing = [name.replace("_", " ") for name in NAMES if name not in found]
    if len(missing) == len(NAMES):
        raise ValueError(
            "No credentials were found in this. Paste the lines that set AWS_ACCESS_KEY_ID, "
            "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the JSON."
        )
    if re.match(_LONG_TERM, found.get(ACCESS_KEY_ID, "")):
        raise ValueError(LONG_TERM_REFUSED)
    if missing:
        raise ValueError(f"This block lacks the {' and the '.join(missing)}. Paste all of it.")
    return {name: JUDGES[name](found[name]) for name in NAMES}


def _from_lines(text: str) -> dict[str, str]:
    line = re.compile(
        r"(?:export\s+|set\s+|setx\s+|\$env:)?aws_([a-z_]+)\s*=\s*(\"[^\"]*\"|'[^']*'|\S*?);?",
        re.IGNORECASE,
    )
    matches = (line.fullmatch(trimmed(each)) for each in text.split("\n"))
    return {
        match[1].lower(): match[2].strip("\"'")
        for match in matches
        if match and match[1].lower() in NAMES
    }


def _from_json(text: str) -> dict[str, str]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("This JSON is not complete. Copy all of it, from { to }.") from None
    inner: Any = answer
    for key in ("Credentials", "roleCredentials"):
        if isinstance(answer, dict) and isinstance(answer.get(key), dict):
            inner = answer[key]
    plain = {key.lower(): value for key, value in inner.items() if isinstance(value, str)}
    return {name: plain[name.replace("_", "")] for name in NAMES if name.replace("_", "") in plain}
