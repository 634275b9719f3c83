"""Storage: the only code that talks to the databases."""
