"""Forms that ask before something is done: a report by anybody; a mute, a ban, a deletion of everything.

Each is a page of its own. The room's page asks for the form alone (`HX-Request`), and shows it in a dialog.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from chat.commands import Done
from chat.database import reading
from chat.history import own_name, permit_one
from chat.identity import Identity, of_request
from chat.lines import line
from chat.models import Message
from chat.moderation.bans import is_person
from chat.moderation.verb import ReportMessage
from chat.moderation.views import permitted
from chat.names import canonical_room_name
from chat.posting import Accepted
from chat.views import ask, changed, wants_json

LISTED = 30  # messages to choose from

# What is wrong with a message. The key is what the record says.
KINDS = {
    "advertisement": _("It is an advertisement"),
    "attack": _("It attacks somebody"),
    "private": _("It shares private information"),
    "other": _("Something else"),
}
TERMS = {"1": _("An hour"), "24": _("A day"), "168": _("A week"), "": _("For good")}


@dataclass(frozen=True, slots=True)
class Question:
    title: str | Promise
    effect: str | Promise
    button: str | Promise
    done: str | Promise
    has_end: bool = True


QUESTIONS = {
    "mute": Question(
        _("Mute {name} in this room"), _("They can read on here, and speak elsewhere."), _("Mute"), _("Muted.")
    ),
    "ban": Question(
        _("Ban {name}"),
        _("They are disconnected at once and can enter no room. With a guest, other guests from the same address are"
          " kept out for a day."),
        _("Ban"), _("Banned."),
    ),
    "purge": Question(
        _("Delete everything by {name}"), _("In all rooms, for everyone. It cannot be undone."), _("Delete everything"),
        _("Being deleted."), has_end=False,
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
async def report(request: HttpRequest, room: str, id: int) -> HttpResponse:
    if request.method != "POST":
        return await _report_form(request, room, id)
    kind, note = request.POST.get("kind", ""), request.POST.get("why", "")
    why = ": ".join(part for part in (kind if kind in KINDS else "", note.replace("\0", "").strip()) if part)
    return await ask(request, room, lambda room, you: ReportMessage(room, you, id, why), _reported)


def _reported(request: HttpRequest, room: str, outcome: Accepted | Done) -> HttpResponse:
    if wants_json(request):
        return changed(request, room, outcome)
    return render(request, "chat/moderation/reported.html", {"room": room})


@reading
def _report_form(request: HttpRequest, room: str, id: int) -> HttpResponse:
    you, room = _own(request, room)
    message = Message.objects.filter(room__name=room, seq=id, deleted_at=None).first()
    permit_one(you, room)
    if message is None:
        raise Http404
    words = line(message.text, message.body)
    return _form(request, "chat/moderation/_report.html", room=room, message=message, words=words, kinds=KINDS.items())


@require_safe
async def reportable(request: HttpRequest, room: str) -> HttpResponse:
    """The newest messages of others, for a page without a script."""
    return await _reportable(request, room)


@reading
def _reportable(request: HttpRequest, room: str) -> HttpResponse:
    you, room = _own(request, room)
    said = list(Message.objects.filter(room__name=room, deleted_at=None).order_by("-seq")[:LISTED])
    permit_one(you, room)
    if not said:
        raise Http404
    others = [(each, line(each.text, each.body)) for each in said if each.author_id != you.id]
    context = {"room": room, "messages": others}
    return render(request, "chat/moderation/reportable.html", context)


@require_safe
async def ask_to(request: HttpRequest, act: str) -> HttpResponse:
    await permitted(request, request.GET.get("room", "") if act == "mute" else "")
    whom, name = request.GET.get("whom", ""), request.GET.get("name", "")[:100]
    try:
        question, room = QUESTIONS[act], canonical_room_name(request.GET.get("room", ""))
    except (KeyError, ValueError) as error:
        raise Http404 from error
    if not is_person(whom):
        raise Http404
    return _form(
        request, "chat/moderation/_act.html", room=room, whom=whom, terms=TERMS.items(),
        action=reverse(f"moderation-{act}"), title=str(question.title).replace("{name}", name or whom),
        effect=question.effect, button=question.button, done=question.done, has_end=question.has_end,
    )  # fmt: skip


def _form(request: HttpRequest, form: str, **context: Any) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, form, context)
    return render(request, "chat/moderation/ask.html", context | {"form": form})


def _own(request: HttpRequest, room: str) -> tuple[Identity, str]:
    you = of_request(request)
    return you, own_name(room, you)
