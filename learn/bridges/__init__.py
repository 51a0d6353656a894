"""From group broadcast to the room in four steps: a log, a feed, a writer, a lease."""
