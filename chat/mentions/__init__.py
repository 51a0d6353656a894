"""A name after `@` in a message means that person, who finds it counted beside the room and in their inbox."""
