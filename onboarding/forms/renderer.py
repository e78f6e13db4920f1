"""How forms are drawn: our templates, and fields that know warnings and wanted changes."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting


class PortalBoundField(BoundField):
    @property
    def warnings(self) -> list[str]:
        """What is accepted but worth knowing, from `form.warnings`."""
        found: dict[str, list[str]] = getattr(self.form, "warnings", {})
        return found.get(self.name, [])

    @property
    def wanted(self) -> list[Any]:
        """What support wants changed here, from `form.wanted`."""
        found: dict[str, list[Any]] = getattr(self.form, "wanted", {})
        return found.get(self.name, [])

    @property
    def aria_describedby(self) -> str | None:
        """What a screen reader says with the input: also what support wants, and warnings."""
        ids = super().aria_describedby
        if ids is None or not self.auto_id:
            return ids
        more = {"wanted": self.wanted, "warning": self.warnings}
        return " ".join([ids, *(f"{self.auto_id}_{name}" for name in more if more[name])]).strip()


class PortalRenderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = PortalBoundField
