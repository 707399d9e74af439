"""Work that a worker does piece by piece."""

import pytest

from introducer_web.lib.pieces import first_done
from introducer_web.tenants.models import User


@pytest.mark.django_db
def test_one_that_fails_keeps_no_other_back_and_leaves_nothing_half_done(caplog):
    def act(row):
        if row == 1:
            return False
        User.objects.create_user(f"{row}@example.org")
        if row == 2:
            raise ValueError
        return True

    assert first_done([1, 2, 3, 4], act)
    assert list(User.objects.values_list("email", flat=True)) == ["3@example.org"]
    assert "A piece failed: int." in caplog.text
    assert not first_done([1, 2], act)
