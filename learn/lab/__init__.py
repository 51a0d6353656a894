"""The failure lab: one sentence, a word a message, in two chats at once, and something that breaks."""
