"""Imported comments on their way from one thread to another, branch by branch."""
