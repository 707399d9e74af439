"""Each field of each model of ours is declared: what it holds, why, how long, how it goes."""

import pytest
from django.apps import apps

from introducer_web.lib.personal import Class, registry

OURS = [model for model in apps.get_models() if model.__module__.startswith("introducer_web.")]

#: Tables whose rows are found by whom they are of: that there is one is the fact, its words are sealed.
FINDABLE = ("people.Consent", "people.Conflict", "people.Block", "safety.Report")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_declared_and_nothing_else(model):
    table = registry().get(model._meta.label)
    assert table is not None, f"{model._meta.label} is in no personal.py"
    fields = {field.name for field in model._meta.concrete_fields}
    assert fields - table.declared().keys() == set()
    assert table.declared().keys() - fields == set()


def test_every_purpose_and_retention_is_said():
    for label, table in registry().items():
        assert table.retention, label
        for name, what in table.declared().items():
            assert what is None or what.purpose, f"{label}.{name}"


def test_what_is_special_or_confidential_stands_sealed_or_is_a_consent():
    for label, table in registry().items():
        for name, what in table.declared().items():
            if what is not None and what.kind in (Class.C3, Class.C4):
                plain = label in (
                    "people.Consent",
                    "people.Conflict",
                    "people.Block",
                    "safety.Report",
                ) or name.startswith("sealed")
                assert plain, f"{label}.{name}"
