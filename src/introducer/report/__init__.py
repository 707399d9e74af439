"""An outcome as a page: one HTML file that needs nothing from outside.

``page`` and ``page_pieces`` are imported on first use, so that drawing one picture costs no more than that.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from introducer.report.document import page, page_pieces

__all__ = ["page", "page_pieces"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("introducer.report.document"), name)
