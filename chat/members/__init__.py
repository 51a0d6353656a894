"""Who belongs to a room: rooms are made, joined, left and set up, and people added, removed and blocked."""
