"""The text of a PDF that fpdf2 made, read back from its bytes as a reader of PDFs would."""

import re
import zlib


def pages(content: bytes) -> list[str]:
    """The text of each page, a line for each piece that is drawn."""
    objects = dict(_objects(content))
    fonts = {
        name: _letters(objects, number)
        for name, number in re.findall(rb"(/F\d+) (\d+) 0 R", content)
    }
    drawn = (_stream(body) for body in objects.values())
    return [_text(one, fonts) for one in drawn if re.search(rb"/F\d+ [\d.]+ Tf", one)]


def _objects(content: bytes) -> list[tuple[bytes, bytes]]:
    return re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", content, re.DOTALL)


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\nendstream", body, re.DOTALL)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _letters(objects: dict[bytes, bytes], font: bytes) -> dict[int, str]:
    """What the font's table says each of its glyphs stands for."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    assert found is not None
    table = _stream(objects[found[1]])
    return {
        int(glyph, 16): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for glyph, letter in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", table)
    }


def _text(drawn: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    lines: list[str] = []
    letters: dict[int, str] = {}
    shown = rb"(/F\d+) [\d.]+ Tf|\(((?:[^\\()]|\\.)*)\) Tj"
    for font, glyphs in re.findall(shown, drawn, re.DOTALL):
        if font:
            letters = fonts[font]
            continue
        plain = re.sub(
            rb"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), glyphs, flags=re.S
        )
        pairs = zip(plain[::2], plain[1::2], strict=True)
        lines.append("".join(letters[high * 256 + low] for high, low in pairs))
    return "\n".join(lines)


_ESCAPES = {b"r": b"\r", b"n": b"\n"}
