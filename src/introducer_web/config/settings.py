"""All settings, read from the environment; ``docs/reference/settings.md`` has the list.

A folder of data holds the SQLite file and, where nobody gave secrets in the environment,
``secrets.env`` (written by ``introducer-web init``, readable by its owner alone).
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()
HERE = Path(__file__).resolve().parents[1]

DATA = Path(env.str("INTRODUCER_DATA", default="introducer-data")).resolve()
if (DATA / "secrets.env").is_file():
    env.read_env(DATA / "secrets.env")  # what the environment itself says stays

try:
    SECRET_KEY = env.str("INTRODUCER_SECRET_KEY")
    #: ``id:base64`` of 32 bytes each, joined by commas. The first one seals; all of them open.
    INTRODUCER_KEYS = env.list("INTRODUCER_KEYS")
except environ.ImproperlyConfigured as missing:
    raise ImproperlyConfigured(
        f"{missing}. Run `introducer-web init`, which writes {DATA / 'secrets.env'}, or set the variable."
    ) from missing

#: Where people reach the site, without a slash at the end. Links in mails begin with it.
ORIGIN = env.str("INTRODUCER_ORIGIN", default="http://localhost:8000").rstrip("/")
_SCHEME, _HOST = ORIGIN.split("://", 1)
SECURE = _SCHEME == "https"
DEBUG = False
#: A made-up society whose links sign anybody in. Never where real people are.
DEMO = env.bool("INTRODUCER_DEMO", default=False)
ALLOWED_HOSTS = [_HOST.partition(":")[0], *env.list("INTRODUCER_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "introducer_web.tenants",
    "introducer_web.audit",
    "introducer_web.mail",
    "introducer_web.accounts",
    "introducer_web.programs",
    "introducer_web.people",
    "introducer_web.matching",
    "introducer_web.relationships",
    "introducer_web.conversations",
    "introducer_web.agreements",
    "introducer_web.goals",
    "introducer_web.plans",
    "introducer_web.feedback",
    "introducer_web.safety",
    "introducer_web.finding",
    "introducer_web.network",
    "introducer_web.care",
    "introducer_web.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "introducer_web.lib.http.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "introducer_web.accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "introducer_web.tenants.middleware.SocietyMiddleware",
    "introducer_web.site.problems.WrongWayMiddleware",
]

CSRF_FAILURE_VIEW = "introducer_web.site.problems.csrf_failure"
ROOT_URLCONF = "introducer_web.config.urls"
WSGI_APPLICATION = "introducer_web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "introducer_web.site.context.places",
            ],
            "builtins": ["introducer_web.site.templatetags.introducer"],
            "libraries": {},
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "introducer_web.site.forms.Renderer"

# One setting chooses the database: postgres://user@host/name, or nothing for SQLite in the folder of data.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'introducer.sqlite3'}")}
# A folder of sockets stands in an address as %2Fvar%2Frun%2Fpostgresql; the library leaves it so.
DATABASES["default"]["HOST"] = unquote(DATABASES["default"].get("HOST") or "")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # two writers wait for each other instead of failing at commit
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Shared by all processes, so that limits count in all of them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# People and how they sign in: an e-mailed code or a passkey, never a password.
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # recovery codes alone
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "introducer_web.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # every sign-in by code proves the address
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,5/5m/key", "login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "introducer_web.accounts.adapter.MfaAdapter"
MFA_FORMS = {"add_webauthn": "introducer_web.accounts.forms.AddPasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Introducer"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
#: Staff: signed out after so many seconds without a request, and so many after signing in.
STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 12 * 60 * 60

SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_SSL_REDIRECT = False  # the proxy in front does it
#: W008: see above. W021: whether a whole domain joins the browsers' list is its owner's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W021"]
if env.bool("INTRODUCER_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # limits on signing in count by the address that the proxy wrote
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Mail: a server by EMAIL_URL (smtp+tls://user:password@host:587); nothing leaves without one.
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("INTRODUCER_FROM", default=f"Introducer <mentoring@{_HOST.partition(':')[0]}>")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]  # a language is offered once its texts are complete
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = None  # files are served from where they are installed
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
#: Largest upload. In bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "introducer_web.lib.logs.Line",
            "style": "{",
            "fmt": "{asctime} {levelname} {name} {message}",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("INTRODUCER_LOG", default="INFO")},
}
