"""Words that every room shares: ids, actors, time, chance, refusals. No room may be named here."""
