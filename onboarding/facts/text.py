"""What a person types, as it is stored.

Every function here takes the typed text and returns the text to store, or raises `ValueError`
whose message is the sentence to show. White space of ASCII around the text is forgiven and
nothing else is changed, unless a function says so.
"""

import re
import unicodedata
from importlib.resources import files

from onboarding.facts import CONTROL_PLANE_ACCOUNT

BLANKS = " \t\r\n\f\v"
PLACEHOLDERS = frozenset({"null", "none", "nil", "undefined", "nan", "true", "false"})
"""What programs write when they have no value. Nobody names a thing so on purpose."""

RESERVED_SHORT_NAMES = PLACEHOLDERS | frozenset(
    (files(__package__) / "data" / "reserved_short_names.txt").read_text("ascii").split()
)
"""Host names with a meaning of their own: a short name becomes part of host names."""


def trimmed(typed: str) -> str:
    return typed.strip(BLANKS)


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= 40 else f"“{text[:40]}…”"


def _odd_one(text: str, allowed: str) -> str:
    """The first character of `text` outside the class `allowed`, as a person would name it."""
    odd = next(char for char in text if not re.fullmatch(f"[{allowed}]", char))
    if odd == " ":
        return "a space"
    return _quoted(odd) if odd.isprintable() else "a hidden character"


def account_id(typed: str) -> str:
    """Twelve digits; the dashes of the form 1234-5678-9012 are taken out.

    The vendor's own account is refused: nothing is ever installed there.
    """
    text = trimmed(typed)
    if not text:
        raise ValueError("Type the 12 digits of the AWS account ID.")
    if re.fullmatch(r"[0-9]{4}-[0-9]{4}-[0-9]{4}", text):
        text = text.replace("-", "")
    if re.fullmatch(r"[0-9]+", text) and len(text) != 12:
        raise ValueError(f"An AWS account ID has 12 digits. This one has {len(text)}.")
    if text.startswith("arn:"):
        raise ValueError("This is an ARN. Type only the 12 digits of the account in it.")
    if not re.fullmatch(r"[0-9]{12}", text):
        raise ValueError(
            "An AWS account ID is 12 digits and nothing else, such as 1234-5678-9012. "
            "An account alias or a name does not do."
        )
    if text == CONTROL_PLANE_ACCOUNT:
        raise ValueError("This is Astronomer’s own account. Type the ID of your account.")
    if text == "0" * 12:
        raise ValueError("No AWS account has this ID. Type the ID of your account.")
    return text


def cluster_name(typed: str) -> str:
    """What EKS takes: 1–100 of `[0-9A-Za-z][A-Za-z0-9_-]*` (EKS API, CreateCluster, `name`)."""
    text = trimmed(typed)
    if not text:
        raise ValueError("Type a name for the cluster, such as analytics-prod.")
    if len(text) > 100:
        raise ValueError(f"A cluster name has at most 100 characters. This one has {len(text)}.")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        odd = _odd_one(text, "A-Za-z0-9_-")
        raise ValueError(
            f"Use the letters a to z, digits, hyphens and underscores. This name has {odd} in it."
        )
    if text[0] in "-_":
        raise ValueError("Begin the name with a letter or a digit.")
    if text.lower() in PLACEHOLDERS:
        raise ValueError(f"{_quoted(text)} looks like a placeholder. Type the cluster’s name.")
    return text


def short_name(typed: str) -> str:
    """A DNS label (RFC 1035) of 2–40 small letters, digits and single hyphens inside.

    It stands in host names of the Organization, so names with a meaning of their own are kept.
    """
    text = trimmed(typed)
    if not text:
        raise ValueError("Type a short name, such as acme.")
    if not re.fullmatch(r"[A-Za-z0-9-]+", text):
        odd = _odd_one(text, "A-Za-z0-9-")
        raise ValueError(
            f"Use the small letters a to z, digits and hyphens. This short name has {odd} in it."
        )
    if not 2 <= len(text) <= 40:
        raise ValueError(f"A short name has 2 to 40 characters. This one has {len(text)}.")
    if text != text.lower():
        raise ValueError(f"Use small letters: {_quoted(text.lower())}.")
    if not re.fullmatch(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9]))+", text):
        raise ValueError(
            "Begin with a letter, end with a letter or a digit, and put no two hyphens together."
        )
    if text in RESERVED_SHORT_NAMES:
        raise ValueError(f"{_quoted(text)} is reserved. Choose another short name.")
    return text


LOOK_ALIKES = (("-", ""), ("0", "o"), ("1", "l"), ("i", "l"), ("rn", "m"), ("vv", "w"))
"""What is read one for the other in a short name, replaced in this order.

A small part of Unicode's confusables (UTS #39): a short name has nothing but small ASCII letters,
digits and hyphens, so letters of other scripts and capitals cannot stand in it at all.
"""


def looks_like(short_name: str) -> str:
    """How a short name looks at a glance; of two that are the same here only one may be."""
    for one, other in LOOK_ALIKES:
        short_name = short_name.replace(one, other)
    return short_name


def suggest_short_name(name: str) -> str:
    """A short name made from an Organization's name, or "" when none can be made."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    label = re.sub(r"[^a-z0-9]+", "-", plain).lstrip("-0123456789")[:40].rstrip("-")
    try:
        return short_name(label)
    except ValueError:
        return ""


def vpc(typed: str) -> str:
    """A VPC's ID (`vpc-` and 8 or 17 hexadecimal digits), or the value of its Name tag.

    What begins with `vpc-` is held to be an ID. A name has 1–120 letters, digits, spaces and
    `. _ - /`, begins with a letter or a digit, and looks like no other kind of ID.
    """
    text = trimmed(typed)
    if not text:
        raise ValueError("Type the VPC’s ID, such as vpc-0a1b2c3d4e5f60718, or its name.")
    if text.lower().startswith("vpc-"):
        if not re.fullmatch(r"vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})", text):
            raise ValueError(
                "A VPC ID is vpc- and 8 or 17 of 0–9 and a–f. Copy it from the VPC console. If this "
                "is a name, give the ID instead."
            )
        return text
    if len(text) > 120:
        raise ValueError(f"A VPC name has at most 120 characters here. This one has {len(text)}.")
    if not re.fullmatch(r"[A-Za-z0-9 ._/-]+", text):
        odd = _odd_one(text, "A-Za-z0-9 ._/-")
        raise ValueError(f"Give the VPC’s ID: this name has {odd} in it, which we cannot take.")
    if not text[0].isalnum():
        raise ValueError("Begin with a letter or a digit, or give the VPC’s ID.")
    if text.lower() in PLACEHOLDERS:
        raise ValueError(f"{_quoted(text)} looks like a placeholder. Give the VPC’s ID or name.")
    _refuse_other_ids(text)
    return text


def _refuse_other_ids(text: str) -> None:
    if re.fullmatch(r"[0-9]{12}", text):
        raise ValueError("This looks like an AWS account ID. Give the VPC’s ID or name here.")
    if re.fullmatch(r"vpc[ ._]?[0-9a-f]{7,18}", text, re.IGNORECASE):
        raise ValueError("A VPC ID begins with vpc-, with the hyphen. Copy it from the console.")
    kinds = "subnet|vpce|igw|eigw|nat|rtb|acl|sg|eni|tgw|pcx|dopt|eipalloc|vgw|cgw|vpn|ami|i"
    if re.fullmatch(rf"(?:{kinds})-[0-9a-f]{{8,17}}", text, re.IGNORECASE):
        raise ValueError(f"This is the ID of a {text.split('-')[0]}. Give the VPC’s own ID.")


def whole_number(typed: str, low: int, high: int) -> int:
    """A number from `low` to `high` in ASCII digits, without sign, point or leading zero."""
    text = trimmed(typed)
    wanted = f"Type a whole number from {low} to {high}"
    if not re.fullmatch(r"0|[1-9][0-9]*", text):
        raise ValueError(f"{wanted}, in digits only.")
    if len(text) > len(str(high)) or not low <= int(text) <= high:
        raise ValueError(f"{wanted}. {_quoted(text)} is outside of that.")
    return int(text)


JOINERS = "\u200c\u200d"
"""They shape letters of some scripts and join emoji. They turn no reading direction."""
WIDTHLESS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""What comes along when text is pasted, and means nothing: taken out."""


def paragraphs(typed: str, most: int) -> str:
    """A text of several lines in any script, 1 to `most` characters.

    Line ends become line feeds, at most two together; every other space becomes a plain one. Of what
    is not seen, all that could forge a line or turn the reading direction is refused.
    """
    text = "\n".join(typed.translate(WIDTHLESS).splitlines())
    text = "".join(
        " " if char == "\t" or unicodedata.category(char) == "Zs" else char for char in text
    )
    text = re.sub(r" +\n", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", trimmed(text))
    if not text:
        raise ValueError("Write something first.")
    if any(not char.isprintable() and char not in "\n" + JOINERS for char in text):
        raise ValueError("This has a hidden character in it. Type it again instead of pasting it.")
    if len(text) > most:
        raise ValueError(f"Use at most {most} characters. This has {len(text)}.")
    return text


def printable(typed: str, least: int, most: int) -> str:
    """A name in any script, `least` to `most` characters, none of them invisible.

    Refused are all that Unicode calls other or separator, but for the plain space: what is not
    seen can forge a line or turn the reading direction.
    """
    text = trimmed(typed)
    if not text.isprintable():
        raise ValueError("This has a hidden character in it. Type it again instead of pasting it.")
    if len(text) > most:
        raise ValueError(f"Use at most {most} characters. This has {len(text)}.")
    if len(text) < least:
        raise ValueError(f"Use at least {least} characters.")
    return text
