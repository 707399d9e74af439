"""Every access check of the platform, computed from its source; each can be deleted while the site runs.

A mutant is the source of one function without one check: an ``if`` that raises never does, a
condition of a filter is not there, a call that demands something is not made, a decorator is off.
The mutated source is compiled, and its code takes the place of the function's own, so that whoever
imported the function runs the mutant; a view is changed where the resolver keeps it.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import importlib
import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import introducer_web
from introducer_web.config import urls
from web.access.walk import routes

__all__ = ["Mutant", "every"]

SOURCE = Path(introducer_web.__file__).parent
#: Modules that hold checks, beside ``views*.py``.
WHERE = {"access", "my_pages", "middleware"}
#: Verbs of a query whose arguments decide what is found.
QUERIES = {"filter", "exclude", "get"}
#: Functions that demand something and raise.
DEMANDS = re.compile(r"(require_\w+|_roles|society_for)$")
#: Decorators that are a permission or a method.
GUARDS = {"login_required", "require_GET", "require_POST", "require_http_methods"}


@dataclass(frozen=True)
class Mutant:
    """One function without one check."""

    module: str
    function: str
    what: str
    tree: ast.Module

    @property
    def target(self):
        """The function as it is: the code that a trace of a request shows."""
        found = importlib.import_module(self.module)
        for name in self.function.split("."):
            found = getattr(found, name)
        return inspect.unwrap(found)

    @contextlib.contextmanager
    def alive(self):
        """Let the mutant run in the place of the function."""
        module = importlib.import_module(self.module)
        space = dict(vars(module)) if self.what.startswith("decorator") else {"__name__": self.module}
        code = compile(self.tree, f"<{self.what}>", "exec")
        if self.what.startswith("decorator"):
            exec(code, space)  # noqa: S102 - our own source, without one decorator
            pattern = next(each for each in routes().values() if each.callback is getattr(module, self.function))
            held, pattern.callback = pattern.callback, space[self.function]
            try:
                yield
            finally:
                pattern.callback = held
            return
        target = self.target
        held, target.__code__ = target.__code__, _code(code, self.function)
        try:
            yield
        finally:
            target.__code__ = held


def _code(code, name):
    """Return the code of a function in a compiled module."""
    for part in name.split("."):
        code = next(each for each in code.co_consts if inspect.iscode(each) and each.co_name == part)
    return code


def _name(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _raises(node):
    return isinstance(node, ast.If) and any(isinstance(each, ast.Raise) for each in node.body)


def _changes(function, *, in_access):
    """Yield what is deleted, in words, and how: a function that changes a copy of the node at the same place."""
    nodes = list(ast.walk(function))
    for place, node in enumerate(nodes):
        if _raises(node) and (in_access or "Http404" in ast.unparse(node)):
            yield f"if {ast.unparse(node.test)}: raise", place, _never
        elif in_access and isinstance(node, ast.Call) and _name(node) in QUERIES:
            yield from ((f"filter {ast.unparse(each)}", place, _without(("args", k)))
                        for k, each in enumerate(node.args))  # fmt: skip
            yield from ((f"filter {ast.unparse(each)}", place, _without(("keywords", k)))
                        for k, each in enumerate(node.keywords))  # fmt: skip
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and DEMANDS.search(_name(node.value)):
            yield f"call {ast.unparse(node)}", place, _no_call
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            for k, each in enumerate(node.values):
                if "is_authenticated" in ast.unparse(each):
                    yield f"and {ast.unparse(each)}", place, _always(k)
        elif in_access and isinstance(node, ast.If) and not _raises(node) and isinstance(node.body[-1], ast.Return):
            yield f"if {ast.unparse(node.test)}: return", place, _never
        elif in_access and isinstance(node, ast.If) and not _raises(node):
            yield f"if {ast.unparse(node.test)}", place, _never


def _never(node):
    node.test = ast.Constant(value=False)


def _always(k):
    def change(node):
        node.values[k] = ast.Constant(value=True)

    return change


def _no_call(node):
    node.value = ast.Constant(value=None)


def _without(place):
    name, k = place

    def change(node):
        del getattr(node, name)[k]

    return change


def _mutants_of(path):
    module = ".".join(["introducer_web", *path.relative_to(SOURCE).with_suffix("").parts])
    tree = ast.parse(path.read_text(encoding="utf-8"))
    in_access = path.name == "access.py"
    functions = [(node.name, [k]) for k, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)]
    for k, node in enumerate(tree.body):
        if isinstance(node, ast.ClassDef):
            functions += [(f"{node.name}.{each.name}", [k, j]) for j, each in enumerate(node.body)
                          if isinstance(each, ast.FunctionDef)]  # fmt: skip

    def at(tree, places):
        node = tree
        for k in places:
            node = node.body[k]
        return node

    for name, places in functions:
        function = at(tree, places)
        for what, place, change in _changes(function, in_access=in_access):
            changed = copy.deepcopy(tree)
            change(list(ast.walk(at(changed, places)))[place])
            yield Mutant(module, name, what, ast.fix_missing_locations(changed))
        for k, decorator in enumerate(function.decorator_list):
            text = ast.unparse(decorator)
            if text.partition("(")[0] in GUARDS:
                changed = copy.deepcopy(tree)
                kept = at(changed, places)
                del kept.decorator_list[k]
                changed.body = [each for each in changed.body if isinstance(each, (ast.Import, ast.ImportFrom))
                                and getattr(each, "module", "") == "__future__"] + [kept]  # fmt: skip
                yield Mutant(module, name, f"decorator {text}", ast.fix_missing_locations(changed))


def every():
    """Return all mutants: of every module for access, every view, and the middleware of societies and of people."""
    assert urls.urlpatterns, "the site's addresses are loaded"
    files = [path for path in sorted(SOURCE.rglob("*.py")) if path.stem in WHERE or path.name.startswith("views")]
    return [mutant for path in files for mutant in _mutants_of(path)]
