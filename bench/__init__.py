"""How fast the order list and the order detail are, beside the fastest handler one can write by hand. `python -m bench`."""
