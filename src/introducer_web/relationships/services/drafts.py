"""The mentee's first message: ready to send, from what was said openly, theirs to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from introducer_web.people.models import Participant

__all__ = ["first_message"]


def first_message(mentee: Participant, mentor: Participant, needs: Sequence[str]) -> str:
    """Return a short message that asks for a first talk.

    Parameters
    ----------
    needs : sequence of str
        Names of domains that may be said openly.
    """
    lines = [_("Dear %(name)s,") % {"name": mentor.user.name}, ""]
    lines.append(_("thank you for mentoring in %(program)s.") % {"program": mentee.cohort.program.name})
    if needs:
        listed = ", ".join(needs)
        lines.append(
            ngettext("I would like your view on %(needs)s.", "I would like your view on these: %(needs)s.", len(needs))
            % {"needs": listed}
        )
    lines += [
        _("Could we talk for half an hour in the next three weeks? Name any time; I will send an invitation."),
        "",
        _("With thanks,"),
        mentee.user.name,
    ]
    return "\n".join(lines)
