"""What goods cost a buyer, and why: price lists, then promotions, one policy in one file of `policies`."""
