"""Access: who somebody is, and what follows from it. Pure; nothing is stored here."""
