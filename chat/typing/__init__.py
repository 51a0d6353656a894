"""Who is writing just now: a hint to the room, and nothing that is kept."""
