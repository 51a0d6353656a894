"""What one has not read: derived from a marker in each room, and told to every page of a person."""
