"""The refresh: read the sources, hold them to their contracts, hand them over."""
