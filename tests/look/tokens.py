"""The colours of tokens.css, and what WCAG 2.2 says of two of them together."""

import math
import re
from pathlib import Path

STYLESHEETS = Path(__file__).resolve().parents[2] / "static" / "css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
SCHEMES = ("light", "dark")


def colours(scheme: str) -> dict[str, str]:
    """The colours of one scheme, by the name of their token."""
    found = PAIR.findall((STYLESHEETS / "tokens.css").read_text())
    return {name: (light if scheme == "light" else dark) for name, light, dark in found}


def _linear(channel: float) -> float:
    if channel <= 0.04045:
        return channel / 12.92
    return math.pow((channel + 0.055) / 1.055, 2.4)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
