"""`{% fragment "a/template.html" %}`: an include of what is the same for everybody, rendered once for each language.

The template gets no context at all. Half of what a room's page costs to render is such: buttons, panels, icons.
"""

from functools import cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def fragment(name: str) -> SafeString:
    """In development a template may have been changed, so it is rendered each time."""
    return render_to_string(name) if settings.DEBUG else _rendered(name, get_language())


@cache
def _rendered(name: str, language: str | None) -> SafeString:
    return render_to_string(name)
