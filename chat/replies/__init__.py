"""Answers to a message of the same room: a part that names it, and a quote of it as it is when it is shown."""
