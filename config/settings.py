"""Settings, from the environment under the ecosystem's usual names (see docs/settings.md).

Outside DEBUG and DEMO a missing or weak setting stops the start with a sentence: see `config/required.py`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.databases import databases
from config.development_keys import development_keys
from config.environment import Environment
from config.queues import QUEUES, ROUTES, transport_options
from config.required import readable, refuse_weak_settings
from config.schedule import SCHEDULE
from core.country import read_country
from core.logs import log_what_nobody_caught
from core.private_memory import keep_memory_private
from demo.ways import URGENT, WAYS
from feedback.public_languages import offered_languages

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
if env_file := env.str("ENV_FILE", default=""):
    env.read_env(readable(env_file))

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
TESTING = "pytest" in sys.modules
PRODUCTION = not (DEBUG or DEMO or TESTING)
# For practising: nothing leaves, and what is entered is a test that no figure ever counts.
TRAINING = env.bool("TRAINING", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
# A folder of `countries/`, or the path of one elsewhere.
COUNTRY = read_country(BASE_DIR / "countries" / env.str("COUNTRY", default="mali"))

_keys = {} if PRODUCTION else development_keys(VAR_DIR)
SECRET_KEY = env.str("SECRET_KEY", default=_keys.get("SECRET_KEY", ""))
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
SEALING_KEYS: list[str] = env.list("SEALING_KEYS", default=[_keys["SEALING_KEYS"]] if _keys else [])
VAULT_SEALING_KEYS: list[str] = env.list("VAULT_SEALING_KEYS", default=[_keys["VAULT_SEALING_KEYS"]] if _keys else [])
AUDIT_SIGNING_KEYS: list[str] = env.list("AUDIT_SIGNING_KEYS", default=[_keys["AUDIT_SIGNING_KEYS"]] if _keys else [])
INDEX_KEY = env.str("INDEX_KEY", default=_keys.get("INDEX_KEY", ""))
VAULT_INDEX_KEY = env.str("VAULT_INDEX_KEY", default=_keys.get("VAULT_INDEX_KEY", ""))

PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "core",
    "directory",
    "psea",
    "feedback",
    "referrals",
    "workplan",
    "config",
    *(["demo"] if DEMO or TESTING else []),
]

MIDDLEWARE = [
    "core.short_way.ShortWayMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.language.FrenchFirstMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.replica.ActedMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.crowding.ShareOfThreadsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.access.ClosedByDefaultMiddleware",
    "directory.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.access.QuietCacheMiddleware",
    "core.errors.FormsOnlyMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "config.navigation.page_context",
                "workplan.focus.focus_of_page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.jaabi"],
        },
    }
]

FORM_RENDERER = "core.form_renderer.QuickRenderer"

DATABASES = databases(env, VAR_DIR)
DATABASE_ROUTERS = ["core.routers.VaultRouter"]
# A replica that is later than this is not read at all.
REPLICA_LATE_SECONDS = env.int("REPLICA_LATE_SECONDS", default=900)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "directory.passwords.OurOwnWordsValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)

ACCOUNT_ADAPTER = "directory.accounts.InvitedOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# How many proxies of ours stand before: without them, everybody would share the front's address and its limits.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {} if TESTING else {"login": "60/m/ip", "login_failed": "10/m/ip,5/300s/key"}
MFA_ADAPTER = "directory.factors.SealedFactorsAdapter"
MFA_FORMS = {
    "add_webauthn": "directory.forms.factors.AddKeyForm",
    "edit_webauthn": "directory.forms.factors.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Jaabi"
# Nobody signs up: whoever has a password chose it behind a link that was mailed to that address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accueil/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "fr"
STAFF_LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
# The public pages know more; those whose speakers have not approved them are not shown in production.
PUBLIC_LANGUAGES = offered_languages(COUNTRY, drafts=not PRODUCTION)
LANGUAGES = [*STAFF_LANGUAGES, *(one for one in PUBLIC_LANGUAGES if one[0] not in dict(STAFF_LANGUAGES))]
LOCALE_PATHS = [COUNTRY.path("locale"), BASE_DIR / "locale"]
TIME_ZONE = COUNTRY.time_zone
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS: list[Any] = [BASE_DIR / "static"]
if COUNTRY.path("voice").is_dir():  # what is recorded for those who call, fetched by the carrier
    STATICFILES_DIRS.append(("voice", COUNTRY.path("voice")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# A demonstration serves what it collected and compressed; a developer, what stands in the folders.
WHITENOISE_USE_FINDERS = not (PRODUCTION or env.bool("COLLECTED_STATIC", default=False))
WHITENOISE_MAX_AGE = 3600

# As many threads as a web process has (granian's --blocking-threads), of which one address holds half at most;
# 0 shares nothing out.
WEB_THREADS = env.int("WEB_THREADS", default=16 if PRODUCTION else 0)

REDIS_URL = env.str("REDIS_URL", default="")
# Parallel test workers must not clear one another's cache.
CACHE_PREFIX = os.environ.get("PYTEST_XDIST_WORKER", "")
CACHES = {
    "default": (
        {
            "BACKEND": "core.steady_cache.SteadyRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": CACHE_PREFIX,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache" / CACHE_PREFIX,
        }
    )
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
if SESSION_COOKIE_SECURE:
    # A browser takes such a name from this very host over TLS, or not at all.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "__Host-session", "__Host-csrf", "__Host-language"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
# "no-referrer" would make browsers send Origin: null with our own forms, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# W008: the TLS front redirects, and only it can be reached from outside.
SILENCED_SYSTEM_CHECKS = ["security.W008"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Files are never written to a disk in clear; of a larger one than this, only the beginning is kept.
FILE_UPLOAD_HANDLERS = ["core.uploads.UploadInMemory"]
UPLOAD_KEPT_BYTES = 10_000_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "core.errors.session_ended"

EMAIL_CONFIG = env.mail("EMAIL_URL", default="consolemail://" if not DEMO else f"filemail:///{VAR_DIR}/mail")
vars().update({k: v for k, v in EMAIL_CONFIG.items() if k.startswith("EMAIL_")})
# A mail server that takes the call and stays silent must not hold a worker.
EMAIL_TIMEOUT = EMAIL_CONFIG.get("EMAIL_TIMEOUT", 15)
if TRAINING:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Jaabi <jaabi@jaabi.example>")

TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default=_keys.get("TWILIO_ACCOUNT_SID", ""))
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default=_keys.get("TWILIO_AUTH_TOKEN", ""))
TWILIO_FROM = env.str("TWILIO_FROM", default=_keys.get("TWILIO_FROM", ""))
TWILIO_MESSAGING_SERVICE_SID = env.str("TWILIO_MESSAGING_SERVICE_SID", default="")
# The WhatsApp sender is often another number than the one for SMS.
TWILIO_WHATSAPP_FROM = env.str("TWILIO_WHATSAPP_FROM", default=TWILIO_FROM)
# Notices to staff go by WhatsApp only in texts that it approved: {"act.fr": "HX…"}; see the settings pages.
TWILIO_WHATSAPP_TEMPLATES: dict[str, str] = env.json("TWILIO_WHATSAPP_TEMPLATES", default={})
TWILIO_API_BASE_URL = env.str("TWILIO_API_BASE_URL", default="")
# A demo never talks to the carrier by itself: only to a stand-in that it is pointed to.
SMS_GATEWAY = env.str("SMS_GATEWAY", default="twilio" if PRODUCTION or TWILIO_API_BASE_URL else "console")

# Longer than any carrier's or mail server's patience: whoever was sending it then is surely gone.
OUTBOX_CUT_OFF_SECONDS = env.int("OUTBOX_CUT_OFF_SECONDS", default=120)

CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(REDIS_URL, VAR_DIR)
CELERY_TASK_QUEUES = QUEUES
CELERY_TASK_ROUTES = ROUTES
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULER = "config.beat:StepProofScheduler"
# beat looks up so often: a clock that is set is noticed within that
CELERY_BEAT_MAX_LOOP_INTERVAL = 30
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_TASK_ALWAYS_EAGER = TESTING

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["directory.api_auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["directory.api_auth.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
# For one credential; 0 is no limit. How long an idempotency key stands for its request.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=600)
API_IDEMPOTENCY_HOURS = env.int("API_IDEMPOTENCY_HOURS", default=48)
# Whether events may be sent to this very machine, without TLS: to a stand-in. Never in production.
WEBHOOKS_MAY_LOOP = not PRODUCTION and env.bool("WEBHOOKS_MAY_LOOP", default=True)
# Partners' systems fetch tokens with client credentials, and nothing else of OAuth is spoken.
API_TOKEN_MINUTES = env.int("API_TOKEN_MINUTES", default=60)
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "directory.oauth.ClientValidator",
    "SCOPES_BACKEND_CLASS": "directory.oauth.ClientScopes",
    "ACCESS_TOKEN_GENERATOR": "directory.credentials.new_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": API_TOKEN_MINUTES * 60,
    # neither is spoken here, and both are what RFC 9700 asks
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    **{
        f"COMPLIANT_BCP_RFC9700_{name}": True
        for name in (
            *("IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "PKCE_REQUIRED", "ACCESS_TOKEN_TRANSPORT"),
            *("AUTHZ_RESPONSE_ISS", "TOKEN_STORAGE", "REFRESH_TOKEN", "REDIRECT_URI_SCHEME", "REDIRECT_URI_MATCHING"),
        )
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jaabi",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    # tests read the whole description; a deployment has nothing to say about it
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
}

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Number and date of the data protection authority's authorisation, once it was given.
DATA_AUTHORISATION = env.str("DATA_AUTHORISATION", default="")
# Pages of libraries that anyone may open; our own are marked where they are written (`core.access.public`).
PUBLIC_VIEW_NAMES = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "set_language",
    "api_schema",
    "api_docs",
}
REACTIONS = "config.reactions.REACTIONS"
# How long the vault's promises last, as staff set them.
PROMISED_HOURS = "feedback.deadlines.hours_in_the_vault"
# What `/readyz` asks beside databases, keys and broker: each raises when it does not hold.
READY_CHECKS = {"vault_roles": "psea.checks.refuse_unsafe_roles"}
MAY_LEAVE = "config.reactions.MAY_LEAVE"
READ_ELSEWHERE = "config.reactions.READ_ELSEWHERE"
# The rings of keys under which sealed things stand: each module is a `core.rings.Ring`.
RINGS = ["core.rotation", "psea.ring_rotation"]
# What is sealed under the online key beside the models whose text is: modules with `rotate` and `labels_in_use`.
SEALED_BESIDE = ["directory.factors"]
VOICE_TEXTS = "feedback.voice_texts"
QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", default=COUNTRY.said.get("quick_exit_url", "https://www.wikipedia.org/"))
# Shown on the public pages as given, never invented: [{"label": …, "number": …, "hours": …, "languages": …}]
LISTENING_WAYS: list[dict[str, str]] = env.json(
    "LISTENING_WAYS", default=WAYS if DEMO else COUNTRY.said.get("listening_ways", [])
)
URGENT_NUMBERS: list[dict[str, str]] = env.json(
    "URGENT_NUMBERS", default=URGENT if DEMO else COUNTRY.said.get("urgent_numbers", [])
)

# What prices of segments are counted in; each price is kept in the settings pages, line by line.
SMS_CURRENCY = env.str("SMS_CURRENCY", default=COUNTRY.currency)

# Figures of the field that are proposals, not sourced norms (facts.md, marks K and D): each can be set.
CONVERSATION_JOIN_MINUTES = env.int("CONVERSATION_JOIN_MINUTES", default=60)
# How long OUI may follow ANNULER, or a language LANGUE; and how long a short question waits for its answer.
ORDER_CONFIRM_MINUTES = env.int("ORDER_CONFIRM_MINUTES", default=60)
QUESTION_OPEN_HOURS = env.int("QUESTION_OPEN_HOURS", default=72)
SEALED_PHONE_DAYS = env.int("SEALED_PHONE_DAYS", default=14)
SCREENING_FLOOR_PERCENT = env.int("SCREENING_FLOOR_PERCENT", default=90)
RELEASE_THRESHOLD = env.int("RELEASE_THRESHOLD", default=10)
EVEN_ANSWER_MS = env.int("EVEN_ANSWER_MS", default=400 if PRODUCTION else 0)
EVEN_SMS_MS = env.int("EVEN_SMS_MS", default=1000 if PRODUCTION else 0)
RELEASE_ROUNDING = env.int("RELEASE_ROUNDING", default=5)
SMALL_CELL = env.int("SMALL_CELL", default=5)
SILENT_BELOW_PERCENT = env.int("SILENT_BELOW_PERCENT", default=25)
COHORT_CUTOFF_DAYS = env.int("COHORT_CUTOFF_DAYS", default=30)
ANSWER_STANDS_HOURS = env.int("ANSWER_STANDS_HOURS", default=48)
# Coordinators' public signing keys, one a line, where nobody who can write to a database can write (docs/settings.md).
VAULT_PINS_FILE = env.str("VAULT_PINS_FILE", default=str(VAR_DIR / "vault_pins.txt"))
VAULT_APPROVAL_DAYS = env.int("VAULT_APPROVAL_DAYS", default=365)
VAULT_BREAK_GLASS_HOURS = env.int("VAULT_BREAK_GLASS_HOURS", default=24)
VAULT_READS_AN_HOUR = env.int("VAULT_READS_AN_HOUR", default=10)
VAULT_OPEN_MINUTES = env.int("VAULT_OPEN_MINUTES", default=15)
# At which hour of Monday one week's officers on duty hand over to the next.
DUTY_HANDOVER_HOUR = env.int("DUTY_HANDOVER_HOUR", default=8)
# Backups: where, for whom (age public keys), for how many days; as which role PostgreSQL's servers are replicated.
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
BACKUP_RECIPIENTS: list[str] = env.list("BACKUP_RECIPIENTS", default=[])
BACKUP_VAULT_RECIPIENTS: list[str] = env.list("BACKUP_VAULT_RECIPIENTS", default=[])
BACKUP_DAYS = env.int("BACKUP_DAYS", default=30)
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="")
BACKUP_VAULT_DATABASE_URL = env.str("BACKUP_VAULT_DATABASE_URL", default="")
# How long what was said is kept once it is over, in days.
RETENTION_ORDINARY_DAYS = env.int("RETENTION_ORDINARY_DAYS", default=730)
RETENTION_RESTRICTED_DAYS = env.int("RETENTION_RESTRICTED_DAYS", default=365)
RETENTION_CONTACT_DAYS = env.int("RETENTION_CONTACT_DAYS", default=90)
RETENTION_ENVELOPE_DAYS = env.int("RETENTION_ENVELOPE_DAYS", default=90)
SERVICE_VALID_DAYS = env.int("SERVICE_VALID_DAYS", default=90)
RETENTION_DRAFT_DAYS = env.int("RETENTION_DRAFT_DAYS", default=7)
# Messages on their way in: what waits on disk while the database is away, and what was refused as forged.
SPOOL_DIR = Path(env.str("SPOOL_DIR", default=str(VAR_DIR / "spool")))
SPOOL_MEGABYTES = env.int("SPOOL_MEGABYTES", default=500)
SPOOL_DRAINS_ITSELF = not TESTING
QUARANTINE_DAYS = env.int("QUARANTINE_DAYS", default=14)
QUARANTINE_PER_HOUR = env.int("QUARANTINE_PER_HOUR", default=120)
# A repeat of a carrier that names no message; and how long the parts of one message wait for each other.
REPEAT_WINDOW_SECONDS = env.int("REPEAT_WINDOW_SECONDS", default=30)
PARTS_WAIT_SECONDS = env.int("PARTS_WAIT_SECONDS", default=120)
# To one number, receipts included; 0 is no limit. What is over waits, a receipt never does.
SMS_PER_PERSON_HOUR = env.int("SMS_PER_PERSON_HOUR", default=15)
SMS_PER_PERSON_DAY = env.int("SMS_PER_PERSON_DAY", default=40)
# After so many replies in a row, each within seconds of our text and the last one said before: a machine answers.
LOOP_GUARD_REPLIES = env.int("LOOP_GUARD_REPLIES", default=3)
LOOP_GUARD_REPLY_SECONDS = env.int("LOOP_GUARD_REPLY_SECONDS", default=30)
LOOP_GUARD_SILENCE_MINUTES = env.int("LOOP_GUARD_SILENCE_MINUTES", default=60)
# Local hours in which only receipts and replies leave. A demo and its stories play at any hour.
QUIET_HOURS = env.str("QUIET_HOURS", default="21:00-06:30" if PRODUCTION else "")
# Segments a day, over all lines and by line ({"twilio": 500}); 0 is no limit. Receipts leave beyond it.
SMS_DAY_BUDGET = env.int("SMS_DAY_BUDGET", default=0)
SMS_DAY_BUDGET_BY_LINE: dict[str, int] = env.json("SMS_DAY_BUDGET_BY_LINE", default={})
# Asked once more whether the answer settled it, so many days after the first time.
SETTLED_ASK_AGAIN_DAYS = env.int("SETTLED_ASK_AGAIN_DAYS", default=7)
# So many failed deliveries over so many days: the person is flagged as unreachable.
UNREACHABLE_FAILURES = env.int("UNREACHABLE_FAILURES", default=3)
UNREACHABLE_DAYS = env.int("UNREACHABLE_DAYS", default=14)
# The usual delay is said once it was measured on so many cases of the last days.
USUAL_DELAY_CASES = env.int("USUAL_DELAY_CASES", default=30)
USUAL_DELAY_DAYS = env.int("USUAL_DELAY_DAYS", default=90)
# Within how many days somebody decides what a person asked about what they said.
DATA_REQUEST_DAYS = env.int("DATA_REQUEST_DAYS", default=30)
# Sealed cases: the words, after the entity confirmed its own copy; then the bare row, after the case ended.
RETENTION_SEALED_WORDS_DAYS = env.int("RETENTION_SEALED_WORDS_DAYS", default=30)
RETENTION_SEALED_STUB_DAYS = env.int("RETENTION_SEALED_STUB_DAYS", default=1825)
# Where it is another figure for one outcome: {"substantiated": 3650, "reclassified": 365}.
RETENTION_SEALED_BY_OUTCOME: dict[str, int] = env.json("RETENTION_SEALED_BY_OUTCOME", default={})
# When a receiver sees what the person allowed: once it "accepted", or already once it "received".
REFERRAL_PERSON_VISIBLE_FROM = env.str("REFERRAL_PERSON_VISIBLE_FROM", default="accepted")
# For so long its author may take an internal note back; later it is struck out.
REFERRAL_NOTE_MINUTES = env.int("REFERRAL_NOTE_MINUTES", default=10)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "core.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.level("LOG_LEVEL", default="INFO")},
    "loggers": {"django.request": {"level": "ERROR"}},
}

# Where errors are told to whoever watches from elsewhere, and of which share of them (config/watching.py).
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_SAMPLE_RATE = env.float("SENTRY_SAMPLE_RATE", default=1.0)

if PRODUCTION:
    refuse_weak_settings(sys.modules[__name__], sys.argv)
    keep_memory_private()
    log_what_nobody_caught()
