"""Lean kernels count no references: what they call must not either, unless it says so, and they return numbers."""

import importlib
import pkgutil

import numpy as np
import pytest
from numba import types
from numba.core.dispatcher import Dispatcher
from problems import ALL, random_problem

import introducer
from introducer.lean import lean, making
from introducer.policy import Policy
from introducer.solve import Watch, solve


def kernels():
    found = {}
    for module in pkgutil.walk_packages(introducer.__path__, "introducer."):
        if module.name.startswith("introducer.cluster"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Dispatcher):
                found[value.py_func.__module__, value.py_func.__name__] = value
    return list(found.values())


def counts(kernel):
    """Whether a kernel counts references: None where it leaves that to its caller."""
    return kernel.targetoptions.get("_nrt")


def called(kernel):
    names = kernel.py_func.__code__.co_names
    return [found for name in names if isinstance(found := kernel.py_func.__globals__.get(name), Dispatcher)]


def test_what_a_lean_kernel_calls_says_whether_it_counts():
    own = [kernel for kernel in kernels() if counts(kernel) is False]
    assert len(own) > 30
    silent = {other.py_func.__name__ for kernel in own for other in called(kernel) if counts(other) is None}
    assert silent == set()


def test_lean_kernels_return_numbers():
    solve(random_problem(np.random.default_rng(1), 12, 8, seats=0.5, rules=ALL), Policy(), Watch())
    seen = 0
    for kernel in kernels():
        if counts(kernel) is not False:
            continue
        for signature in kernel.nopython_signatures:
            returned = signature.return_type
            parts = returned.types if isinstance(returned, types.BaseTuple) else (returned,)
            assert not any(isinstance(part, types.Array) for part in parts), kernel.py_func.__name__
            seen += 1
    # Those that others took in are seen only by whoever compiles: not where kernels come from a cache.
    assert seen > 0


def test_a_lean_kernel_that_makes_an_array_is_refused_when_it_is_compiled():
    with pytest.raises(Exception, match="NRT required"):
        lean(lambda count: np.zeros(count).sum())(3)
    assert making(lambda count: np.zeros(count).sum())(3) == 0.0
