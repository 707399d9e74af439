"""A program's own words and the society's training sites, for coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from introducer_web.lib.errors import DomainError
from introducer_web.programs import access, words
from introducer_web.programs.editing import edit
from introducer_web.programs.forms import WORD_FORMS, NewTopicForm, SiteForm, TopicForm
from introducer_web.programs.models import TrainingSite

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from introducer_web.tenants.models import Society


def _titles(kind: str) -> str:
    return {"domains": _("Domains"), "experiences": _("Experiences"), "questions": _("Questions of your own")}[kind]


def word_list(request: HttpRequest, society: Society, code: str, kind: str) -> HttpResponse:
    """Show the words of one kind; add one."""
    program, rows = access.words_for(request, society, code, kind)
    form = WORD_FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            words.add_word(program=program, kind=kind, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Added. It is asked from now on, and the next run counts it."))
            return redirect("word_list", society.slug, code, kind)
    rows = rows.order_by("retired", "place", "pk")
    if kind == "domains":
        rows = rows.prefetch_related("topics")
    context = {"program": program, "kind": kind, "rows": rows, "form": form, "title": _titles(kind)}
    return render(request, "programs/word_list.html", context)


def word_edit(request: HttpRequest, society: Society, code: str, kind: str, word: str) -> HttpResponse:
    """Change a word; add topics to a domain."""
    program, found = access.word_for(request, society, code, kind, word)
    given = {"program": program, "by": request.user, "now": request.now}
    editing = edit(request, found, WORD_FORMS[kind], lambda row, **said: words.edit_word(word=row, **given, **said))
    if editing.status == 302:
        messages.success(request, _("Saved."))
        return redirect("word_list", society.slug, code, kind)
    topics = found.topics.order_by("retired", "place", "pk") if kind == "domains" else []
    context = {"program": program, "kind": kind, "word": found, "form": editing.form, "topics": topics,
               "seen": editing.seen, "topic_form": NewTopicForm(), "title": _titles(kind)}  # fmt: skip
    return render(request, "programs/word_edit.html", context, status=editing.status)


@require_POST
def word_act(request: HttpRequest, society: Society, code: str, kind: str, word: str) -> HttpResponse:
    """Move a word, retire it or bring it back; add a topic to a domain."""
    program, found = access.word_for(request, society, code, kind, word)
    act = request.POST.get("act", "")
    given = {"program": program, "by": request.user, "now": request.now}
    if act in ("up", "down"):
        words.move_word(word=found, up=act == "up")
    elif act in ("retire", "bring_back"):
        words.retire_word(word=found, retired=act == "retire", **given)
    elif act == "topic" and kind == "domains":
        form = NewTopicForm(request.POST)
        if form.is_valid():
            try:
                words.add_topic(domain=found, name=form.cleaned_data["name"], by=request.user, now=request.now)
            except DomainError as error:
                messages.error(request, str(error))
        else:
            messages.error(request, _("A topic needs a name."))
        return redirect("word_edit", society.slug, code, kind, word)
    else:
        messages.error(request, _("Choose what to do."))
    return redirect("word_list", society.slug, code, kind)


def topic_edit(request: HttpRequest, society: Society, code: str, word: str, topic: str) -> HttpResponse:
    """Change a topic of a domain."""
    program, found = access.topic_for(request, society, code, word, topic)
    given = {"program": program, "by": request.user, "now": request.now}
    editing = edit(request, found, TopicForm, lambda row, **said: words.edit_word(word=row, **given, **said))
    if editing.status == 302:
        messages.success(request, _("Saved."))
        return redirect("word_edit", society.slug, code, "domains", word)
    context = {"program": program, "domain": found.domain, "topic": found, "form": editing.form, "seen": editing.seen}
    return render(request, "programs/topic_edit.html", context, status=editing.status)


@require_POST
def topic_act(request: HttpRequest, society: Society, code: str, word: str, topic: str) -> HttpResponse:
    """Move a topic, retire it or bring it back."""
    program, found = access.topic_for(request, society, code, word, topic)
    act = request.POST.get("act", "")
    if act in ("up", "down"):
        words.move_word(word=found, up=act == "up")
    elif act in ("retire", "bring_back"):
        words.retire_word(word=found, retired=act == "retire", program=program, by=request.user, now=request.now)
    else:
        messages.error(request, _("Choose what to do."))
    return redirect("word_edit", society.slug, code, "domains", word)


def site_list(request: HttpRequest, society: Society) -> HttpResponse:
    """Show the training sites; add one."""
    society = access.society_for(request, society)
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            words.save_site(program_society=society, by=request.user, now=request.now, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            return redirect("site_list", society.slug)
    rows = TrainingSite.objects.order_by("retired", "name")
    return render(request, "programs/site_list.html", {"rows": rows, "form": form})


def site_edit(request: HttpRequest, society: Society, site: str) -> HttpResponse:
    """Change a training site."""
    found = access.site_for(request, society, site)
    given = {"program_society": society, "by": request.user, "now": request.now}
    editing = edit(request, found, SiteForm, lambda row, **said: words.save_site(site=row, **given, **said))
    if editing.status == 302:
        return redirect("site_list", society.slug)
    context = {"form": editing.form, "seen": editing.seen, "title": found.name}
    return render(request, "programs/form.html", context, status=editing.status)
