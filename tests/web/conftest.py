"""The cast, everywhere the same: see ``cast.py``."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django_scopes import scopes_disabled

import cast


@pytest.fixture(autouse=True)
def _nobody_counted():
    """Begin each test with no attempt counted against anybody."""
    cache.clear()


@pytest.fixture
def now():
    """Noon of the day on which all tests play."""
    return cast.NOON


@pytest.fixture
def town(db):  # noqa: ARG001 - the database has to be there
    """The society, its people and one cohort; queries of the test itself are not scoped."""
    with scopes_disabled():
        yield cast.settle()


@pytest.fixture
def sign_in(client):
    """Sign somebody in, with a second factor unless told otherwise, and return the client."""

    def enter(user, *, second_factor=True):
        return cast.enter(client, user, second_factor=second_factor)

    return enter
