"""What it means and where it is kept: metrics, contracts, rules, and the store."""
