"""The full town, built once for a module; each request is taken back."""

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from web.access import full_town


@pytest.fixture
def full(db):  # noqa: ARG001 - the database has to be there
    """A full town of one test; queries of the test itself are not scoped."""
    with scopes_disabled():
        yield full_town.build()


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker):  # noqa: ARG001 - the database has to be there
    """A full town of a whole module, in a transaction that is taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with scopes_disabled():
            town = full_town.build()
        yield town
        transaction.set_rollback(True)
