"""The name of this process, as `hello` tells it."""

import os
import socket

SERVER = f"{socket.gethostname()}-{os.getpid()}"
