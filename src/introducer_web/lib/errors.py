"""What a service refuses, with a sentence fit for a person."""

from __future__ import annotations

__all__ = ["DomainError"]


class DomainError(Exception):
    """A request that makes sense and cannot be met. ``str()`` is a translated sentence: why, and what to do next."""
