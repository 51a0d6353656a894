"""All settings, in one file. What an operator may set comes first, read from the environment.

Every variable is explained in README.md; a wrong one stops the start with one line that names it.
"""

import sys
from pathlib import Path

from django.utils.csp import CSP
from environs import EnvError

from mysite import logs
from mysite.env import (
    at_most,
    bot_api,
    database,
    env,
    hosts,
    mail,
    one_of,
    origins,
    proxies,
    rate,
    redis_urls,
    seconds,
    whole,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# Characters that fit into a frame of 64 KiB (chat.protocol.FRAME_MAX) whatever they are and however the client writes
# them: JSON needs up to 12 bytes for one, a pair of \uXXXX, and a form as many.
LONGEST_MESSAGE = 5_400
DEVELOPMENT_KEY = "a key for development alone; DEBUG=0 asks for your own"

try:
    DEBUG = env.bool("DEBUG", False)
    SECRET_KEY = env.str("SECRET_KEY", "") or (DEBUG and DEVELOPMENT_KEY)
    if not SECRET_KEY:
        raise EnvError("SECRET_KEY: required unless DEBUG=1; any long random text will do")
    ALLOWED_HOSTS = hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    ALLOWED_ORIGINS = origins("ALLOWED_ORIGINS")
    DATABASE = database("DATABASE_URL", "sqlite:///db.sqlite3")
    REDIS_URLS = redis_urls("REDIS_URL")
    CHAT_RATE_LIMIT = rate("CHAT_RATE_LIMIT", "20/10s")
    unlimited = CHAT_RATE_LIMIT is None  # as for a benchmark: then so are those that are not set themselves
    CHAT_ADDRESS_LIMIT = rate("CHAT_ADDRESS_LIMIT", "" if unlimited else "600/10s")
    CHAT_ADDRESS_SOCKETS = at_most("CHAT_ADDRESS_SOCKETS", "" if unlimited else "1000")
    CHAT_IDENTITY_SOCKETS = at_most("CHAT_IDENTITY_SOCKETS", "" if unlimited else "50")
    CHAT_MAX_MESSAGE_LENGTH = whole("CHAT_MAX_MESSAGE_LENGTH", "4000", most=LONGEST_MESSAGE)
    CHAT_POLL_SECONDS = seconds("CHAT_POLL_SECONDS", 5, most=3600)
    LEARN = env.bool("LEARN", DEBUG)
    FORWARDED_ALLOW_IPS = proxies("FORWARDED_ALLOW_IPS", "127.0.0.1")
    SIGNUP = one_of("SIGNUP", ["open", "invite", "closed"])
    MAIL = mail("EMAIL_URL", f"chat@{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}")
    TELEGRAM_TOKEN = env.str("TELEGRAM_TOKEN", "").strip()
    TELEGRAM_API_URL = bot_api("TELEGRAM_API_URL", "https://api.telegram.org")
    LOG_FORMAT = one_of("LOG_FORMAT", logs.FORMATS)
    LOG_LEVEL = one_of("LOG_LEVEL", logs.LEVELS)
except ValueError as error:
    sys.exit(f"settings: {error}")

# First, so that `manage.py runserver` speaks WebSocket; only there, because it imports Twisted: 0.3 s of each start.
DAPHNE = ["daphne"] if sys.argv[1:2] == ["runserver"] else []
INSTALLED_APPS = [
    *DAPHNE,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic",
    "django.contrib.staticfiles",
    "channels",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "accounts",
    "ops",
    "chat",
    "chat.members",
    "chat.mentions",
    "chat.moderation",
    "chat.search",
    *(["learn"] if LEARN else []),  # else it is not even imported, and its addresses lead nowhere
]

MIDDLEWARE = [  # those of mysite.middleware are Django's, without a thread for each request
    "mysite.middleware.GZip",
    "mysite.middleware.Security",
    "mysite.middleware.StaticFiles",
    "mysite.middleware.ContentSecurityPolicy",
    "mysite.middleware.uncached",
    "mysite.middleware.secure_cookies",
    "mysite.middleware.probes",
    "mysite.middleware.in_their_language",
    "mysite.middleware.utf8_only",
    "mysite.middleware.Sessions",
    "mysite.middleware.Common",
    "mysite.middleware.Csrf",
    "mysite.middleware.Authentication",
    "mysite.middleware.Messages",
    "mysite.middleware.XFrameOptions",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # it is asynchronous
    "mysite.failures.DatabaseUnavailable",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # the admin's; it waits for nothing

ROOT_URLCONF = "mysite.urls"
ASGI_APPLICATION = "mysite.asgi.application"
LIBRARIES = {"refusals": "chat.refusals"} | {x: f"mysite.{x}" for x in ("catalogue", "fragments", "stylesheets")}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": LIBRARIES,
        },
    },
]

# The database is the log of every room, so an acknowledgement must mean "on the disk".
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    if DATABASE["NAME"] != ":memory:":
        DATABASE["NAME"] = BASE_DIR / DATABASE["NAME"]
    DATABASE["CONN_MAX_AGE"] = None
    DATABASE["TEST"] = {"NAME": f"{DATABASE['NAME']}.test"}  # a file: the threads of a test cannot share a memory
    DATABASE["OPTIONS"] = {
        "timeout": 20,
        # A deferred transaction that turns into a writer fails at once with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    options = DATABASE.setdefault("OPTIONS", {})
    options |= {"connect_timeout": 5}
    if sys.argv[1:2] != ["migrate"]:  # without a pool, it says at once why it has no connection
        options["pool"] = {"min_size": 1, "max_size": 10, "timeout": 2.5}
    # A dead line must not keep a thread for ever; for a process that froze within a transaction: mysite.postgresql.
    options |= {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
    # Behind PgBouncer a transaction has a connection, a session has none: nothing here lasts longer than a transaction.
    DATABASE["ENGINE"] = "mysite.postgresql"
    DATABASE["DISABLE_SERVER_SIDE_CURSORS"] = True
    DATABASE["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URLS:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": REDIS_URLS},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# Accounts have sessions in the database; guests a signed cookie (accounts.guests), so looking at a room writes nothing.
# Names of their own: another Django on the same host signs nobody out.
AUTH_USER_MODEL = "accounts.User"
SESSION_COOKIE_NAME = "chat_session"
SESSION_COOKIE_AGE = 90 * 24 * 60 * 60
CSRF_COOKIE_NAME = "chat_csrf"

# Signing in is django-allauth's, by name and password or passkey: accounts/urls.py has its addresses.
AUTHENTICATION_BACKENDS = ["accounts.adapter.ByName"]
PASSWORD_RULES = ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
AUTH_PASSWORD_VALIDATORS = [{"NAME": f"django.contrib.auth.password_validation.{name}"} for name in PASSWORD_RULES]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "lobby"
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignIn",
    "signup": "accounts.forms.SignUp",
    "change_password": "accounts.forms.ChangePassword",
    "set_password": "accounts.forms.SetPassword",
    "reset_password": "accounts.forms.AskForPassword",
    "reset_password_from_key": "accounts.forms.ResetPassword",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is there to get a new password, and for nothing else
ACCOUNT_PREVENT_ENUMERATION = "strict"  # so nobody learns here whether an address has an account
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True  # accounts.sessions says for how long
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_REDIRECT_URL
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # accounts.throttle has them, for all processes, and answers 429
MFA_ADAPTER = "accounts.passkeys.Adapter"
MFA_SUPPORTED_TYPES = ["webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
if MAIL:
    MAILERS, DEFAULT_FROM_EMAIL = MAIL.mailers, MAIL.sender

CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
CSRF_FAILURE_VIEW = "mysite.failures.csrf_failure"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if DEBUG else 30 * 24 * 60 * 60  # sent over HTTPS alone
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # these three look for Django's own classes by name: ours are made of them
    "security.W002",
    "security.W003",
    "security.W005",  # whether sub-domains are HTTPS too is not ours to say
    "security.W008",  # the proxy that ends TLS redirects to it
    "security.W010",  # cookies are Secure whenever the request is: mysite.middleware.secure_cookies
    "security.W016",  # the same, for the CSRF cookie
    "security.W021",  # preloading a domain is its owner's decision
    "servestatic.E001",  # GZip comes first: it compresses static files that were not collected, others already are
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "chat_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
COLLECTED = not DEBUG and ("collectstatic" in sys.argv[1:2] or (STATIC_ROOT / "staticfiles.json").exists())
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"mysite.storage.{'HashedModuleStorage' if COLLECTED else 'VersionedStorage'}"},
}
SERVESTATIC_USE_FINDERS = not COLLECTED  # from where they are written, until `manage.py collectstatic` was run
SERVESTATIC_AUTOREFRESH = DEBUG

LOGGING = logs.config(LOG_FORMAT, LOG_LEVEL)
