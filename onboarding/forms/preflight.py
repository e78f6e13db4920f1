"""A pre-flight report, handed in: pasted, or as the file that the script wrote."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from onboarding.facts.preflight import MOST_BYTES, TOO_LARGE, Preflight, parse
from onboarding.forms.fields import PLAIN
from onboarding.models import Installation
from onboarding.policy.preflight import file_name

NOT_TEXT = "This file is not text. Upload the file astro-preflight-….json that the script wrote."


class PreflightForm(forms.Form):
    """Either field, not both. What was pasted is shown again; a file has to be chosen again."""

    use_required_attribute = False

    file = forms.FileField(
        label="The report as a file",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json,text/plain"}),
    )
    paste = forms.CharField(
        label="Or everything in it, pasted",
        help_text="From the first { to the last }. What the terminal shows around it does no harm.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={**PLAIN, "rows": 6}),
    )

    def __init__(self, installation: Installation, *args: Any, **kwargs: Any) -> None:
        self.installation = installation
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"It is called {file_name(installation.aws_account_id)}."
        # What it may hold, the report's own reader says: NUL is not the only character it refuses.
        self.fields["paste"].validators = []

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        file, paste = cleaned["file"], cleaned["paste"]
        if file is not None and paste.strip():
            self.add_error("paste", "Upload the file or paste what is in it, not both.")
        elif file is not None:
            self._judge("file", self._decoded(file))
        elif paste.strip():
            self._judge("paste", paste)
        else:
            self.add_error("file", "Choose the file with the report, or paste what is in it.")
        return cleaned

    def _decoded(self, file: UploadedFile) -> str | None:
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", NOT_TEXT)
            return None

    def _judge(self, field: str, text: str | None) -> None:
        if text is None:
            return
        try:
            report = parse(text)
            report.must_be_about(
                account_id=self.installation.aws_account_id,
                region=self.installation.region,
                now=timezone.now(),
            )
        except ValueError as error:
            self.add_error(field, str(error))
        else:
            self.cleaned_data["report"] = report

    @property
    def report(self) -> Preflight:
        """What a valid form was given."""
        found: Preflight = self.cleaned_data["report"]
        return found
