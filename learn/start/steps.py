"""Step 0: an empty project to the first echo. The files are those under `project`, which a test starts as one would."""

from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).parent / "project"
SETTINGS, SHELL = "mysite/settings.py-tpl", "shell.py-tpl"


@dataclass(frozen=True)
class Part:
    """A file of the project, and which of its lines are new: those that Django's own does not have."""

    file: str
    about: str  # new file, changed, replaced
    notes: dict[str, str] = field(default_factory=dict)
    is_whole: bool = True  # all of it is new, so that no line need be marked

    @property
    def name(self) -> str:
        return self.file.removesuffix("-tpl")

    @property
    def lines(self) -> list[str]:
        return (PROJECT / self.file).read_text().splitlines()


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    commands: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    see: str = ""


OLD = {  # lines of a new project that stay
    "mysite/settings.py-tpl": (
        "INSTALLED_APPS = [",
        "    'django.contrib.admin',",
        "    # … the rest as it was",
        "]",
        "",
    ),
    "mysite/asgi.py-tpl": (
        "import os",
        "from django.core.asgi import get_asgi_application",
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')",
        "",
    ),
}

STEPS = (
    Step(
        "Install, and begin a project",
        "Channels brings the consumers. Daphne is a server that speaks WebSocket. Django comes with them.",
        (
            "python -m venv .venv && . .venv/bin/activate",
            'python -m pip install "channels[daphne]"',
            "django-admin startproject mysite . && mkdir -p echo/templates",
        ),
        see="“Successfully installed” and a line of names, among them channels and daphne.",
    ),
    Step(
        "Three settings",
        "daphne stands first, so that its runserver takes the place of Django’s. A channel layer is what consumers "
        "talk to each other by. In memory is enough for one process.",
        parts=(Part(SETTINGS, "changed", is_whole=False),),
    ),
    Step(
        "A consumer",
        "What a view is for a request, a consumer is for a connection: one instance for each, and a method for each "
        "thing that happens.",
        parts=(
            Part(
                "echo/consumers.py-tpl",
                "new file",
                {
                    "await self.accept()": "Until this the handshake is not answered, and the browser waits.",
                    "await self.send(text_data, bytes_data)": "The one of the two that came goes back.",
                },
            ),
        ),
    ),
    Step(
        "A route",
        "asgi.py is to a connection what urls.py is to a request. HTTP still goes to Django. WebSockets get a router.",
        parts=(
            Part(
                "mysite/asgi.py-tpl",
                "changed",
                {
                    "django_application = get_asgi_application()": "This sets Django up. A consumer that imports a "
                    "model before it fails with “Apps aren't loaded yet”.",
                    "'websocket': URLRouter(": "No slash in front, one at the end. The page asks for the same address.",
                },
                is_whole=False,
            ),
        ),
        see="python manage.py check finds no issues.",
    ),
    Step(
        "A page that connects",
        "Fifteen lines of JavaScript and no library: a template, and one line in urls.py that shows it.",
        parts=(
            Part(
                "echo/templates/echo.html",
                "new file",
                {
                    "new WebSocket(": "The same host as the page’s: so it works on your machine, behind TLS and "
                    "behind a proxy.",
                },
            ),
            Part("mysite/urls.py-tpl", "replaced"),
        ),
    ),
    Step(
        "Run it",
        "Then open 127.0.0.1:8000 and say hello.",
        ("python manage.py runserver",),
        see="“Starting ASGI/Daphne” in the server’s first line, and on the page: open, → hello, ← hello. Without the "
        "word Daphne, daphne is not among the installed apps.",
    ),
    Step(
        "Does the layer work?",
        "An event that is sent can be received. Type this into python manage.py shell:",
        parts=(Part(SHELL, "in the shell"),),
        see="The last line answers {'type': 'hello'}.",
    ),
)

TROUBLE = (
    (
        "closed 1006",
        "The server says “No route found for path”: the address differs from the route, perhaps by its last slash.",
    ),
    ("closed 1006", "The server says “Not Found: /ws/echo/”: Django’s own runserver answers. See the settings."),
    ("closed 1006", "The server shows a traceback: an exception in connect. Read its last line."),
    (
        "the server stops",
        "“Apps aren't loaded yet”, from daphne or uvicorn: models are imported before get_asgi_application().",
    ),
)
