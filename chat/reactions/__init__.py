"""Emoji that people put on a message: a part of the message, whose every change takes a number of the room."""
