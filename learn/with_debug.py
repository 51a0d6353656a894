"""What is served with DEBUG alone: consumers that fail, a learner's own, and the sandboxes of the lab."""

from typing import Any

from django.urls import path

from learn.broken import routing as broken
from learn.lab.visit import LabConsumer
from learn.practice import live as practice

websocket_urlpatterns: list[Any] = [
    *broken.websocket_urlpatterns,
    *practice.websocket_urlpatterns,
    path("ws/learn/failures/", LabConsumer.as_asgi()),
]
HTTP: dict[str, Any] = practice.HTTP
