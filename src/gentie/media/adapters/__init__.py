"""What media needs of the outside: a program that looks inside files."""
