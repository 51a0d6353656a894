"""What counts as one client where people are counted by address."""

import ipaddress
from functools import lru_cache

LONGEST = 64  # characters; what a proxy says is remembered, and no address is longer


def network(address: str) -> str:
    """What one client has: an IPv4 address, or the /64 of an IPv6 one."""
    return _network(address[:LONGEST])


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return address
