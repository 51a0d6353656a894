"""What a refusal says to a person, in the language of the page.

`reason` is a stable word, so that is what is translated, else `code`. English keeps `detail`, which says more. The same
for what comes over a socket: `refusal` in static/chat/words.js.
"""

from math import ceil
from urllib.parse import quote

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from chat.protocol import Refused

CONTEXT = "refusal"
register = template.Library()


@register.filter
def in_words(refused: Refused) -> str:
    for word in (refused.reason, refused.code):
        if word and (said := pgettext(CONTEXT, word)) != word:
            return said.replace("{seconds}", str(ceil(refused.retry_after or 0)))
    return refused.detail


@register.filter
def way_in(request: HttpRequest) -> str:
    """Where one signs in, and then comes to what was asked for: of a room to its page, of a form to the rooms."""
    match, wanted = request.resolver_match, request.get_full_path()
    if match and match.url_name != "room" and "room" in match.kwargs:
        wanted = reverse("room", args=[match.kwargs["room"]])
    elif request.method == "POST" and not (match and match.url_name == "room_invitation"):
        wanted = reverse("lobby")
    return f"{reverse('account_login')}?next={quote(wanted)}"
