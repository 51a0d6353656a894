"""`@name` in a message means a person: they find it counted beside the room and listed in their inbox."""
