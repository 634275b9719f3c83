"""What the business decides about service partners."""
