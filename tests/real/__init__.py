"""Real public data: how it is loaded, and what plain pandas says of it."""
