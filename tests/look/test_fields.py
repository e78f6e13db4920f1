"""How a field is drawn: what is said of it stands beside it, and assistive software is told."""

from types import SimpleNamespace

from django import forms
from django.template.loader import render_to_string


class Cluster(forms.Form):
    name = forms.CharField(help_text="Letters and digits.")
    way = forms.ChoiceField(choices=[("a", "One"), ("b", "Other")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="It is so")


def drawn(form: forms.Form, name: str) -> str:
    return str(form[name].as_field_group())


def test_hint_and_error_belong_to_the_input() -> None:
    field = drawn(Cluster({"name": ""}), "name")
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert 'id="id_name_helptext"' in field
    assert 'id="id_name_error"' in field
    assert 'aria-invalid="true"' in field
    assert "Error:" in field


def test_a_field_in_order_says_nothing_of_errors() -> None:
    field = drawn(Cluster({"name": "analytics"}), "name")
    assert "error" not in field
    assert "wrong" not in field


def test_what_was_typed_is_shown_again_escaped() -> None:
    field = drawn(Cluster({"name": '"><script>'}), "name")
    assert 'value="&quot;&gt;&lt;script&gt;"' in field


def test_choices_stand_in_a_group_with_its_name() -> None:
    field = drawn(Cluster({"way": "b"}), "way")
    assert field.strip().startswith("<fieldset")
    assert "<legend>Way</legend>" in field
    assert field.count('class="choice"') == 2
    assert field.count("checked") == 1


def test_a_box_stands_before_its_label() -> None:
    field = drawn(Cluster(), "sure")
    assert field.index("<input") < field.index('<label for="id_sure">')


def test_wishes_and_warnings_stand_beside_the_field() -> None:
    form = Cluster({"name": "analytics"})
    form.warnings = {"name": ["It is long."]}  # type: ignore[attr-defined]
    form.wanted = {"name": [SimpleNamespace(text="Shorter, please <b>")]}  # type: ignore[attr-defined]
    field = drawn(form, "name")
    assert "It is long." in field
    assert "<b>Support asks:</b> Shorter, please &lt;b&gt;" in field
    assert "It is long." not in drawn(form, "way")


def test_the_summary_leads_to_every_field_in_error() -> None:
    form = Cluster({})
    form.add_error(None, "Something of the whole.")
    summary = render_to_string("forms/summary.html", {"form": form})
    assert 'role="alert"' in summary
    assert "Something of the whole." in summary
    links = [f'href="#{target}"' for target in ("id_name", "id_way_0", "id_sure")]
    page = summary + str(form)
    assert all(link in summary and link.replace('href="#', 'id="') in page for link in links)


def test_no_summary_without_errors() -> None:
    assert render_to_string("forms/summary.html", {"form": Cluster()}).strip() == ""
