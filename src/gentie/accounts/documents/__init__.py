"""Checks of a document by a service that answers later, signed. No document comes here."""
