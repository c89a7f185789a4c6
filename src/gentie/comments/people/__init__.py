"""Who wrote to whom: what boundaries and saved evidence are made from."""
