"""Commands that begin with a slash: /help, /me, /shrug and /topic."""
