"""An outcome as a page: one HTML file that needs nothing from outside.

``page`` is imported on first use, so that drawing one picture costs no more than that.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from introducer.report.document import page

__all__ = ["page"]


def __getattr__(name: str) -> Any:
    if name != "page":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module("introducer.report.document").page
