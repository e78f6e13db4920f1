"""The evidence pack of an installation as a file that somebody takes: recorded, then handed out."""

from collections.abc import Iterable
from dataclasses import dataclass

from onboarding.models import Installation, User
from onboarding.services import evidence, evidence_json, evidence_pdf

CONTENT_TYPES = {"json": "application/json", "pdf": "application/pdf"}


@dataclass(frozen=True)
class File:
    name: str
    content_type: str
    pieces: Iterable[str | bytes]

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Content-Disposition": f'attachment; filename="{self.name}"',
            "X-Content-Type-Options": "nosniff",
        }


def take(installation: Installation, kind: str, *, by: User) -> File:
    """The pack as `json` or `pdf`, and a record of who took it.

    The JSON is read while it is sent. The PDF is put together first, for what cannot be made is not
    taken; that takes about a second, however many AWS calls there are.
    """
    pieces: Iterable[str | bytes]
    if kind == "pdf":
        pieces = [evidence_pdf.pdf(installation, by=by)]
    else:
        pieces = evidence_json.stream(installation, by=by)
    evidence.record(installation, by=by, kind=kind)
    # Nothing in the name is what a customer typed freely.
    which = installation.aws_account_id or installation.pk
    return File(f"astro-evidence-{which}.{kind}", CONTENT_TYPES[kind], pieces)
