"""Where imported contributions come from, and the batches they came in."""
