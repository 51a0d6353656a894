"""`manage.py rerender`: make the stored markup again, after an upgrade that changed how it is made."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from chat import markup
from chat.models import Message

BATCH = 500  # messages in one transaction: on SQLite, all others wait for it


class Command(BaseCommand):
    help = "Make the stored markup of messages again where another version made it. May be stopped and run again."

    def handle(self, **options: Any) -> None:
        done, last = 0, 0
        while stale := list(_stale(last)):
            last = stale[-1].pk
            made = [(markup.render(message), message.changed_seq) for message in stale]
            with transaction.atomic():
                for message, changed_seq in made:  # not one that was changed meanwhile: that is new already
                    row = Message.objects.filter(pk=message.pk, changed_seq=changed_seq)
                    done += row.update(body=message.body, html=message.html, rendered=message.rendered)
        self.stdout.write(f"{done} messages rendered.")


def _stale(last: int) -> Any:
    return Message.objects.filter(pk__gt=last).exclude(rendered=markup.VERSION).order_by("pk")[:BATCH]
