"""What is asked of the doctor."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    url: str = ""  # an origin: scheme, host and, unless it is the scheme's own, port
    processes: int = 1
    timeout: float = 10.0  # seconds for each part
    min_free: int = 500  # MiB

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    @property
    def is_local(self) -> bool:
        """Asked from the same machine, so perhaps without the proxy."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def origin(text: str) -> str:
    """The origin of an address.

    Raises:
        ValueError: it is not one such as https://chat.example.com.
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.port == 0:
        raise ValueError(f"{text!r} is not an address such as https://chat.example.com")
    return f"{parts.scheme}://{parts.netloc.lower()}"
