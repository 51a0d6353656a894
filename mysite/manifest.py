"""`/manifest.webmanifest`: what makes the rooms installable as an app. There is no service worker."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

PAPER = "#fdfbf7"  # --paper of static/chat/look/tokens.css, light


@require_safe
async def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {"src": static("chat/icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("chat/icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("chat/icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("chat/icons/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    described = {
        "id": reverse("lobby"),
        "name": "Chat",
        "short_name": "Chat",
        "description": "Rooms for talking, live.",
        "start_url": reverse("lobby"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    headers = {"Cache-Control": "max-age=86400, public"}
    return JsonResponse(described, content_type="application/manifest+json", headers=headers)
