"""How many unread messages mention somebody: a part of the query that counts what is unread."""

from django.db.models import OuterRef, QuerySet

from chat.mentions.models import Mention


def unread_mentions() -> QuerySet[Mention]:
    """Of the member of the query around it: see chat.unread.numbers."""
    here = Mention.objects.filter(person=OuterRef("person"), room=OuterRef("room"), seq__gt=OuterRef("read_seq"))
    return here.order_by()
