"""The control of attacks on the classroom: the product with the classroom, and nothing that bounds its consumers."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django.setup(set_prefix=False)

from learn import guard  # noqa: E402

guard.Guarded = lambda application: application

from mysite.asgi import application as application  # noqa: E402 - which puts a guard around each
