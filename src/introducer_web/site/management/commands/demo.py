"""Builds a made-up society, matches it, and serves it here: nobody in it exists, no mail leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from introducer_web.site import demo

__all__ = ["Command"]


class Command(BaseCommand):
    """``introducer-web demo``."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take the port, and ``--prepare`` for building without serving."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare", action="store_true", help="build the society and print the links, no more")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, print, serve."""
        origin = f"http://localhost:{options['port']}"
        call_command("init", verbosity=0)
        self.stdout.write("Building a made-up society of 120 mentees and 80 mentors, and matching it ...")
        ada, mentor, mentee = demo.settle(timezone.now())
        self.stdout.write("")
        for what, user in (("coordinator", ada), ("mentor", mentor), ("mentee", mentee)):
            self.stdout.write(f"{what:>12}  {user.name:<24} {origin}{demo.link_for(user)}")
        self.stdout.write(f"\nMail stays in {settings.DATA / 'mail'}. End with Ctrl-C.")
        self.stdout.flush()
        if options["prepare"]:
            return
        here = {**os.environ, "INTRODUCER_ORIGIN": origin}
        worker = subprocess.Popen([sys.executable, "-m", "introducer_web", "worker"], env=here)
        try:
            call_command("serve", bind=f"127.0.0.1:{options['port']}")
        finally:
            worker.terminate()
            worker.wait()
