"""The platform's settings as its tests want them: made-up secrets, mail kept in memory, no waiting for hashes.

``DATABASE_URL`` chooses the database, as everywhere; without it a SQLite file in memory.
"""

import os
import tempfile

os.environ.setdefault("INTRODUCER_DATA", tempfile.mkdtemp(prefix="introducer-tests-"))
os.environ.setdefault("INTRODUCER_SECRET_KEY", "a made-up secret of the tests, long enough to be taken for a real one")
os.environ.setdefault("INTRODUCER_KEYS", "t1:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA")
os.environ.setdefault("INTRODUCER_LOG", "WARNING")

from introducer_web.config.settings import *  # noqa: F403 - all of them, as settings are

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
