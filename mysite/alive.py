"""`python -m mysite.alive`: ends with 0 if the server beside it answers. For HEALTHCHECK, where there is no curl."""

import os
import sys
from contextlib import closing
from http.client import HTTPConnection


def main(port: int = 8000) -> int:
    # Under a name that is served: whatever else is asked for is refused.
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip("*.")
    with closing(HTTPConnection("127.0.0.1", port, timeout=4)) as connection:
        connection.request("GET", "/healthz", headers={"Host": first or "localhost"})
        return int(connection.getresponse().status != 200)


if __name__ == "__main__":
    sys.exit(main())
