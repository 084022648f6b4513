"""What is true in the business: plain Python without input or output, clock or library."""
