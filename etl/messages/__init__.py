"""Messages on their way out: channels, what is tried again, and who is told."""
