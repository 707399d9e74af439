"""How forms are drawn: every field with its label, its help, who sees it, and its errors beside it."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting

__all__ = ["Renderer"]


class Renderer(TemplatesSetting):
    """Forms and fields by the project's own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
