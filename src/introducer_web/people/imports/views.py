"""Pages of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.lib.sheets import neutral_csv
from introducer_web.people.imports import access, fields, services, shown
from introducer_web.people.imports.forms import ConfirmForm, MappingForm, SpellingForm, UploadForm
from introducer_web.people.models import SheetImport
from introducer_web.programs.access import cohort_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from introducer_web.tenants.models import Society

__all__ = ["import_changes", "import_confirm", "import_drop", "import_faults", "import_mapping", "import_new",
           "import_show", "import_spellings"]  # fmt: skip

State = SheetImport.State
#: Rows of a report on a page; all of them are in the file beside it.
SHOWN = 200


@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest, society: Society, code: str) -> HttpResponse:
    """Take a sheet in; show what is expected, and the last imports."""
    cohort = cohort_for(request, society, code)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["sheet"]
        try:
            found = services.upload(cohort=cohort, what=form.cleaned_data["what"], name=sheet.name,
                                    content=sheet.read(), by=request.user, now=request.now)  # fmt: skip
        except DomainError as refused:
            form.add_error("sheet", str(refused))
        else:
            return _to(found)
    context = {"cohort": cohort, "form": form, "imports": access.imports_of(cohort)}
    return render(request, "people/import_new.html", context)


@require_GET
def import_show(request: HttpRequest, society: Society, code: str, sheet: str) -> HttpResponse:
    """Show an import where it is: the mapping, the progress, the dry run, or what became of it."""
    found = access.import_for(request, society, code, sheet)
    return _page(request, found)


def _page(request: HttpRequest, found: SheetImport, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {"import": found, "cohort": found.cohort}
    if found.state in (State.CHECKING, State.APPLYING):
        return render(request, "people/import_progress.html", context)
    report = found.report
    context |= {"report": report, "counts": report.get("counts", {})}
    if found.state == State.MAPPING or (
        found.state in (State.CHECKED, State.FAILED) and _wants_mapping(request, forms)
    ):
        context["form"] = forms.get("mapping") or _mapping_form(None, found)
        return render(request, "people/import_mapping.html", context)
    if found.state == State.CHECKED:
        context |= _checked(request, found, report, forms)
    return render(request, "people/import_show.html", context)


def _wants_mapping(request: HttpRequest, forms: dict[str, Any]) -> bool:
    return "mapping" in forms or request.GET.get("step") == "mapping"


def _checked(request: HttpRequest, found: SheetImport, report: dict[str, Any], forms: dict[str, Any]) -> dict[str, Any]:
    faults = report.get("faults", [])
    if faults:
        spelled = report.get("spellings", [])
        return {"faults": faults[:SHOWN], "faults_in_all": len(faults), "rows_with_faults": len({x[0] for x in faults}),
                "spellings": _spelling_form(None, found) if spelled else None,
                "spellings_in_all": len(spelled)}  # fmt: skip
    known = fields.named(found.cohort.program, found.what) if report.get("changed") else {}
    people = list(shown.changed_people(found, report | {"changed": report.get("changed", [])[:SHOWN]}, known))
    return {
        "added": report.get("added", [])[:SHOWN],
        "changed": people,
        "set_aside": report.get("set_aside", [])[:SHOWN],
        "confirm": forms.get("confirm") or ConfirmForm(None, sheet_import=found, today=request.now.date()),
        "nothing_new": not (report.get("added") or report.get("changed") or report.get("pairs")),
    }


def _mapping_form(data: Any, found: SheetImport) -> MappingForm:
    program, what = found.cohort.program, found.what
    return MappingForm(data, report=found.report, known=fields.named(program, what), basics=fields.basics(what),
                       mapping=found.mapping)  # fmt: skip


def _spelling_form(data: Any, found: SheetImport) -> SpellingForm:
    spellings = found.report.get("spellings", [])
    kinds = {kind for kind, *_rest in spellings}
    meanings = {kind: fields.meanings(found.cohort.program, kind) for kind in sorted(kinds)}
    return SpellingForm(data, spellings=spellings, meanings=meanings)


@require_POST
def import_mapping(request: HttpRequest, society: Society, code: str, sheet: str) -> HttpResponse:
    """Say what the columns are."""
    found = access.import_for(request, society, code, sheet)
    if found.state not in (State.MAPPING, State.CHECKED, State.FAILED):
        messages.error(request, _("Somebody went on with this import meanwhile. This is where it is now."))
        return _to(found)
    form = _mapping_form(request.POST, found)
    if not form.is_valid():
        return _page(request, found, mapping=form)
    try:
        services.choose_mapping(sheet_import=found, mapping=form.chosen, values=found.values, by=request.user,
                                now=request.now)  # fmt: skip
    except services.MappingIncomplete as refused:
        form.add_error(None, str(refused))
        return _page(request, found, mapping=form)
    except DomainError as refused:
        messages.error(request, str(refused))
        return _to(found)
    return _on(request, found)


@require_POST
def import_spellings(request: HttpRequest, society: Society, code: str, sheet: str) -> HttpResponse:
    """Say what spellings mean, and check again."""
    found = access.import_for(request, society, code, sheet)
    form = _spelling_form(request.POST, found)
    if not form.is_valid() or not form.chosen:
        messages.error(request, _("Choose what at least one of the spellings means, or correct the sheet."))
        return _to(found)
    values = {kind: found.values.get(kind, {}) | form.chosen.get(kind, {}) for kind in {*found.values, *form.chosen}}
    try:
        services.choose_mapping(sheet_import=found, mapping=found.mapping, values=values, by=request.user,
                                now=request.now)  # fmt: skip
    except DomainError as refused:
        messages.error(request, str(refused))
        return _to(found)
    return _on(request, found)


@require_POST
def import_confirm(request: HttpRequest, society: Society, code: str, sheet: str) -> HttpResponse:
    """Let a checked sheet be written."""
    found = access.import_for(request, society, code, sheet)
    form = ConfirmForm(request.POST, sheet_import=found, today=request.now.date())
    if not form.is_valid():
        return _page(request, found, confirm=form)
    stated = dict(form.cleaned_data)
    try:
        services.confirm(sheet_import=found, by=request.user, now=request.now, seen=stated.pop("turn"), **stated)
    except DomainError as refused:
        messages.error(request, str(refused))
        return _to(found)
    return _on(request, found)


@require_POST
def import_drop(request: HttpRequest, society: Society, code: str, sheet: str) -> HttpResponse:
    """Give an import up."""
    found = access.import_for(request, society, code, sheet)
    try:
        services.drop(sheet_import=found, by=request.user, now=request.now)
    except DomainError as refused:
        messages.error(request, str(refused))
        return _to(found)
    messages.success(request, _("The import was dropped. Nothing of it was written."))
    return redirect("import_new", society.slug, code)


@require_GET
def import_faults(request: HttpRequest, society: Society, code: str, sheet: str) -> HttpResponse:
    """Give all faults as a file."""
    found = access.import_for(request, society, code, sheet)
    return _file("import-faults.csv", neutral_csv(shown.fault_rows(found.report)))


@require_GET
def import_changes(request: HttpRequest, society: Society, code: str, sheet: str) -> HttpResponse:
    """Give everybody who would be added or changed as a file."""
    found = access.import_for(request, society, code, sheet)
    known = fields.named(found.cohort.program, found.what)
    return _file("import-changes.csv", neutral_csv(shown.change_rows(found, found.report, known)))


def _file(name: str, text: str) -> HttpResponse:
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _on(request: HttpRequest, found: SheetImport) -> HttpResponse:
    """Do the work of a small sheet at once; a large one is a worker's."""
    if found.rows <= services.SMALL:
        services.perform_now(found, request.now)
    return _to(found)


def _to(found: SheetImport) -> HttpResponse:
    return redirect("import_show", found.society.slug, found.cohort.code, found.code)
