"""Going to a room or a person by typing a part of the name."""
