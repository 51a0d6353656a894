"""Who is in a room just now: their number and, up to a hundred people, their names."""
