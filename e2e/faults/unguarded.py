"""The control: this application, but nobody asks who may read.

If the harness found no fault with it, the harness would prove nothing.
"""

import os

import django
from django.db.models import Q

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django.setup()

from chat import pages, rights  # noqa: E402
from chat.mentions import views as inbox  # noqa: E402
from chat.search import finding, views as search  # noqa: E402

rights.Rights.why_not = lambda self, you: None  # type: ignore[method-assign]
for module in (finding, search, inbox):
    module.readable_by = lambda you: Q()  # type: ignore[attr-defined]
pages.Entry.is_for_all = property(lambda self: True)  # type: ignore[assignment, method-assign]

from mysite.asgi import application  # noqa: E402

__all__ = ["application"]
