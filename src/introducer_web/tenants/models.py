"""Society and User: what everything else points at, and what every other row has in common."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from introducer_web.lib.codes import new_code

__all__ = ["Owned", "Society", "User"]


class Society(models.Model):
    """The organization that runs programs: the tenant."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")
    contact = models.EmailField(_("address for questions"), blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    """People by their address, which is kept in lower case."""

    def with_email(self, email: str) -> models.QuerySet[User]:
        """Return the one with this address, if there is one."""
        return self.filter(email=email.strip().casefold())

    def create_user(self, email: str, **fields: Any) -> User:
        """Create somebody who signs in by code or passkey; there are no passwords."""
        user = self.model(email=email.strip().casefold(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A login, for life. What a person is in a program is a Participant or Staff."""

    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def first_name_only(self) -> str:
        """What a greeting says."""
        return self.name.partition(" ")[0] if self.name else ""


class Owned(models.Model):
    """A row of one society. Queries outside a society's scope raise.

    ``code`` is its public address; the primary key stands in none.
    """

    society = models.ForeignKey(Society, models.CASCADE, related_name="+")
    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)

    objects: ClassVar[models.Manager[Self]] = ScopedManager(society="society")

    class Meta:
        abstract = True
