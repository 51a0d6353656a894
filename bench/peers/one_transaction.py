"""This product, but with a transaction for each message: what group commit is measured against."""

from mysite.asgi import application  # isort: split

from chat import writer

writer.BATCH_MAX = 1

__all__ = ["application"]
