"""The only way to an import on behalf of a coordinator. Not allowed and not there are the same 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from introducer_web.people.models import SheetImport
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.programs.models import Cohort
    from introducer_web.tenants.models import Society

__all__ = ["import_for", "imports_of"]

#: Imports that are shown.
LAST = 20


def import_for(request: HttpRequest, society: Society, cohort_code: str, code: str) -> SheetImport:
    """Return one import of a cohort for a coordinator of its program."""
    cohort = cohort_for(request, society, cohort_code)
    found = SheetImport.objects.filter(cohort=cohort, code=code).select_related("cohort__program", "society").first()
    if found is None:
        raise Http404
    return found


def imports_of(cohort: Cohort) -> list[SheetImport]:
    """Return the last imports of a cohort that somebody may see, without their sheets."""
    rows = SheetImport.objects.filter(cohort=cohort).select_related("by").defer("sealed_sheet", "sealed_report")
    return list(rows.order_by("-uploaded_at", "-pk")[:LAST])
