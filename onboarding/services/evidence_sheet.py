"""A printed page in the portal's look: the pieces that an evidence pack is put together from."""

import logging
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fpdf import FPDF, ViewerPreferences, XPos, YPos
from fpdf.outline import OutlineSection

FONTS = Path(__file__).parent / "fonts"
SANS, MONO = "sans", "mono"
MISSING = "□"
"""Stands for a letter that the typefaces do not have."""
NUMBER_OF_PAGES = "●●●"
"""Stands for the number until it is known. Its letter counts as missing, so no text has it."""

INK, INK_2, LINE, BRAND = (22, 24, 29), (84, 91, 105), (223, 227, 234), (74, 50, 212)
OK, WARN, BAD = (11, 122, 75), (138, 90, 0), (179, 38, 30)
"""The light side of the pairs in tokens.css."""
logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every letter it keeps

Colour = tuple[int, int, int]

MARGIN = 20
LABELS = 43
"""How wide the column of labels is. Lengths are millimetres, sizes of type points."""


class Sheet(FPDF):
    def __init__(self, title: str, footer: str) -> None:
        super().__init__(format="A4")
        self.add_font(SANS, "", FONTS / "DejaVuSans.ttf")
        self.add_font(SANS, "B", FONTS / "DejaVuSans-Bold.ttf")
        self.add_font(MONO, "", FONTS / "DejaVuSansMono.ttf")
        self.alias_nb_pages(NUMBER_OF_PAGES)
        # What `add_font` makes carries the letters of the file; only PDF's own fonts do not.
        self._letters = {
            name: frozenset(getattr(font, "cmap", ())) - {ord(NUMBER_OF_PAGES[0])}
            for name, font in self.fonts.items()
        }
        self._footer = footer
        self.has_missing = False
        self.set_margins(MARGIN, 18, MARGIN)
        self.set_auto_page_break(True, 22)
        self.set_title(title)
        self.set_author("Astronomer")
        self.set_creator("Astro install portal")
        self.set_lang("en")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self._type(SANS, 7.5, INK_2)
        self.cell(self.epw - 25, 5, self._shown(self._footer))
        self.cell(25, 5, f"Page {self.page_no()} of {NUMBER_OF_PAGES}", align="R")

    def front(self, maker: str, title: str, text: str) -> None:
        """The head of the first page."""
        self._type(SANS + "B", 9, BRAND)
        self._line(maker, 6)
        self._type(SANS + "B", 20, INK)
        self._line(title, 10)
        self.text_line(text, muted=True)
        self.ln(3)

    def heading(self, text: str) -> None:
        """Of a section: in the outline and the contents, and linked from there."""
        self.keep(45)
        self.ln(6)
        self.start_section(self._known(text, SANS + "B"))
        self._type(SANS + "B", 13.5, INK)
        self._line(text, 7)
        self.set_draw_color(*LINE)
        self.line(MARGIN, self.get_y() + 0.5, MARGIN + self.epw, self.get_y() + 0.5)
        self.ln(3)

    def small_heading(self, text: str, *, link: str = "") -> None:
        self.keep(22)
        self.ln(2.5)
        self._type(SANS + "B", 10, INK)
        self._line(text, 5.5)
        if link:
            self._type(SANS, 7.5, BRAND)
            self._line(link, 4)
        self.ln(0.5)

    def text_line(self, text: str, *, muted: bool = False, size: float = 9) -> None:
        self._type(SANS, size, INK_2 if muted else INK)
        self._line(text, size * 0.52)
        self.ln(0.8)

    def mono(self, text: str) -> None:
        self._type(MONO, 7.5, INK)
        self._line(text, 3.9)
        self.ln(1.2)

    def fields(self, rows: Iterable[tuple[str, str]]) -> None:
        """Labels and values side by side; what has no value is left out."""
        for label, value in rows:
            if value:
                self.keep(6)
                self._type(SANS, 8.5, INK_2)
                top = self.get_y()
                self.multi_cell(LABELS, 4.6, self._shown(label), align="L")
                below = self.get_y()
                self.set_xy(MARGIN + LABELS, top)
                self._type(SANS, 8.5, INK)
                self._line(value, 4.6, width=self.epw - LABELS)
                if self.get_y() >= top:  # else the value went on to the next page
                    self.set_y(max(self.get_y(), below))
                self.ln(0.6)

    def state(self, title: str, word: str, colour: Colour) -> None:
        """What was looked at, and a word for how it stands: never the colour alone."""
        self.keep(18)
        self.ln(1.5)
        self._type(SANS + "B", 9, INK)
        self.cell(self.epw - 40, 5, self._shown(title))
        self._type(SANS + "B", 8.5, colour)
        self.cell(40, 5, self._shown(word), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def rows(
        self, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]
    ) -> None:
        """A table whose heading is repeated on every page."""
        self._type(SANS, 7.5, INK)
        self.set_draw_color(*LINE)
        with self.table(
            col_widths=tuple(widths),
            width=self.epw,
            line_height=4.2,
            text_align="LEFT",
            borders_layout="HORIZONTAL_LINES",
            padding=(0.7, 1.5, 0.7, 0),
            wrapmode="CHAR",
        ) as table:
            table.row([self._shown(name) for name in header])
            for row in rows:
                table.row([self._shown(value) for value in row])
        self.ln(2)

    def landscape(self) -> None:
        """For wide tables: the pages from here on lie on their side."""
        self.add_page(orientation="landscape")

    def contents(self, pages: int = 1) -> None:
        """Room for the contents here; they are written when all pages are known."""
        self.insert_toc_placeholder(_contents, pages=pages)

    def _line(self, text: str, height: float, *, width: float = 0) -> None:
        """Text in as many lines as it takes; an address is a link to itself."""
        link = text if text.startswith(("https://", "http://")) and " " not in text else ""
        self.multi_cell(
            width or self.epw,
            height,
            self._shown(text),
            align="L",
            link=link,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def keep(self, height: float) -> None:
        """Begin a new page rather than part what belongs together."""
        if self.will_page_break(height):
            self.add_page()

    def _type(self, name: str, size: float, colour: Colour) -> None:
        self._typeface = name
        self.set_font(name.removesuffix("B"), "B" if name.endswith("B") else "", size)
        self.set_text_color(*colour)

    def _shown(self, text: str) -> str:
        return self._known(text, self._typeface)

    def _known(self, text: str, typeface: str) -> str:
        """The text with a mark for every letter that the typeface does not have."""
        letters = self._letters[typeface]
        whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
        if all(ord(letter) in letters or letter == "\n" for letter in whole):
            return whole
        self.has_missing = True
        return "".join(
            letter if ord(letter) in letters or letter == "\n" else MISSING for letter in whole
        )


def _contents(sheet: Any, sections: list[OutlineSection]) -> None:
    """Each section with its page, linked."""
    sheet.set_x(MARGIN)
    sheet._type(SANS + "B", 11, INK)
    sheet.cell(0, 8, "Contents", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for section in sections:
        link = sheet.add_link(page=section.page_number)
        sheet._type(SANS, 9.5, INK)
        sheet.cell(sheet.epw - 15, 6, section.name, link=link)
        sheet._type(SANS, 9.5, INK_2)
        sheet.cell(
            15,
            6,
            str(section.page_number),
            align="R",
            link=link,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )
