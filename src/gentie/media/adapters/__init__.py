"""Object stores, the spool of uploads, and the program that looks inside them."""
