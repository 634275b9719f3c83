"""The HTTP intake: rows taken, kept, judged, loaded."""
