"""The long runs: random kills and garbage at full size; the short ones share them."""
