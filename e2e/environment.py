"""The environment of the tests, set before Django reads its settings: a database of their own in a temporary folder."""

import os
import tempfile

CHAT = ("ALLOWED_HOSTS", "ALLOWED_ORIGINS", "CHAT_MAX_MESSAGE_LENGTH", "CHAT_POLL_SECONDS", "REDIS_URL")
LIMITS = ("CHAT_ADDRESS_LIMIT", "CHAT_ADDRESS_SOCKETS", "CHAT_IDENTITY_SOCKETS")
ACCOUNTS = ("EMAIL_URL", "SIGNUP")
OPERATION = ("LOG_FORMAT", "LOG_LEVEL", "WEB_CONCURRENCY", "UVICORN_WORKERS", "TELEGRAM_API_URL", "TELEGRAM_TOKEN")
for name in (*CHAT, *LIMITS, *ACCOUNTS, *OPERATION):
    os.environ.pop(name, None)
os.environ |= {"DEBUG": "0", "SECRET_KEY": "a key for the tests alone", "CHAT_RATE_LIMIT": "", "LEARN": "1"}
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
else:
    _folder = tempfile.TemporaryDirectory(prefix="chat-tests-")  # removed when the tests end
    os.environ["DATABASE_URL"] = f"sqlite:///{_folder.name}/db.sqlite3"
