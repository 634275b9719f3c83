"""What was changed in the state's tables, one file a change."""
