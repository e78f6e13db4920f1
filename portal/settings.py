"""Every setting of the portal, read from the environment. `.env.example` lists the variables."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import logs, mail

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()
env.read_env(BASE_DIR / ".env")


def required(name: str, purpose: str) -> str:
    """The value of `name`, or an error that says what it is for and what to do."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. It is {purpose}. Set it in the environment or in .env; "
            f".env.example shows how. To try the portal with nothing to set, run `make demo`."
        )
    return value


# What runs where
DEMO: bool = env.bool("DEMO", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "the key that signs sessions and links in e-mail")
SITE_URL = required(
    "SITE_URL", "the address people open, used in every link that is mailed"
).rstrip("/")
SECURE_SITE = SITE_URL.startswith("https://")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[SITE_URL.split("//")[-1].split(":")[0]]
)
SEALING_KEYS: list[str] = required(
    "SEALING_KEYS",
    "one or more Fernet keys, newest first, that seal external IDs and pasted credentials",
).split(",")

INSTALLED_APPS = [
    "portal",
    "onboarding",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "onboarding.views.providers",
    "django_htmx",
    "django_structlog",
    "csp",
]
if DEMO:
    INSTALLED_APPS += ["portal.demo"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # What every answer says stands before whatever may refuse a request.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "onboarding.views.middleware.never_stored",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "onboarding.views.sessions.LimitedSessions",
    # Pages are closed unless a view says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "onboarding.views.second_factor.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "onboarding.views.context.portal",
            ],
            "builtins": ["onboarding.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "onboarding.forms.renderer.PortalRenderer"

# Database
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/db.sqlite3")
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=10000 -c lock_timeout=3000"
            " -c idle_in_transaction_session_timeout=30000",
        },
    }

# Queue and cache
REDIS_URL = required("REDIS_URL", "the address of the Redis or Valkey that carries the queue")
# Pasted credentials pass through, sealed: it must be one that writes nothing to disk.
HANDOFF_REDIS_URL: str = env.str("HANDOFF_REDIS_URL", default=REDIS_URL)
# Rate limits are counted here. In the database, so that no page waits for the queue.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # More than whoever guesses passwords from many places could fill, to be forgotten.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# AWS: boto3 reads its own variables (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, …); none is read here.
AWS_CONSOLE_URL: str = env.str(
    "AWS_CONSOLE_URL", default="https://us-east-1.console.aws.amazon.com"
)
ROLE_TEMPLATE_URL: str = env.str("ROLE_TEMPLATE_URL", default="")

# Sign-in
AUTH_USER_MODEL = "onboarding.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "onboarding.forms.passwords.PasswordRules"}]
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_ADAPTER = "onboarding.views.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed", and the like
ACCOUNT_FORMS = {
    "signup": "onboarding.forms.accounts.SignupForm",
    "login": "onboarding.forms.sign_in.LoginForm",
    "reauthenticate": "onboarding.forms.sign_in.ReauthenticateForm",
    "add_email": "onboarding.forms.sign_in.AddEmailForm",
    "change_password": "onboarding.forms.sign_in.ChangePasswordForm",
    "set_password": "onboarding.forms.sign_in.SetPasswordForm",
    "reset_password": "onboarding.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "onboarding.forms.sign_in.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_CHANGE_EMAIL = True  # one address each: a new one takes over once it is confirmed
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE_SITE else "http"
# The longest that a session lasts. The server ends it, and earlier: onboarding.views.sessions.
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
# Whose address counts for limits: what a client says was forwarded counts behind our proxy alone.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_TLS_PROXY", default=False) else 0

# GitHub and Google, each on when it is configured; support may do so at the desk instead.
# Single sign-on is configured at the desk, for one Organization each.
SOCIALACCOUNT_ADAPTER = "onboarding.views.sign_in.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"disconnect": "onboarding.forms.sign_in.DisconnectForm"}
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "github": {"APPS": [], "SCOPE": ["read:user", "user:email"]},
    "openid_connect": {"APPS": []},
}
GOOGLE: dict[str, Any] = {
    "provider_id": "google",
    "name": "Google",
    "settings": {"server_url": "https://accounts.google.com"},
}
if GITHUB_CLIENT_ID := env.str("GITHUB_CLIENT_ID", default=""):
    secret = required("GITHUB_CLIENT_SECRET", "the secret that belongs to GITHUB_CLIENT_ID")
    SOCIALACCOUNT_PROVIDERS["github"]["APPS"].append(
        {"name": "GitHub", "client_id": GITHUB_CLIENT_ID, "secret": secret}
    )
if GOOGLE_CLIENT_ID := env.str("GOOGLE_CLIENT_ID", default=""):
    secret = required("GOOGLE_CLIENT_SECRET", "the secret that belongs to GOOGLE_CLIENT_ID")
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        GOOGLE | {"client_id": GOOGLE_CLIENT_ID, "secret": secret}
    )

# Second factors
MFA_ADAPTER = "onboarding.forms.second_factor.Adapter"
MFA_FORMS = {
    "activate_totp": "onboarding.forms.second_factor.ActivateTOTPForm",
    "authenticate": "onboarding.forms.second_factor.AuthenticateForm",
    "reauthenticate": "onboarding.forms.second_factor.ReauthenticateForm",
    "add_webauthn": "onboarding.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "onboarding.forms.second_factor.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_SITE
# Nobody signs in unconfirmed, so that only a change of address can be unconfirmed: it hinders none.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# The demo prints the password of its support person; there, it is enough.
STAFF_NEED_SECOND_FACTOR = not DEMO

# Mail
vars().update(mail.sending(env))
MAIL_PROVIDER, ANYMAIL = mail.provider(env), mail.of_provider(env)
BOUNCE_DOMAIN: str = env.str("BOUNCE_DOMAIN", default="")
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default=mail.SENDER)
SUPPORT_EMAIL: str = env.str("SUPPORT_EMAIL", default="support@astronomer.io")
# What support promises, in working days from the beginning of each status; the pages say it.
PROMISED_DAYS: dict[str, int] = {
    "submitted": env.int("PROMISED_DAYS_REVIEW", default=1),
    "in_review": env.int("PROMISED_DAYS_ANSWER", default=2),
    "building": env.int("PROMISED_DAYS_BUILD", default=2),
    "failed": env.int("PROMISED_DAYS_FAILED", default=1),
}

# Security
SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SITE
SECURE_HSTS_PRELOAD = SECURE_SITE
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_NAME = "__Host-session" if SECURE_SITE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_SITE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "onboarding.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # The "Open in AWS console" form answers with a redirect to the console.
        "form-action": [SELF, AWS_CONSOLE_URL],
    }
}

# Static files, time, words
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "portal.formats"
USE_THOUSAND_SEPARATOR = False

# Logs
DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING = logs.configured(env.str("LOG_LEVEL", default="INFO"))
