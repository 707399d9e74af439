"""In a town of two societies no row of one can be made to point into the other: every foreign key is tried."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django_scopes import scopes_disabled

from introducer_web.tenants.models import Owned

pytestmark = pytest.mark.django_db
OWNED = [model for model in apps.get_models() if issubclass(model, Owned)]
POINTERS = [
    (model, field)
    for model in OWNED
    for field in model._meta.concrete_fields
    if field.is_relation and isinstance(field.related_model, type) and issubclass(field.related_model, Owned)
]


@pytest.fixture(autouse=True)
def _unscoped(standing):  # noqa: ARG001 - inside it
    with scopes_disabled():
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
