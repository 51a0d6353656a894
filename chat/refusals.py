"""What a refusal says to a person, in the language of the page.

`reason` is a stable word, so that is what is translated, else `code`. English keeps `detail`, which says more. The same
for what comes over a socket: `refusal` in static/chat/words.js.
"""

from math import ceil

from django import template
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
