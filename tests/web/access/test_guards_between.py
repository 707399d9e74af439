"""In a town of two societies no row of one can be made to point into the other: every foreign key is tried."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django_scopes import scopes_disabled

from introducer_web.care.models import Hold, Reminder, Silence
from introducer_web.finding.models import Preference, Recommendation, Recommending
from introducer_web.plans.models import Series
from introducer_web.safety.models import HelpWords
from introducer_web.tenants.models import Owned

pytestmark = pytest.mark.django_db
OWNED = [model for model in apps.get_models() if issubclass(model, Owned)]
POINTERS = [
    (model, field)
    for model in OWNED
    for field in model._meta.concrete_fields
    if field.is_relation and isinstance(field.related_model, type) and issubclass(field.related_model, Owned)
]


def complete(place):
    """Give a place what comes about there only with time: each row for which nothing in the town is the reason yet."""
    mine, now = {"society": place.society}, place.now
    mentee, mentor = place.mentees[0], place.mentors[0]
    two = {**mine, "relationship": place.relationship}
    Series.objects.create(**two, starts_at=now, zone="UTC", minutes=30, weeks=2, number=3, changed_at=now)
    Recommending.objects.get_or_create(**mine, cohort=place.cohort)
    Recommendation.objects.create(**mine, mentee=mentee, mentor=mentor, place=1)
    Preference.objects.create(**mine, participant=mentee)
    Reminder.objects.create(**two, cohort=place.cohort, rung="quiet", subject="s", occurrence=place.mark,
                            person=mentee, at=now)  # fmt: skip
    Silence.objects.create(**two, person=mentee, until=now)
    Hold.objects.create(**two, since=now)
    HelpWords.objects.get_or_create(**mine)


@pytest.fixture(autouse=True)
def _unscoped(standing):
    with scopes_disabled():
        for place in (standing.home, standing.overseas):
            complete(place)
        yield


def names(pair):
    return f"{pair[0]._meta.label_lower}.{pair[1].name}"


def refused(words):
    return pytest.raises(IntegrityError, match=words)


@pytest.mark.parametrize("pair", POINTERS, ids=names)
def test_no_row_is_moved_to_point_abroad(standing, pair):
    model, field = pair
    row = model.objects.filter(society=standing.home.society).first()
    abroad = field.related_model.objects.filter(society=standing.overseas.society).first()
    assert row is not None, "the town has one of each"
    assert abroad is not None
    with refused("points into another society"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field.attname: abroad.pk})
    with refused("points into another society"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field.attname: 10**9})


@pytest.mark.parametrize("pair", POINTERS, ids=names)
def test_no_row_is_made_that_points_abroad(standing, pair):
    model, field = pair
    row = model.objects.filter(society=standing.home.society).first()
    abroad = field.related_model.objects.filter(society=standing.overseas.society).first()
    row.pk, row.code = None, f"another-{row.code}"[:22]
    setattr(row, field.attname, abroad.pk)
    with refused("points into another society"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label_lower)
def test_no_row_changes_its_society(standing, model):
    row = model.objects.filter(society=standing.home.society).order_by("-pk").first()
    with refused("never changes its society|for good|another society"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(society=standing.overseas.society)
