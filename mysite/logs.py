"""Where the log goes and what a line of it looks like: text for people, JSON for machines."""

import logging
import time
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from chat.observed.server import SERVER

FORMATS = ("text", "json")
LEVELS = ("info", "debug", "warning", "error")
ROOT = {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id", "short"]}
LINE_MAX = 200  # characters of what a stranger may have chosen
TEXT = {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}


class JsonLines(JsonFormatter):
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__(
            ["asctime", "levelname", "name", "message"],
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            static_fields={"server": SERVER},
            # What libraries attach: an object, with the query of its address, and the message once more.
            reserved_attrs=[*RESERVED_ATTRS, "request", "websocket", "color_message"],
            json_ensure_ascii=False,
        )


class ShortOfStrangers(logging.Filter):
    """A request that makes no sense costs one short line: no traceback, and not all of a long address."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_refused = record.name == "django.request" and record.levelno < logging.ERROR
        if is_refused or record.name.startswith("django.security"):
            record.msg, record.args = record.getMessage()[:LINE_MAX], ()
            record.exc_info = record.exc_text = None
        return True


def config(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. Every other logger, uvicorn's among them, hands its lines to the root."""
    is_json, level = form == "json", level.upper()
    loggers = {
        "django": {"handlers": [], "level": _at_least("INFO", level)},
        "uvicorn": {"level": _at_least("WARNING", level)},  # below it, whole frames are logged
        "chat.observed.access_log": {"level": level if is_json else "WARNING"},
    }
    if is_json:
        loggers["django.request"] = {"level": _at_least("ERROR", level)}  # a page not found has its access line
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "chat.observed.request_id.WithRequestId"},
            "short": {"()": ShortOfStrangers},
        },
        "formatters": {"line": {"()": JsonLines} if is_json else TEXT},
        "handlers": {"console": ROOT},
        "root": {"handlers": ["console"], "level": level},
        "loggers": loggers,
    }


def _at_least(floor: str, level: str) -> str:
    order = ("DEBUG", "INFO", "WARNING", "ERROR")
    return max(floor, level, key=order.index)
