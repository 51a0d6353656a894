"""The failure lab over real servers and a real Redis, on loopback; it kills only what it has started itself."""
