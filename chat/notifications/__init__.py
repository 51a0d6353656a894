"""The browser tells of mentions and direct messages, unless one is active in that room on any page or device."""
