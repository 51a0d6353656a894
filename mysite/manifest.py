"""`/manifest.webmanifest`: what makes the rooms installable as an app. There is no service worker.

Browsers ask for it without cookies, so the page names its language in the address.
"""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

PAPER = "#fdfbf7"  # --paper of static/chat/look/tokens.css, light


@require_safe
async def manifest(request: HttpRequest) -> JsonResponse:
    named = request.GET.get("language")
    language = named if named in dict(settings.LANGUAGES) else get_language()
    headers = {"Cache-Control": "max-age=86400, public", "Vary": "Accept-Language, Cookie"}
    with override(language):
        return JsonResponse(_described(language), content_type="application/manifest+json", headers=headers)


def _described(language: str | None) -> dict[str, object]:
    icons = [
        {"src": static("chat/icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("chat/icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("chat/icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("chat/icons/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    return {
        "id": reverse("lobby"),
        "lang": language,
        "name": gettext("Chat"),
        "short_name": gettext("Chat"),
        "description": gettext("Rooms for talking, live."),
        "start_url": reverse("lobby"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
