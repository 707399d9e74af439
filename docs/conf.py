"""How Sphinx builds these pages: `make docs`, or `sphinx-build -W -b html docs docs/_build`."""

from __future__ import annotations

import introducer

project = "Introducer"
author = "The Introducer authors"
copyright = "The Introducer authors"
version = release = introducer.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
]
exclude_patterns = ["_build", "images"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"

autodoc_typehints = "none"  # the docstrings say types in words
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"Introducer {version}"
html_show_sourcelink = False
html_show_sphinx = False
# Formulas are plain text, and no script comes from elsewhere: the pages work without a network.
html_theme_options: dict[str, list[str]] = {"footer_icons": [], "top_of_page_buttons": []}
