"""What one has not read, and where something was said: derived from the log, and told to every page of a person."""
