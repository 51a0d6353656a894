"""The server's half of the wire inspector, with DEBUG alone: when one's own message came how far."""
