"""Advice that an outcome gives by itself: whom to look for, what is fragile, what is asked and offered.

Everything here reads outcomes and changes none. What the readers of a report may be told of it
is decided in ``introducer.advice.cells`` and where the counts are made.
"""
