"""Every HTTP address. WebSockets are routed in mysite/asgi.py."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import throttle
from accounts.pages import page
from mysite.catalogue import catalogue
from mysite.languages import choose
from mysite.manifest import manifest
from mysite.stylesheets import sheet
from ops import health, metrics_page

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="lobby")),
    path("chat/", include("chat.urls")),
    path("", include("chat.members.urls")),
    path("", include("chat.jump.urls")),
    path("", include("chat.unread.urls")),
    path("inbox/", include("chat.mentions.urls")),
    path("accounts/", include("accounts.urls")),
    path("invite/<slug:code>/", throttle.door(page("accounts.signing.invited")), name="invited"),
    path("moderation/", include("chat.moderation.urls")),
    path("search/", include("chat.search.urls")),
    path("admin/", admin.site.urls),
    path("look/<slug:name>.<slug:digest>.css", sheet, name="stylesheet"),
    path("language/", choose, name="language"),
    path("jsi18n/<slug:language>/<slug:digest>/", catalogue, name="catalogue"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics_page.metrics, name="metrics"),
]
if settings.LEARN:
    urlpatterns.append(path("learn/", include("learn.urls")))

handler403 = "mysite.failures.permission_denied"
handler404 = "mysite.failures.not_found"
