"""Sessions in the classroom: those of the product are read and never written; the demo has a table of its own."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession

from accounts.addresses import network
from chat import handshake
from learn.models import VisitorSession

SECONDS = 3600  # that a session of the demo lasts
KEPT, KEPT_FOR_EACH = 1000, 20  # sessions in all, and of one address; older ones are forgotten


class SessionStore(DatabaseStore):
    """As Django's sessions in the database, in the classroom's own table."""

    def __init__(self, session_key: str | None = None, client: Sequence[Any] | None = None) -> None:
        super().__init__(session_key)
        self.address = network(client[0]) if client else ""

    @classmethod
    def get_model_class(cls) -> type[VisitorSession]:
        return VisitorSession

    def create_model_instance(self, data: dict[str, Any]) -> VisitorSession:
        return self._addressed(super().create_model_instance(data))

    async def acreate_model_instance(self, data: dict[str, Any]) -> VisitorSession:
        return self._addressed(await super().acreate_model_instance(data))

    def _addressed(self, session: AbstractBaseSession) -> VisitorSession:
        assert isinstance(session, VisitorSession)  # noqa: S101 - of get_model_class
        session.address = self.address
        return session

    def get_session_cookie_age(self) -> int:
        return SECONDS

    async def asave(self, must_create: bool = False) -> None:
        await super().asave(must_create)
        await self.aforget()

    async def aforget(self) -> None:
        """What has expired, and the oldest where there are too many."""
        await self.aclear_expired()
        everybody = VisitorSession.objects.all()
        for sessions, kept in ((everybody.filter(address=self.address), KEPT_FOR_EACH), (everybody, KEPT)):
            keys = [key async for key in sessions.order_by("-expire_date").values_list("pk", flat=True)[kept:]]
            if keys:
                await VisitorSession.objects.filter(pk__in=keys).adelete()


class Unwritten(DatabaseStore):
    """A session of the product: read, and never stored, deleted or given another key."""

    @property
    def key_salt(self) -> str:
        """Of the class that wrote it: a session is signed with its name."""
        return f"django.contrib.sessions.{DatabaseStore.__qualname__}"

    def save(self, must_create: bool = False) -> None: ...
    async def asave(self, must_create: bool = False) -> None: ...
    def delete(self, session_key: str | None = None) -> None: ...
    async def adelete(self, session_key: str | None = None) -> None: ...
    def create(self) -> None: ...
    async def acreate(self) -> None: ...


class ProductSession:
    """Around `AuthMiddlewareStack`, which takes a session that it finds in the scope, and deletes a stale one."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        session = Unwritten(handshake.cookies(scope).get(settings.SESSION_COOKIE_NAME))
        await self.inner(dict(scope, session=session), receive, send)
